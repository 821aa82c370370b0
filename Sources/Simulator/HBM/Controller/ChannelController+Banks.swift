import Architecture

/// Requests in a bank's lists, and which of them are candidates.
extension ChannelController {
  /// Puts an entry at the end of its bank's list.
  @inline(__always)
  mutating func link(_ index: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let queue = pseudo.pointee.queue(bank, direction)
    let entry = entries + Int(index)
    entry.pointee.next = -1
    entry.pointee.previous = queue.pointee.tail
    if queue.pointee.tail < 0 {
      queue.pointee.head = index
      pseudo.pointee.masks[direction].waiting |= 1 << UInt64(bank)
    } else {
      entries[Int(queue.pointee.tail)].next = index
    }
    queue.pointee.tail = index
    place(index, pseudo, bank, direction)
  }

  /// Makes a new entry its bank's candidate if it is the first of its kind.
  @inline(__always)
  private mutating func place(_ index: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let queue = pseudo.pointee.queue(bank, direction)
    let entry = entries + Int(index)
    let openRow = pseudo.pointee.banks[bank].openRow
    if openRow < 0 {
      if queue.pointee.head != index { return }
      awaitActivate(pseudo, bank, direction)
      if direction == pseudo.pointee.mode { expectRow(.ACT, pseudo, pseudo.pointee.activateRipeness, bank) }
    } else if openRow == entry.pointee.row {
      if queue.pointee.hit >= 0 { return }
      queue.pointee.hit = index
      awaitColumn(pseudo, bank, direction)
    } else {
      if queue.pointee.miss >= 0 { return }
      queue.pointee.miss = index
      awaitPrecharge(pseudo, bank, direction)
      expectPrecharge(pseudo, bank, direction)
    }
  }

  /// Takes an entry out of its bank's list; `hit` and `miss` are looked after by the caller.
  @inline(__always)
  func unlink(_ index: Int32, _ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let queue = pseudo.pointee.queue(bank, direction)
    let (previous, next) = (entries[Int(index)].previous, entries[Int(index)].next)
    if previous < 0 { queue.pointee.head = next } else { entries[Int(previous)].next = next }
    if next < 0 { queue.pointee.tail = previous } else { entries[Int(next)].previous = previous }
    if previous & next < 0 { pseudo.pointee.masks[direction].waiting &= ~(1 << UInt64(bank)) }
  }

  @inline(__always)
  func firstHit(from index: Int32, row: Int32) -> Int32 {
    var index = index
    while index >= 0 && entries[Int(index)].row != row { index = entries[Int(index)].next }
    return index
  }

  @inline(__always)
  func firstMiss(from index: Int32, row: Int32) -> Int32 {
    var index = index
    while index >= 0 && entries[Int(index)].row == row { index = entries[Int(index)].next }
    return index
  }

  // MARK: Candidates

  /// The closed bank has requests.
  @inline(__always)
  mutating func awaitActivate(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let bit: UInt64 = 1 << UInt64(bank)
    let queue = pseudo.pointee.queue(bank, direction)
    pseudo.pointee.masks[direction].activate |= bit
    queue.pointee.rowKey = entries[Int(queue.pointee.head)].key
    if pseudo.pointee.activateRipeness.banks & bit == 0 {
      pseudo.pointee.activateRipeness.wait(bank, until: pseudo.ready(.ACT, bank))
    }
  }

  /// The bank has a request to another row than the open one.
  @inline(__always)
  mutating func awaitPrecharge(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let bit: UInt64 = 1 << UInt64(bank)
    let queue = pseudo.pointee.queue(bank, direction)
    pseudo.pointee.masks[direction].precharge |= bit
    queue.pointee.rowKey = entries[Int(queue.pointee.miss)].key
    if pseudo.pointee.prechargeRipeness.banks & bit == 0 {
      pseudo.pointee.prechargeRipeness.wait(bank, until: pseudo.ready(.PREpb, bank))
    }
    if rules.weighsHits { weighHits(pseudo, bank, direction) }
  }

