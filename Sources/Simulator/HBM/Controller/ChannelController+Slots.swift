import Architecture

/// What a look at some candidates of one command and pseudo channel found.
struct CandidateScan {
  /// Age and bank of the oldest that is ready, `.max` if none.
  var key = Int64.max
  var bank = 0
  /// How many are ready, and when the first of the others is.
  var ready = 0
  var later = Int64.max
}

/// The command a slot has settled on.
private struct SlotChoice {
  var key = Int64.max
  /// Index of the pseudo channel.
  var channel = 0
  var bank = 0
  /// Direction of a column command, or kind of row command.
  var isSecond = false
  /// The bound that holds for the other candidates of its scan once it is issued.
  var bound: Int64 = 0

  @inline(__always)
  mutating func consider(_ found: CandidateScan, _ channel: Int, isSecond: Bool, at tick: Int64) {
    if found.key >= key { return }
    self = SlotChoice(
      key: found.key, channel: channel, bank: found.bank, isSecond: isSecond,
      bound: found.ready == 1 ? found.later : tick)
  }
}

extension CandidateScan {
  /// Takes a candidate into account. Selections, not branches: which banks are ready is anyone's guess.
  @inline(__always)
  fileprivate mutating func consider(_ bank: Int, ready time: Int64, key: Int64, at tick: Int64) {
    let isReady = time <= tick
    let key = isReady ? key : .max
    ready &+= isReady ? 1 : 0
    self.bank = key < self.key ? bank : self.bank
    self.key = min(self.key, key)
    later = min(later, isReady ? .max : time)
  }

  /// Bound of the first tick at which one of the candidates looked at is ready.
  fileprivate func bound(at tick: Int64) -> Int64 { ready == 0 ? later : tick }
}

extension ChannelController {
  // MARK: Column bus

  /// At most one column command: of an active entry if one is ready, else a hit of the queue served.
  @inline(__always)
  mutating func columnSlot(_ tick: Int64) {
    if activeCount == 0 || !activeSlot(tick) {
      chooseModes()
      if Order.isInOrder { inOrderColumn(tick) } else { hitSlot(tick) }
    }
    columnWake = nextColumnWake()
  }

  @inline(__always)
  private mutating func hitSlot(_ tick: Int64) {
    var choice = SlotChoice()
    for channel in 0..<pseudoChannels {
      let pseudo = pseudos + channel
      if isBlocked(pseudo) { continue }
      let mode = pseudo.pointee.mode
      let candidates = pseudo.pointee.masks[mode].column & ~pseudo.pointee.masks[mode].capped
      if candidates == 0 || pseudo.pointee.columnReady > tick || timing.gate(.column(mode), pseudo) > tick { continue }
      let found = scanHits(candidates, pseudo, mode, at: tick)
      pseudo.pointee.columnReady = found.bound(at: tick)
      choice.consider(found, channel, isSecond: mode == 1, at: tick)
    }
    if choice.key == .max { return }
    let pseudo = pseudos + choice.channel
    pseudo.pointee.columnReady = choice.bound
    issueHit(pseudo, choice.bank, choice.isSecond ? 1 : 0, at: tick)
  }

  @inline(__always)
  private func scanHits(
    _ mask: UInt64, _ pseudo: PseudoChannelPointer, _ direction: Int, at tick: Int64
  ) -> CandidateScan {
    var found = CandidateScan()
    var rest = mask
    while rest != 0 {
      let bank = rest.trailingZeroBitCount
      rest &= rest &- 1
      found.consider(
        bank, ready: timing.bankReady(.column(direction), pseudo, bank),
        key: pseudo.pointee.queue(bank, direction).pointee.columnKey, at: tick)
    }
    return found
  }

