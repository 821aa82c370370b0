import Architecture

/// The oldest of some candidates; `key` is `.max` if there is none.
private struct SlotChoice {
  var key = Int64.max
  private var place = 0

  /// Index of the pseudo channel.
  var channel: Int { @inline(__always) get { place &>> 7 } }
  var bank: Int { @inline(__always) get { place &>> 1 & 63 } }
  /// Direction of a column command, or kind of row command: 1 for writes, for PRE.
  var kind: Int { @inline(__always) get { place & 1 } }

  @inline(__always)
  mutating func consider(_ found: (key: Int64, bank: Int), _ channel: Int, kind: Int) {
    let other = channel &<< 7 | found.bank &<< 1 | kind
    place = found.key < key ? other : place
    key = min(key, found.key)
  }
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
  private mutating func activeSlot(_ tick: Int64) -> Bool {
    var choice = SlotChoice()
    for channel in 0..<pseudoChannels {
      let pseudo = pseudos + channel
      for direction in 0..<2 {
        let mask = pseudo.pointee.masks + direction
        let ready = max(timing.gate(.column(direction), pseudo), pseudo.bound(.column(direction), mask.pointee.active))
        if ready > tick { continue }
        let found = pseudo.oldestActive(mask.pointee.active, direction, at: tick)
        choice.consider(found, channel, kind: direction)
      }
    }
    if choice.key == .max { return false }
    issueActive(pseudos + choice.channel, choice.bank, choice.kind, at: tick)
    return true
  }

  @inline(__always)
  private mutating func hitSlot(_ tick: Int64) {
    var choice = SlotChoice()
    for channel in 0..<pseudoChannels {
      let pseudo = pseudos + channel
      if isBlocked(pseudo) { continue }
      let mode = pseudo.pointee.mode
      let mask = pseudo.pointee.masks + mode
      let hits = mask.pointee.column & ~mask.pointee.capped
      if max(timing.gate(.column(mode), pseudo), pseudo.bound(.column(mode), hits)) > tick { continue }
      let found = pseudo.oldestHit(hits, mode, at: tick)
      choice.consider(found, channel, kind: mode)
    }
    if choice.key == .max { return }
    issueHit(pseudos + choice.channel, choice.bank, choice.kind, at: tick)
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
      if isBlocked(pseudo) { continue }
      if pseudo.readiness(.ACT).pointee.tick <= tick && edges.activate & ~tick == 0 && timing.gate(.ACT, pseudo) <= tick
      {
        let activate = pseudo.pointee.masks[pseudo.pointee.mode].activate
        choice.consider(pseudo.oldestRow(activate, .ACT, at: tick), channel, kind: 0)
      }
      if pseudo.readiness(.PREpb).pointee.tick <= tick && edges.precharge & ~tick == 0
        && timing.gate(.PREpb, pseudo) <= tick
      {
        choice.consider(pseudo.oldestRow(pseudo.pointee.closable, .PREpb, at: tick), channel, kind: 1)
      }
    }
    if choice.key == .max {
      if rowPolicy == .timeout { closeUnused(tick) }
      return
    }
    let pseudo = pseudos + choice.channel
    if choice.kind == 1 {
      issuePrecharge(pseudo, choice.bank, pseudo.pointee.mode, at: tick)
    } else {
      issueActivate(pseudo, choice.bank, pseudo.pointee.mode, at: tick)
    }
  }
}
