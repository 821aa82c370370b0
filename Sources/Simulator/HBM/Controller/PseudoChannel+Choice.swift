/// Which requests are ready.
extension UnsafeMutablePointer<PseudoChannel> {
  /// First tick at which bank and bank group allow the command, without the gate.
  @inline(__always)
  func ready(_ command: EngineCommand, _ bank: Int) -> Int64 {
    let word = TimesLayout.inBank(command)
    let state = pointee.banks + bank
    let ready = word < 4 ? state.words[word] : pointee.times.spares[bank &* TimesLayout.spareWords &+ word &- 4]
    return command.isColumn ? max(ready, pointee.times.group(command, state.pointee.group)) : ready
  }

  /// The same of RD (0) or WR (1): indices, not branches.
  @inline(__always)
  func columnReady(_ direction: Int, _ bank: Int) -> Int64 {
    let state = pointee.banks + bank
    let group = pointee.times.groups + Int(state.pointee.group) &* TimesLayout.groupWords
    return max(state.words[TimesLayout.inBank(.RD) &+ direction], group[2 &* direction])
  }

  /// The same of the bank's row command: PRE if it is open, else ACT. Which one is anyone's guess: an index, not a branch.
  @inline(__always)
  func rowReady(_ bank: Int) -> Int64 {
    let isOpen = pointee.open &>> UInt64(truncatingIfNeeded: bank) & 1
    return (pointee.banks + bank).words[TimesLayout.inBank(.ACT) &+ Int(isOpen)]
  }

  // MARK: Ready requests

  /// The bank is ripe for its row command: so is its request, if it has one in the direction served.
  @inline(__always)
  func offerRow(_ bank: Int) {
    let isOpen = pointee.open & bankBit(bank) != 0
    let candidates = isOpen ? closable : openable
    if candidates & bankBit(bank) == 0 { return }
    let queue = pointee.queue(bank, pointee.mode)
    let set = isOpen ? pointee.ready.precharges : pointee.ready.activates
    set.insert(place(isOpen ? queue.pointee.miss : queue.pointee.head))
  }

  /// Likewise for its oldest hit.
  @inline(__always)
  func offerHit(_ bank: Int) {
    if hitBanks & bankBit(bank) == 0 { return }
    pointee.ready.hits.insert(place(pointee.queue(bank, pointee.mode).pointee.hit))
  }

  /// A request of the bank may be ready again: nothing but rules kept it back.
  @inline(__always)
  func reofferRow(_ bank: Int) {
    if pointee.ripe & bankBit(bank) != 0 { offerRow(bank) }
  }

  @inline(__always)
  func reofferHit(_ bank: Int) {
    if masks[pointee.mode].ripe & bankBit(bank) != 0 { offerHit(bank) }
  }

  /// Requests to the bank wait from now on.
  func holdBack(_ bank: Int) {
    let queue = pointee.queue(bank, pointee.mode).pointee
    if masks[pointee.mode].waiting & bankBit(bank) != 0 {
      pointee.ready.activates.remove(place(queue.head))
      if queue.miss >= 0 { pointee.ready.precharges.remove(place(queue.miss)) }
      if queue.hit >= 0 { pointee.ready.hits.remove(place(queue.hit)) }
    }
    pointee.heldBack |= bankBit(bank)
  }

  @inline(__always)
  private func place(_ entry: Int32) -> Int32 { pointee.entries[Int(entry)].place }

  /// Finds all of them anew.
  func gatherReady() {
    pointee.ready.removeAll()
    let mask = masks + pointee.mode
    forEachBank(pointee.ripe & (openable | closable)) { offerRow($0) }
    forEachBank(mask.pointee.ripe & hitBanks) { offerHit($0) }
  }

  @inline(__always)
  private func forEachBank(_ banks: UInt64, _ body: (Int) -> Void) {
    var rest = banks
    while rest != 0 {
      body(rest.trailingZeroBitCount)
      rest &= rest &- 1
    }
  }

  /// The same, mostly of one bank alone.
  @inline(__always)
  func firstActiveBank(_ candidates: UInt64) -> Int {
    candidates & (candidates &- 1) == 0 ? candidates.trailingZeroBitCount : firstActive(candidates).bank
  }

  /// Of some banks the one whose active entry is the first in their order. Selections, not branches: which it is is anyone's guess.
  @inline(__always)
  func firstActive(_ candidates: UInt64) -> (key: Int64, bank: Int) {
    var (oldest, oldestBank) = (Int64.max, 0)
    var rest = candidates
    while rest != 0 {
      let bank = rest.trailingZeroBitCount
      rest &= rest &- 1
      let key = pointee.banks[bank].activeKey
      oldestBank = key < oldest ? bank : oldestBank
      oldest = min(oldest, key)
    }
    return (oldest, oldestBank)
  }
}
