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
      pseudo.masks[direction].waiting |= bankBit(bank)
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
      if direction == pseudo.pointee.mode { expectActivate(pseudo, bank) }
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
    if previous & next < 0 { pseudo.masks[direction].waiting &= ~(bankBit(bank)) }
    pseudo.pointee.pair.pointee.lines[direction].remove(entries[Int(index)].place)
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
    pseudo.masks[direction].activate |= bankBit(bank)
    awaitRow(pseudo, bank)
  }

  /// The bank has a request to another row than the open one.
  @inline(__always)
  mutating func awaitPrecharge(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    pseudo.masks[direction].precharge |= bankBit(bank)
    awaitRow(pseudo, bank)
    if weighsHits { weighHits(pseudo, bank, direction) }
  }

  /// The bank has a hit where it had none.
  @inline(__always)
  mutating func awaitColumn(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    pseudo.masks[direction].column |= bankBit(bank)
    awaitColumnTick(pseudo, bank, direction)
    if direction == pseudo.pointee.mode { expectColumn(pseudo, bank, direction) }
    if weighsHits { weighHits(pseudo, bank, direction) }
  }

  /// Takes the bank's next hit into account, or that there is none.
  @inline(__always)
  mutating func noteNextHit(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let queue = pseudo.pointee.queue(bank, direction)
    if queue.pointee.hit < 0 {
      pseudo.masks[direction].column &= ~(bankBit(bank))
      return
    }
    if direction == pseudo.pointee.mode { pseudo.reofferHit(bank) }
    if weighsHits { weighHits(pseudo, bank, direction) }
  }

  /// A column command may have freed the bank's row to be closed: it was its active entry's, or the last protecting hit's.
  @inline(__always)
  mutating func weighAfterColumn(_ pseudo: PseudoChannelPointer, _ bank: Int) {
    let masks = pseudo.masks
    if (masks[0].precharge | masks[1].precharge) & bankBit(bank) == 0 { return }
    if weighsHits {
      weighHits(pseudo, bank, 0)
      weighHits(pseudo, bank, 1)
    }
    pseudo.reofferRow(bank)
    expectPrecharge(pseudo, bank, pseudo.pointee.mode)
  }

  // MARK: Looking at banks when their tick comes

  /// The bank has come to need a row command.
  @inline(__always)
  private mutating func awaitRow(_ pseudo: PseudoChannelPointer, _ bank: Int) {
    if pseudo.pointee.ripe & bankBit(bank) != 0 {
      pseudo.offerRow(bank)
    } else {
      rowWheel.insert(pseudo.pointee.index, bank, at: pseudo.rowReady(bank), now: clock)
    }
  }

  /// The bank has come to need a column command.
  @inline(__always)
  mutating func awaitColumnTick(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    if pseudo.masks[direction].ripe & bankBit(bank) == 0 {
      let ready = pseudo.columnReady(direction, bank)
      columnWheel.insert(pseudo.pointee.index, bank, at: ready, now: clock)
    } else if direction == pseudo.pointee.mode {
      pseudo.offerHit(bank)
    }
  }

  /// Looks at the banks whose tick for a row command has come.
  @inline(__always)
  mutating func ripenRows(_ tick: Int64) {
    if rowWheel.next > tick { return }
    let due = rowWheel.take(through: tick)
    var channel = 0
    while channel < pseudoChannels {
      var banks = due.of(channel)
      while banks != 0 {
        ripenRow(pseudos + channel, due.removeFirst(channel, &banks), tick)
      }
      channel &+= 1
    }
  }

  @inline(__always)
  private mutating func ripenRow(_ pseudo: PseudoChannelPointer, _ bank: Int, _ tick: Int64) {
    let ready = pseudo.rowReady(bank)
    if ready <= tick {
      pseudo.pointee.ripe |= bankBit(bank)
      pseudo.offerRow(bank)
    } else {
      rowWheel.insert(pseudo.pointee.index, bank, at: ready, now: tick)
    }
  }

  /// Likewise for a column command.
  @inline(__always)
  mutating func ripenColumns(_ tick: Int64) {
    if columnWheel.next > tick { return }
    let due = columnWheel.take(through: tick)
    var channel = 0
    while channel < pseudoChannels {
      var banks = due.of(channel)
      while banks != 0 {
        let bank = due.removeFirst(channel, &banks)
        ripenColumn(pseudos + channel, bank, 0, tick)
        ripenColumn(pseudos + channel, bank, 1, tick)
      }
      channel &+= 1
    }
  }

  @inline(__always)
  private mutating func ripenColumn(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int, _ tick: Int64) {
    let mask = pseudo.masks + direction
    if (mask.pointee.active | mask.pointee.column) & ~mask.pointee.ripe & bankBit(bank) == 0 { return }
    let ready = pseudo.columnReady(direction, bank)
    if ready > tick {
      columnWheel.insert(pseudo.pointee.index, bank, at: ready, now: tick)
      return
    }
    mask.pointee.ripe |= bankBit(bank)
    if direction == pseudo.pointee.mode { pseudo.offerHit(bank) }
  }

  // MARK: Waking for candidates

  /// The bank has become a candidate for ACT.
  @inline(__always)
  private mutating func expectActivate(_ pseudo: PseudoChannelPointer, _ bank: Int) {
    let ready = max(timing.gate(.ACT, pseudo), pseudo.rowReady(bank))
    rowWake = min(rowWake, ready | edges.activate)
  }

  /// The bank may have become a candidate for PRE.
  @inline(__always)
  private mutating func expectPrecharge(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    if direction != pseudo.pointee.mode || pseudo.closable & bankBit(bank) == 0 { return }
    let ready = max(timing.gate(.PREpb, pseudo), pseudo.rowReady(bank))
    rowWake = min(rowWake, ready | edges.precharge)
  }

  /// The bank has a hit or an active entry that may be served.
  @inline(__always)
  mutating func expectColumn(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let ready = pseudo.columnReady(direction, bank)
    columnWake = min(columnWake, max(timing.columnGate(direction, pseudo), ready) | edges.column)
  }

  /// Whether the bank's hits protect its row, or have had their share.
  @inline(never)
  private mutating func weighHits(_ pseudo: PseudoChannelPointer, _ bank: Int, _ direction: Int) {
    let bit = bankBit(bank)
    let queue = pseudo.pointee.queue(bank, direction).pointee
    let mask = pseudo.masks + direction
    mask.pointee.held &= ~bit
    let wasCapped = mask.pointee.capped & bit != 0
    mask.pointee.capped &= ~bit
    if queue.hit >= 0 && queue.miss >= 0 {
      let (hit, miss) = (entries[Int(queue.hit)], entries[Int(queue.miss)])
      let accesses = pseudo.pointee.banks[bank].accesses
      if spec.rowHitCap > 0 && accesses >= Int32(spec.rowHitCap) && miss.place < hit.place {
        mask.pointee.capped |= bit
        if direction == pseudo.pointee.mode { pseudo.pointee.ready.hits.remove(hit.place) }
      } else if rules.protection == .olderHits && hit.arrived <= miss.arrived {
        mask.pointee.held |= bit
        if direction == pseudo.pointee.mode { pseudo.pointee.ready.precharges.remove(miss.place) }
      }
    }
    pseudo.reofferRow(bank)
    if direction == pseudo.pointee.mode { pseudo.reofferHit(bank) }
    if mask.pointee.capped & bit != 0 { return }
    if wasCapped && queue.hit >= 0 && direction == pseudo.pointee.mode { expectColumn(pseudo, bank, direction) }
  }
}
