import Architecture

/// The oldest of some candidates; `key` is `.max` if there is none.
private struct SlotChoice {
  var key = Int64.max
  /// Index of the pseudo channel.
  var channel = 0
  var bank = 0
  /// Direction of a column command, or kind of row command.
  var isSecond = false

  @inline(__always)
  mutating func consider(_ found: (key: Int64, bank: Int), _ channel: Int, isSecond: Bool) {
    if found.key < key { self = SlotChoice(key: found.key, channel: channel, bank: found.bank, isSecond: isSecond) }
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
        if mask.pointee.active == 0 || timing.gate(.column(direction), pseudo) > tick { continue }
        let found = pseudo.oldest(mask.pointee.active, .column(direction), by: .active, direction, &mask.pointee.ripeness, at: tick)
        choice.consider(found, channel, isSecond: direction == 1)
      }
    }
    if choice.key == .max { return false }
    issueActive(pseudos + choice.channel, choice.bank, choice.isSecond ? 1 : 0, at: tick)
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
      if hits == 0 || timing.gate(.column(mode), pseudo) > tick { continue }
      let found = pseudo.oldest(hits, .column(mode), by: .hit, mode, &mask.pointee.ripeness, at: tick)
      choice.consider(found, channel, isSecond: mode == 1)
    }
    if choice.key == .max { return }
    issueHit(pseudos + choice.channel, choice.bank, choice.isSecond ? 1 : 0, at: tick)
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
      let mode = pseudo.pointee.mode
      let activate = pseudo.pointee.masks[mode].activate
      if activate != 0 && edges.activate & ~tick == 0 && timing.gate(.ACT, pseudo) <= tick {
        let found = pseudo.oldest(
          activate, .ACT, by: .row, mode, &pseudo.pointee.activateRipeness, at: tick)
        choice.consider(found, channel, isSecond: false)
      }
      let closable = pseudo.pointee.closable
      if closable != 0 && edges.precharge & ~tick == 0 && timing.gate(.PREpb, pseudo) <= tick {
        let found = pseudo.oldest(
          closable, .PREpb, by: .row, mode, &pseudo.pointee.prechargeRipeness, at: tick)
        choice.consider(found, channel, isSecond: true)
      }
    }
    if choice.key == .max {
      if rowPolicy == .timeout { closeUnused(tick) }
      return
    }
    let pseudo = pseudos + choice.channel
    if choice.isSecond {
      issuePrecharge(pseudo, choice.bank, pseudo.pointee.mode, at: tick)
    } else {
      issueActivate(pseudo, choice.bank, pseudo.pointee.mode, at: tick)
    }
  }
}
