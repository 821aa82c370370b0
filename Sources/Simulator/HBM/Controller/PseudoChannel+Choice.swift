/// What orders candidates.
enum CandidateAge { case row, hit, active }

extension UnsafeMutablePointer<PseudoChannel> {
  /// First tick at which bank and bank group allow the command, without the gate.
  @inline(__always)
  func ready(_ command: EngineCommand, _ bank: Int) -> Int64 {
    let word = TimesLayout.inBank(command)
    let state = pointee.banks + bank
    let ready = word < 4 ? state.words[word] : pointee.times.spares[bank &* TimesLayout.spareWords &+ word &- 4]
    return command.isColumn ? max(ready, pointee.times.group(command, state.pointee.group)) : ready
  }

  /// The oldest of some candidates that is ready for a command, the gate being open; `key` is `.max` if none is.
  @inline(__always)
  func oldest(
    _ candidates: UInt64, _ command: EngineCommand, by age: CandidateAge, _ direction: Int,
    _ ripeness: inout Ripeness, at tick: Int64
  ) -> (key: Int64, bank: Int) {
    while ripeness.next <= tick {
      let bank = ripeness.removeFirst()
      let ready = ready(command, bank)
      if ready <= tick { ripeness.banks |= 1 << UInt64(bank) } else { ripeness.wait(bank, until: ready) }
    }
    var rest = candidates & ripeness.banks
    while rest != 0 {
      let found = oldest(rest, by: age, direction)
      let ready = ready(command, found.bank)
      if ready <= tick { return found }
      ripeness.wait(found.bank, until: ready)
      rest &= ~(1 << UInt64(found.bank))
    }
    return (.max, 0)
  }

  /// Selections, not branches: which is the oldest is anyone's guess. Precondition: there is a candidate.
  @inline(__always)
  private func oldest(_ candidates: UInt64, by age: CandidateAge, _ direction: Int) -> (key: Int64, bank: Int) {
    let queues = pointee.queue(0, direction)
    let banks = pointee.banks
    var (oldest, oldestBank) = (Int64.max, 0)
    var rest = candidates
    repeat {
      let bank = rest.trailingZeroBitCount
      rest &= rest &- 1
      let key =
        switch age {
        case .row: queues[bank].rowKey
        case .hit: queues[bank].columnKey
        case .active: banks[bank].activeKey
        }
      oldestBank = key < oldest ? bank : oldestBank
      oldest = min(oldest, key)
    } while rest != 0
    return (oldest, oldestBank)
  }
}
