/// Where a slot looks for its command. Transparent: in slots as large as these the optimiser leaves even functions marked
/// `@inline(__always)` out of line, with the command a variable.
extension UnsafeMutablePointer<PseudoChannel> {
  /// First tick at which bank and bank group allow the command, without the gate.
  @inline(__always)
  func ready(_ command: EngineCommand, _ bank: Int) -> Int64 {
    let word = TimesLayout.inBank(command)
    let state = pointee.banks + bank
    let ready = word < 4 ? state.words[word] : pointee.times.spares[bank &* TimesLayout.spareWords &+ word &- 4]
    return command.isColumn ? max(ready, pointee.times.group(command, state.pointee.group)) : ready
  }

  @inline(__always)
  func readiness(_ command: EngineCommand) -> UnsafeMutablePointer<Readiness> {
    pointee.readiness + TimesLayout.inBank(command)
  }

  /// The first tick at which the command may be possible for one of some candidates, the gate not counted.
  @inline(__always)
  func bound(_ command: EngineCommand, _ candidates: UInt64) -> Int64 {
    readiness(command).pointee.bound(candidates)
  }

  /// The bank has become a candidate for the command.
  @inline(__always)
  func await(_ command: EngineCommand, _ bank: Int) {
    let readiness = readiness(command)
    if readiness.pointee.ripe & bankBit(bank) == 0 { readiness.pointee.wait(bank, until: ready(command, bank)) }
  }

  /// Looks at the unripe banks whose tick has come.
  @_transparent
  private func ripen(_ readiness: UnsafeMutablePointer<Readiness>, _ command: EngineCommand, at tick: Int64) {
    while readiness.pointee.next <= tick {
      let bank = readiness.pointee.removeFirst()
      let ready = ready(command, bank)
      if ready <= tick { readiness.pointee.ripe |= bankBit(bank) } else { readiness.pointee.wait(bank, until: ready) }
    }
  }

  /// The oldest of some candidates that is ready for a row command, the gate being open; `key` is `.max` if none is.
  @_transparent
  func oldestRow(_ candidates: UInt64, _ command: EngineCommand, at tick: Int64) -> (key: Int64, bank: Int) {
    let readiness = readiness(command)
    ripen(readiness, command, at: tick)
    var rest = candidates & readiness.pointee.ripe
    while rest != 0 {
      let found = readiness.pointee.oldest(of: rest, pointee.queue(0, pointee.mode))
      let ready = ready(command, found.bank)
      if ready <= tick { return found }
      readiness.pointee.wait(found.bank, until: ready)
      rest &= ~(bankBit(found.bank))
    }
    return (.max, 0)
  }

  /// Likewise for a column command, by the age of the bank's oldest hit.
  @_transparent
  func oldestHit(_ candidates: UInt64, _ direction: Int, at tick: Int64) -> (key: Int64, bank: Int) {
    let queues = pointee.queue(0, direction)
    return oldestColumn(candidates, .column(direction), at: tick) { queues[$0].columnKey }
  }

  /// Likewise, by the order of active entries.
  @_transparent
  func oldestActive(_ candidates: UInt64, _ direction: Int, at tick: Int64) -> (key: Int64, bank: Int) {
    let banks = pointee.banks
    return oldestColumn(candidates, .column(direction), at: tick) { banks[$0].activeKey }
  }

  @_transparent
  private func oldestColumn(
    _ candidates: UInt64, _ command: EngineCommand, at tick: Int64, key: (Int) -> Int64
  ) -> (key: Int64, bank: Int) {
    let readiness = readiness(command)
    ripen(readiness, command, at: tick)
    var rest = candidates & readiness.pointee.ripe
    while rest != 0 {
      let found = oldest(rest, key: key)
      let ready = ready(command, found.bank)
      if ready <= tick { return found }
      readiness.pointee.wait(found.bank, until: ready)
      rest &= ~(bankBit(found.bank))
    }
    return (.max, 0)
  }

  /// Selections, not branches: which is the oldest is anyone's guess.
  @_transparent
  private func oldest(_ candidates: UInt64, key: (Int) -> Int64) -> (key: Int64, bank: Int) {
    var (oldest, oldestBank) = (Int64.max, 0)
    var rest = candidates
    while rest != 0 {
      let bank = rest.trailingZeroBitCount
      rest &= rest &- 1
      let age = key(bank)
      oldestBank = age < oldest ? bank : oldestBank
      oldest = min(oldest, age)
    }
    return (oldest, oldestBank)
  }
}
