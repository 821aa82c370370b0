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
  var channel = 0
  var bank = 0
  /// Direction of a column command, or kind of row command.
  var isSecond = false
  /// The bound that holds for the other candidates of its scan once it is issued.
  var bound: Int64 = 0
}

extension ChannelController {
  /// The oldest ready candidate of `mask`, whose banks need `command`; the pseudo channel's gate is open.
  @inline(__always)
  private mutating func scan(
    _ mask: UInt64, _ command: EngineCommand, _ channel: Int, _ keys: UnsafeMutablePointer<Int64>, at tick: Int64
  ) -> CandidateScan {
    let bankTimes = timing.bankTimes(command, channel)
    let groupTimes = timing.groupTimes(command, channel)
    let groupOfBank = timing.groupOfBank
    let hasGroups = command.isColumn
    var found = CandidateScan()
    var rest = mask
    while rest != 0 {
      let bank = rest.trailingZeroBitCount
      rest &= rest &- 1
      let ready = hasGroups ? max(bankTimes[bank], groupTimes[groupOfBank[bank]]) : bankTimes[bank]
      // Selections, not branches: which banks are ready is anyone's guess.
      let isReady = ready <= tick
      let key = isReady ? keys[bank] : .max
      found.ready &+= isReady ? 1 : 0
      found.bank = key < found.key ? bank : found.bank
      found.key = min(found.key, key)
      found.later = min(found.later, isReady ? .max : ready)
    }
    return found
  }

  @inline(__always)
  private mutating func rowKeys(_ channel: Int, _ direction: Int) -> UnsafeMutablePointer<Int64> {
    rowKeys + slot(channel, 0, direction)
  }

  @inline(__always)
  private mutating func columnKeys(_ channel: Int, _ direction: Int) -> UnsafeMutablePointer<Int64> {
    columnKeys + slot(channel, 0, direction)
  }

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
    for channel in 0..<pseudoChannels where !isBlocked(channel) {
      let mode = mode(channel)
      let mask = masks[channel &* 2 &+ mode]
      let candidates = mask.column & ~mask.capped
      let command: EngineCommand = mode == 0 ? .RD : .WR
      if candidates == 0 || states[channel].columnReady > tick || timing.gate(command, channel) > tick { continue }
      let found = scan(candidates, command, channel, columnKeys(channel, mode), at: tick)
      states[channel].columnReady = found.ready == 0 ? found.later : tick
      if found.key < choice.key {
        choice = SlotChoice(
          key: found.key, channel: channel, bank: found.bank, isSecond: mode == 1,
          bound: found.ready == 1 ? found.later : tick)
      }
    }
    if choice.key == .max { return }
    states[choice.channel].columnReady = choice.bound
    issueHit(choice.channel, choice.bank, choice.isSecond ? 1 : 0, at: tick)
  }

  @inline(__always)
  private mutating func activeSlot(_ tick: Int64) -> Bool {
    var choice = SlotChoice()
    for channel in 0..<pseudoChannels {
      for direction in 0..<2 {
        let mask = masks + (channel &* 2 &+ direction)
        let command: EngineCommand = direction == 0 ? .RD : .WR
        if mask.pointee.active == 0 || mask.pointee.activeReady > tick || timing.gate(command, channel) > tick {
          continue
        }
        let found = scan(mask.pointee.active, command, channel, activeKeys + slot(channel, 0), at: tick)
        mask.pointee.activeReady = found.ready == 0 ? found.later : tick
        if found.key < choice.key {
          choice = SlotChoice(
            key: found.key, channel: channel, bank: found.bank, isSecond: direction == 1,
            bound: found.ready == 1 ? found.later : tick)
        }
      }
    }
    if choice.key == .max { return false }
    masks[choice.channel &* 2 &+ (choice.isSecond ? 1 : 0)].activeReady = choice.bound
    issueActive(choice.channel, choice.bank, choice.isSecond ? 1 : 0, at: tick)
    return true
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
    for channel in 0..<pseudoChannels where !isBlocked(channel) {
      rowCandidates(channel, tick, &choice)
    }
    if choice.key == .max {
      if rowPolicy == .timeout { closeUnused(tick) }
      return
    }
    if choice.isSecond {
      states[choice.channel].prechargeReady = choice.bound
      issuePrecharge(choice.channel, choice.bank, mode(choice.channel), at: tick)
    } else {
      states[choice.channel].activateReady = choice.bound
      issueActivate(choice.channel, choice.bank, mode(choice.channel), at: tick)
    }
  }

  @inline(__always)
  private mutating func rowCandidates(_ channel: Int, _ tick: Int64, _ choice: inout SlotChoice) {
    let mode = mode(channel)
    let state = states + channel
    let activate = masks[channel &* 2 &+ mode].activate
    if activate != 0 && state.pointee.activateReady <= tick && activateEdge & ~tick == 0
      && timing.gate(.ACT, channel) <= tick
    {
      let found = scan(activate, .ACT, channel, rowKeys(channel, mode), at: tick)
      state.pointee.activateReady = found.ready == 0 ? found.later : tick
      if found.key < choice.key {
        choice = SlotChoice(
          key: found.key, channel: channel, bank: found.bank, isSecond: false,
          bound: found.ready == 1 ? found.later : tick)
      }
    }
    let precharge = prechargeMask(channel, mode)
    if precharge != 0 && state.pointee.prechargeReady <= tick && prechargeEdge & ~tick == 0
      && timing.gate(.PREpb, channel) <= tick
    {
      let found = scan(precharge, .PREpb, channel, rowKeys(channel, mode), at: tick)
      state.pointee.prechargeReady = found.ready == 0 ? found.later : tick
      if found.key < choice.key {
        choice = SlotChoice(
          key: found.key, channel: channel, bank: found.bank, isSecond: true,
          bound: found.ready == 1 ? found.later : tick)
      }
    }
  }
}