  @inline(__always)
  private mutating func activeSlot(_ tick: Int64) -> Bool {
    var choice = SlotChoice()
    for channel in 0..<pseudoChannels {
      let pseudo = pseudos + channel
      for direction in 0..<2 {
        let mask = pseudo.pointee.masks + direction
        if mask.pointee.active == 0 || mask.pointee.activeReady > tick
          || timing.gate(.column(direction), pseudo) > tick
        {
          continue
        }
        let found = scanActive(mask.pointee.active, pseudo, direction, at: tick)
        mask.pointee.activeReady = found.bound(at: tick)
        choice.consider(found, channel, isSecond: direction == 1, at: tick)
      }
    }
    if choice.key == .max { return false }
    let (pseudo, direction) = (pseudos + choice.channel, choice.isSecond ? 1 : 0)
    pseudo.pointee.masks[direction].activeReady = choice.bound
    issueActive(pseudo, choice.bank, direction, at: tick)
    return true
  }

  @inline(__always)
  private func scanActive(
    _ mask: UInt64, _ pseudo: PseudoChannelPointer, _ direction: Int, at tick: Int64
  ) -> CandidateScan {
    var found = CandidateScan()
    var rest = mask
    while rest != 0 {
      let bank = rest.trailingZeroBitCount
      rest &= rest &- 1
      found.consider(
        bank, ready: timing.bankReady(.column(direction), pseudo, bank), key: pseudo.pointee.banks[bank].activeKey,
        at: tick)
    }
    return found
  }

  // MARK: Row bus

  /// At most one row command: of the maintenance that waits, else ACT or PRE for the oldest ready request of the queue served.
  @inline(__always)
  mutating func rowSlot(_ tick: Int64) {
    if maintenance.isEmpty || !maintenanceSlot(tick) {
      chooseModes()
      if Order.isInOrder { inOrderRow(tick) } else { requestSlot(tick) }
    }
    rowWake = nextRowWake()
  }

  @inline(__always)
  private mutating func requestSlot(_ tick: Int64) {
    var choice = SlotChoice()
    for channel in 0..<pseudoChannels {
      let pseudo = pseudos + channel
      if !isBlocked(pseudo) { rowCandidates(pseudo, channel, tick, &choice) }
    }
    if choice.key == .max {
      if rowPolicy == .timeout { closeUnused(tick) }
      return
    }
    let pseudo = pseudos + choice.channel
    if choice.isSecond {
      pseudo.pointee.prechargeReady = choice.bound
      issuePrecharge(pseudo, choice.bank, pseudo.pointee.mode, at: tick)
    } else {
      pseudo.pointee.activateReady = choice.bound
      issueActivate(pseudo, choice.bank, pseudo.pointee.mode, at: tick)
    }
  }

  @inline(__always)
  private func rowCandidates(_ pseudo: PseudoChannelPointer, _ channel: Int, _ tick: Int64, _ choice: inout SlotChoice)
  {
    let activate = pseudo.pointee.masks[pseudo.pointee.mode].activate
    if activate != 0 && pseudo.pointee.activateReady <= tick && edges.activate & ~tick == 0
      && timing.gate(.ACT, pseudo) <= tick
    {
      let found = scanRows(activate, .ACT, pseudo, at: tick)
      pseudo.pointee.activateReady = found.bound(at: tick)
      choice.consider(found, channel, isSecond: false, at: tick)
    }
    let precharge = pseudo.pointee.closable
    if precharge != 0 && pseudo.pointee.prechargeReady <= tick && edges.precharge & ~tick == 0
      && timing.gate(.PREpb, pseudo) <= tick
    {
      let found = scanRows(precharge, .PREpb, pseudo, at: tick)
      pseudo.pointee.prechargeReady = found.bound(at: tick)
      choice.consider(found, channel, isSecond: true, at: tick)
    }
  }

  @inline(__always)
  private func scanRows(
    _ mask: UInt64, _ command: EngineCommand, _ pseudo: PseudoChannelPointer, at tick: Int64
  ) -> CandidateScan {
    let mode = pseudo.pointee.mode
    var found = CandidateScan()
    var rest = mask
    while rest != 0 {
      let bank = rest.trailingZeroBitCount
      rest &= rest &- 1
      found.consider(
        bank, ready: pseudo.pointee.times.bank(command, bank), key: pseudo.pointee.queue(bank, mode).pointee.rowKey,
        at: tick)
    }
    return found
  }
}