  /// The bank has a hit where it had none.
  @inline(__always)
  mutating func awaitColumn(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let bit: UInt64 = 1 << UInt64(bank)
    let queue = pseudo.pointee.queue(bank, direction)
    let mask = pseudo.pointee.masks + direction
    mask.pointee.column |= bit
    queue.pointee.columnKey = entries[Int(queue.pointee.hit)].key
    ripenLater(pseudo, bank, direction)
    if direction == pseudo.pointee.mode { expectColumn(pseudo, bank, direction) }
    if rules.weighsHits { weighHits(pseudo, bank, direction) }
  }

  /// Takes the bank's next hit into account, or that there is none.
  @inline(__always)
  mutating func noteNextHit(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let queue = pseudo.pointee.queue(bank, direction)
    if queue.pointee.hit < 0 {
      pseudo.pointee.masks[direction].column &= ~(1 << UInt64(bank))
      return
    }
    queue.pointee.columnKey = entries[Int(queue.pointee.hit)].key
    if rules.weighsHits { weighHits(pseudo, bank, direction) }
  }

  /// The bank has become a candidate for the direction's column command.
  @inline(__always)
  mutating func ripenLater(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let mask = pseudo.pointee.masks + direction
    if mask.pointee.ripeness.banks & 1 << UInt64(bank) != 0 { return }
    mask.pointee.ripeness.wait(bank, until: pseudo.ready(.column(direction), bank))
  }

  /// A column command may have freed the bank's row to be closed: it was its active entry's, or the last protecting hit's.
  @inline(__always)
  mutating func weighAfterColumn(_ pseudo: PseudoChannelPointer, _ bank: Int) {
    let masks = pseudo.pointee.masks
    if (masks[0].precharge | masks[1].precharge) & 1 << UInt64(bank) == 0 { return }
    if rules.weighsHits {
      weighHits(pseudo, bank, 0)
      weighHits(pseudo, bank, 1)
    }
    expectPrecharge(pseudo, bank, pseudo.pointee.mode)
  }

  // MARK: Waking for candidates

  /// The bank may have become a candidate for PRE.
  @inline(__always)
  private mutating func expectPrecharge(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    if direction == pseudo.pointee.mode && pseudo.pointee.closable & 1 << UInt64(bank) != 0 {
      expectRow(.PREpb, pseudo, pseudo.pointee.prechargeRipeness, bank)
    }
  }

  @inline(__always)
  private mutating func expectRow(
    _ command: EngineCommand, _ pseudo: PseudoChannelPointer, _ ripeness: Ripeness, _ bank: Int
  ) {
    let ready = max(timing.gate(command, pseudo), ripeness.bound(1 << UInt64(bank)))
    rowWake = min(rowWake, ready | edges[command])
  }

  /// The bank has a hit or an active entry that may be served.
  @inline(__always)
  mutating func expectColumn(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let ready = pseudo.pointee.masks[direction].ripeness.bound(1 << UInt64(bank))
    columnWake = min(columnWake, max(timing.gate(.column(direction), pseudo), ready) | edges.column)
  }

  /// Whether the bank's hits protect its row, or have had their share.
  @inline(never)
  private mutating func weighHits(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let bit: UInt64 = 1 << UInt64(bank)
    let queue = pseudo.pointee.queue(bank, direction).pointee
    let mask = pseudo.pointee.masks + direction
    mask.pointee.held &= ~bit
    let wasCapped = mask.pointee.capped & bit != 0
    mask.pointee.capped &= ~bit
    if queue.hit >= 0 && queue.miss >= 0 {
      let (hit, miss) = (entries[Int(queue.hit)], entries[Int(queue.miss)])
      let accesses = pseudo.pointee.banks[bank].accesses
      if spec.rowHitCap > 0 && accesses >= Int32(spec.rowHitCap) && miss.key < hit.key {
        mask.pointee.capped |= bit
        return
      }
      if rules.protection == .olderHits && hit.arrived <= miss.arrived { mask.pointee.held |= bit }
    }
    if wasCapped && queue.hit >= 0 && direction == pseudo.pointee.mode { expectColumn(pseudo, bank, direction) }
  }
}
