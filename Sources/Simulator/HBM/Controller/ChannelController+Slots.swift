import Architecture

/// An active entry that may be served; `key` is `.max` if there is none.
private struct ActiveChoice {
  var key = Int64.max
  private var place = 0

  /// Index of the pseudo channel.
  var channel: Int { @inline(__always) get { place &>> 7 } }
  var bank: Int { @inline(__always) get { place &>> 1 & 63 } }
  var direction: Int { @inline(__always) get { place & 1 } }

  /// Keeps the one that comes first.
  @inline(__always)
  mutating func consider(_ found: (key: Int64, bank: Int), _ channel: Int, _ direction: Int) {
    let other = channel &<< 7 | found.bank &<< 1 | direction
    place = found.key < key ? other : place
    key = min(key, found.key)
  }
}

extension ChannelController {
  // MARK: Column bus

  /// At most one column command: of an active entry if one is ready, else a hit of the queue served.
  @inline(__always)
  mutating func columnSlot(_ tick: Int64) {
    ripenColumns(tick)
    if activeCount == 0 || !activeSlot(tick) {
      if isTurnPending {
        turn()
        rowWake = tick
      }
      if Order.isInOrder { inOrderColumn(tick) } else { hitSlot(tick) }
    }
    columnWake = nextColumnWake()
  }

  @inline(__always)
  private mutating func activeSlot(_ tick: Int64) -> Bool {
    var choice = ActiveChoice()
    for channel in 0..<pseudoChannels {
      considerActive(channel, 0, at: tick, &choice)
      considerActive(channel, 1, at: tick, &choice)
    }
    if choice.key == .max { return false }
    issueActive(pseudos + choice.channel, choice.bank, choice.direction, at: tick)
    return true
  }

  @inline(__always)
  private mutating func considerActive(
    _ channel: Int, _ direction: Int, at tick: Int64, _ choice: inout ActiveChoice
  ) {
    let pseudo = pseudos + channel
    let candidates = pseudo.ripeActives(direction)
    if candidates == 0 || timing.columnGate(direction, pseudo) > tick { return }
    choice.consider(oldestActive(pseudo, candidates, direction, at: tick), channel, direction)
  }

  /// Of some banks with an active entry that is ready for its column command the first in the order of active entries; `key` is
  /// `.max` if none is.
  @inline(__always)
  private mutating func oldestActive(
    _ pseudo: PseudoChannelPointer, _ candidates: UInt64, _ direction: Int, at tick: Int64
  ) -> (key: Int64, bank: Int) {
    var rest = candidates
    while rest != 0 {
      let found = pseudo.firstActive(rest)
      if isColumnReady(pseudo, found.bank, direction, at: tick) { return found }
      rest &= ~(bankBit(found.bank))
    }
    return (.max, 0)
  }

  /// Whether the bank, having been ripe, still is; else it waits again.
  @inline(__always)
  private mutating func isColumnReady(
    _ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, at tick: Int64
  ) -> Bool {
    let ready = pseudo.columnReady(direction, bank)
    if ready <= tick { return true }
    pseudo.masks[direction].ripe &= ~(bankBit(bank))
    columnWheel.insert(pseudo.pointee.index, bank, at: ready, now: tick)
    return false
  }

  @inline(__always)
  private mutating func hitSlot(_ tick: Int64) {
    var (index, pair) = (Int32(-1), 0)
    repeat {
      index = older(index, oldestHit(pairs + pair, at: tick))
      pair &+= 1
    } while pair < pairCount
    if index < 0 { return }
    let pseudo = pseudos + Int(entries[Int(index)].pseudoChannel)
    issueHit(pseudo, Int(entries[Int(index)].bank), pseudo.pointee.mode, at: tick)
  }

  /// The oldest ready hit of the queue that the pair serves; -1: none.
  @inline(__always)
  private mutating func oldestHit(_ pair: UnsafeMutablePointer<QueuePair>, at tick: Int64) -> Int32 {
    let line = pair.pointee.lines + pair.pointee.mode
    var word = 0
    while word < words {
      var ready: UInt64 = 0
      for channel in 0..<channelsPerPair {
        let pseudo = pseudo(channel, of: pair)
        let hits =
          pseudo.pointee.ready.hits.words[word] & opening(timing.columnGate(pair.pointee.mode, pseudo), at: tick)
        ready |= isBlocked(pseudo) ? 0 : hits
      }
      while ready != 0 {
        let place = word &<< 6 | ready.trailingZeroBitCount
        let index = line.pointee.entry(at: place)
        let pseudo = pseudos + Int(entries[Int(index)].pseudoChannel)
        if isColumnReady(pseudo, Int(entries[Int(index)].bank), pair.pointee.mode, at: tick) { return index }
        pseudo.pointee.ready.hits.remove(Int32(truncatingIfNeeded: place))
        ready &= ready &- 1
      }
      word &+= 1
    }
    return -1
  }

