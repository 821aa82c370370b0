extension UnsafeMutablePointer<PseudoChannel> {
  /// First tick at which bank and bank group allow the command, without the gate.
  @inline(__always)
  func ready(_ command: EngineCommand, _ bank: Int) -> Int64 {
    let word = TimesLayout.inBank(command)
    let state = pointee.banks + bank
    let ready = word < 4 ? state.words[word] : pointee.times.spares[bank &* TimesLayout.spareWords &+ word &- 4]
    return command.isColumn ? max(ready, pointee.times.group(command, state.pointee.group)) : ready
  }

  /// Looks at the unripe banks whose tick has come.
  @_transparent
  private func ripen(_ ripeness: inout Ripeness, for command: EngineCommand, at tick: Int64) {
    while ripeness.next <= tick {
      let bank = ripeness.removeFirst()
      let ready = ready(command, bank)
      if ready <= tick { ripeness.banks |= 1 << UInt64(bank) } else { ripeness.wait(bank, until: ready) }
    }
  }

  /// The oldest of some candidates that is ready for a row command, the gate being open; `key` is `.max` if none is.
  @_transparent
  func oldestRow(
    _ candidates: UInt64, _ command: EngineCommand, _ oldest: inout OldestBank, _ ripeness: inout Ripeness,
    at tick: Int64
  ) -> (key: Int64, bank: Int) {
    ripen(&ripeness, for: command, at: tick)
    var rest = candidates & ripeness.banks
    while rest != 0 {
      let found = oldest.update(rest, pointee.queue(0, pointee.mode))
      let ready = ready(command, found.bank)
      if ready <= tick { return found }
      ripeness.wait(found.bank, until: ready)
      rest &= ~(1 << UInt64(found.bank))
    }
    return (.max, 0)
  }

  /// Likewise for a column command, by the age of the bank's oldest hit.
  @_transparent
  func oldestHit(
    _ candidates: UInt64, _ direction: Int, _ ripeness: inout Ripeness, at tick: Int64
  ) -> (key: Int64, bank: Int) {
    ripen(&ripeness, for: .column(direction), at: tick)
    let queues = pointee.queue(0, direction)
    var rest = candidates & ripeness.banks
    while rest != 0 {
      let found = oldest(rest) { queues[$0].columnKey }
      let ready = ready(.column(direction), found.bank)
      if ready <= tick { return found }
      ripeness.wait(found.bank, until: ready)
      rest &= ~(1 << UInt64(found.bank))
    }
    return (.max, 0)
  }

  /// Likewise, by the order of active entries.
  @_transparent
  func oldestActive(
    _ candidates: UInt64, _ direction: Int, _ ripeness: inout Ripeness, at tick: Int64
  ) -> (key: Int64, bank: Int) {
    ripen(&ripeness, for: .column(direction), at: tick)
    let banks = pointee.banks
    var rest = candidates & ripeness.banks
    while rest != 0 {
      let found = oldest(rest) { banks[$0].activeKey }
      let ready = ready(.column(direction), found.bank)
      if ready <= tick { return found }
      ripeness.wait(found.bank, until: ready)
      rest &= ~(1 << UInt64(found.bank))
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
