import Architecture

/// Requests in a bank's lists, and which of them are candidates.
extension ChannelController {
  /// Puts an entry at the end of its bank's list.
  @inline(__always)
  mutating func link(_ index: Int32, _ channel: Int, _ bank: Int, _ direction: Int) {
    let queue = bankQueue(channel, bank, direction)
    let entry = entries + Int(index)
    entry.pointee.next = -1
    entry.pointee.previous = queue.pointee.tail
    if queue.pointee.tail < 0 {
      queue.pointee.head = index
    } else {
      entries[Int(queue.pointee.tail)].next = index
    }
    queue.pointee.tail = index
    place(index, channel, bank, direction)
  }

  /// Makes a new entry its bank's candidate if it is the first of its kind.
  @inline(__always)
  private mutating func place(_ index: Int32, _ channel: Int, _ bank: Int, _ direction: Int) {
    let queue = bankQueue(channel, bank, direction)
    let entry = entries + Int(index)
    let openRow = bankState(channel, bank).pointee.openRow
    if openRow < 0 {
      if queue.pointee.head != index { return }
      masks[channel &* 2 &+ direction].activate |= 1 << UInt64(bank)
      rowKeys[slot(channel, bank, direction)] = entry.pointee.key
      if direction == mode(channel) {
        expectActivate(channel, bank)
      }
    } else if openRow == entry.pointee.row {
      if queue.pointee.hit >= 0 { return }
      queue.pointee.hit = index
      noteHit(channel, bank, direction)
    } else {
      if queue.pointee.miss >= 0 { return }
      queue.pointee.miss = index
      noteMiss(channel, bank, direction)
      allowPrecharge(channel, bank, direction)
    }
  }

  /// Takes an entry out of its bank's list; `hit` and `miss` are looked after by the caller, but for the head's miss.
  @inline(__always)
  mutating func unlink(_ index: Int32, _ channel: Int, _ bank: Int, _ direction: Int) {
    let queue = bankQueue(channel, bank, direction)
    let (previous, next) = (entries[Int(index)].previous, entries[Int(index)].next)
    if previous < 0 { queue.pointee.head = next } else { entries[Int(previous)].next = next }
    if next < 0 { queue.pointee.tail = previous } else { entries[Int(next)].previous = previous }
  }

  @inline(__always)
  mutating func firstHit(from index: Int32, row: Int32) -> Int32 {
    var index = index
    while index >= 0 && entries[Int(index)].row != row { index = entries[Int(index)].next }
    return index
  }

  @inline(__always)
  mutating func firstMiss(from index: Int32, row: Int32) -> Int32 {
    var index = index
    while index >= 0 && entries[Int(index)].row == row { index = entries[Int(index)].next }
    return index
  }

  /// Takes the bank's oldest hit into account, or that there is none.
  @inline(__always)
  mutating func noteHit(_ channel: Int, _ bank: Int, _ direction: Int) {
    let bit: UInt64 = 1 << UInt64(bank)
    let hit = bankQueue(channel, bank, direction).pointee.hit
    let mask = masks + (channel &* 2 &+ direction)
    if hit < 0 {
      mask.pointee.column &= ~bit
      return
    }
    mask.pointee.column |= bit
    columnKeys[slot(channel, bank, direction)] = entries[Int(hit)].key
    if direction == mode(channel) {
      expectColumn(channel, bank, direction)
    }
    weigh(channel, bank, direction)
  }

  /// Takes the bank's oldest miss into account, or that there is none.
  @inline(__always)
  mutating func noteMiss(_ channel: Int, _ bank: Int, _ direction: Int) {
    let bit: UInt64 = 1 << UInt64(bank)
    let miss = bankQueue(channel, bank, direction).pointee.miss
    let mask = masks + (channel &* 2 &+ direction)
    if miss < 0 {
      mask.pointee.precharge &= ~bit
      return
    }
    mask.pointee.precharge |= bit
    rowKeys[slot(channel, bank, direction)] = entries[Int(miss)].key
    weigh(channel, bank, direction)
  }

  /// A column command may have freed the bank's row to be closed: it was its active entry's, or the last protecting hit's.
  @inline(__always)
  mutating func weighAfterColumn(_ channel: Int, _ bank: Int) {
    let mask = masks + channel &* 2
    if (mask[0].precharge | mask[1].precharge) & 1 << UInt64(bank) == 0 { return }
    weigh(channel, bank, 0)
    weigh(channel, bank, 1)
    allowPrecharge(channel, bank, mode(channel))
  }

  /// The bank may have become a candidate for PRE.
  @inline(__always)
  private mutating func allowPrecharge(_ channel: Int, _ bank: Int, _ direction: Int) {
    if direction == mode(channel) && prechargeMask(channel, direction) & 1 << UInt64(bank) != 0 {
      let ready = timing.bankReady(.PREpb, channel, bank)
      states[channel].prechargeReady = min(states[channel].prechargeReady, ready)
      rowWake = min(rowWake, max(timing.gate(.PREpb, channel), ready) | prechargeEdge)
    }
  }

  /// The bank has become a candidate for ACT in the direction served.
  @inline(__always)
  mutating func expectActivate(_ channel: Int, _ bank: Int) {
    let ready = timing.bankReady(.ACT, channel, bank)
    states[channel].activateReady = min(states[channel].activateReady, ready)
    rowWake = min(rowWake, max(timing.gate(.ACT, channel), ready) | activateEdge)
  }

  /// The bank has a hit of the direction served.
  @inline(__always)
  private mutating func expectColumn(_ channel: Int, _ bank: Int, _ direction: Int) {
    let command: EngineCommand = direction == 0 ? .RD : .WR
    let ready = timing.bankReady(command, channel, bank)
    states[channel].columnReady = min(states[channel].columnReady, ready)
    columnWake = min(columnWake, max(timing.gate(command, channel), ready) | columnEdge)
  }

  /// Whether the bank's hits protect its row, or have had their share.
  @inline(__always)
  private mutating func weigh(_ channel: Int, _ bank: Int, _ direction: Int) {
    if rules.weighsHits { weighHits(channel, bank, direction) }
  }

  @inline(never)
  private mutating func weighHits(_ channel: Int, _ bank: Int, _ direction: Int) {
    let bit: UInt64 = 1 << UInt64(bank)
    let queue = bankQueue(channel, bank, direction).pointee
    let mask = masks + (channel &* 2 &+ direction)
    mask.pointee.held &= ~bit
    let wasCapped = mask.pointee.capped & bit != 0
    mask.pointee.capped &= ~bit
    if queue.hit >= 0 && queue.miss >= 0 {
      let (hit, miss) = (entries[Int(queue.hit)], entries[Int(queue.miss)])
      if spec.rowHitCap > 0 && bankState(channel, bank).pointee.accesses >= Int32(spec.rowHitCap) && miss.key < hit.key
      {
        mask.pointee.capped |= bit
        return
      }
      if rules.protection == .olderHits && hit.arrived <= miss.arrived {
        mask.pointee.held |= bit
      }
    }
    if wasCapped && queue.hit >= 0 && direction == mode(channel) {
      expectColumn(channel, bank, direction)
    }
  }
}