  @inline(__always)
  private func pseudo(_ index: Int, of pair: UnsafeMutablePointer<QueuePair>) -> PseudoChannelPointer {
    pseudos + (pairCount == 1 ? index : pair.pointee.firstChannel + index)
  }

  /// The older of two requests, each -1 for none.
  @inline(__always)
  private func older(_ first: Int32, _ second: Int32) -> Int32 {
    if first < 0 || second < 0 { return max(first, second) }
    return details.ages[Int(first)] < details.ages[Int(second)] ? first : second
  }

  // MARK: Row bus

  /// At most one row command: of the maintenance that waits, else ACT or PRE for the oldest ready request of the queue served.
  @inline(__always)
  mutating func rowSlot(_ tick: Int64) {
    if maintenance.isEmpty || !maintenanceSlot(tick) {
      if isTurnPending {
        turn()
        columnWake = nextColumnWake()
      }
      if Order.isInOrder { inOrderRow(tick) } else { requestSlot(tick) }
    }
    rowWake = nextRowWake()
  }

  @inline(__always)
  private mutating func requestSlot(_ tick: Int64) {
    ripenRows(tick)
    var (index, pair) = (Int32(-1), 0)
    repeat {
      index = older(index, oldestRow(pairs + pair, at: tick))
      pair &+= 1
    } while pair < pairCount
    if index < 0 {
      if rowPolicy == .timeout { closeUnused(tick) }
      return
    }
    let (pseudo, bank) = (pseudos + Int(entries[Int(index)].pseudoChannel), Int(entries[Int(index)].bank))
    if pseudo.pointee.open & bankBit(bank) != 0 {
      issuePrecharge(pseudo, bank, pseudo.pointee.mode, at: tick)
    } else {
      issueActivate(pseudo, bank, pseudo.pointee.mode, at: tick)
    }
  }

  /// The oldest request of the queue that the pair serves whose ACT or PRE is ready; -1: none.
  @inline(__always)
  private mutating func oldestRow(_ pair: UnsafeMutablePointer<QueuePair>, at tick: Int64) -> Int32 {
    let line = pair.pointee.lines + pair.pointee.mode
    var word = 0
    while word < words {
      var ready: UInt64 = 0
      for channel in 0..<channelsPerPair {
        ready |= rowRequests(pseudo(channel, of: pair), word, at: tick)
      }
      while ready != 0 {
        let place = word &<< 6 | ready.trailingZeroBitCount
        let index = line.pointee.entry(at: place)
        if isRowReady(index, at: tick) { return index }
        ready &= ready &- 1
      }
      word &+= 1
    }
    return -1
  }

  /// A word of those whose bank was ripe for ACT or PRE when last looked at, as far as the gates are open.
  @inline(__always)
  private func rowRequests(_ pseudo: PseudoChannelPointer, _ word: Int, at tick: Int64) -> UInt64 {
    let ready = pseudo.pointee.ready
    let activates = ready.activates.words[word] & opening(timing.gate(.ACT, pseudo), at: tick)
    let precharges = ready.precharges.words[word] & opening(timing.gate(.PREpb, pseudo), at: tick)
    let requests =
      activates & (edges.activate & ~tick == 0 ? .max : 0) | precharges & (edges.precharge & ~tick == 0 ? .max : 0)
    return isBlocked(pseudo) ? 0 : requests
  }

  /// All ones if the gate is open, else 0. The shift is one less than usual, so that no optimiser makes a branch of it: which gates
  /// are open is anyone's guess.
  @inline(__always)
  func opening(_ gate: Int64, at tick: Int64) -> UInt64 { ~UInt64(bitPattern: (tick &- gate) &>> 62) }

  /// Whether the request's bank, having been ripe, still is; else it waits again.
  @inline(__always)
  private mutating func isRowReady(_ index: Int32, at tick: Int64) -> Bool {
    let entry = entries + Int(index)
    let (pseudo, bank) = (pseudos + Int(entry.pointee.pseudoChannel), Int(entry.pointee.bank))
    let ready = pseudo.rowReady(bank)
    if ready <= tick { return true }
    pseudo.pointee.ripe &= ~(bankBit(bank))
    pseudo.pointee.ready.precharges.remove(entry.pointee.place)
    pseudo.pointee.ready.activates.remove(entry.pointee.place)
    rowWheel.insert(pseudo.pointee.index, bank, at: ready, now: tick)
    return false
  }
}
