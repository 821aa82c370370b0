extension ChannelLedger {
  /// Charges the idle stretch that the data of a column command ends.
  @inline(__always)
  mutating func chargeStretch(before command: IssuedCommand) {
    let bus = bus(command)
    let start = command.clock &- 1 &+ times[command.kind.rawValue].dataLatency
    let idle = start &- bus.pointee.dataEnd
    if idle > 0 { chargeIdle(command, idle) }
    lost.busy &+= burst
    bus.pointee.dataEnd = start &+ burst
    bus.pointee.lastColumn = command.clock
    if bus.pointee.refreshCount > 0 { bus.pointee.forget(upTo: command.clock) }
  }

  @inline(never)
  private mutating func chargeIdle(_ command: IssuedCommand, _ idle: Int64) {
    left.begin(command.clock &- idle, command.clock)
    lost.add(left.take(to: served.waitingSince &+ 1), .noRequest)
    if !left.isEmpty { chargeWaiting(command) }
  }

  /// The reasons in their order, each taking what is left of its ticks.
  private mutating func chargeWaiting(_ command: IssuedCommand) {
    let (bus, bank, kind) = (bus(command), bank(command), command.kind)
    let (channel, index) = (Int(command.pseudoChannel), Int(command.bankOfAll))
    takeRefreshes(bus, bank)
    let turned = history.earliest(.turnaround, kind, channel, index)
    lost.add(left.take(to: max(turned, bus.pointee.lastColumn &+ 1)), .turnaround)
    let late = left.take(to: bank.pointee.activate &+ times[kind.rawValue].opening)
    lost.add(left.take(to: history.earliest(.spacing, kind, channel, index)), .columnBus)
    chargeHeld(.column, .columnBus)
    if late > 0 { chargeActivate(bus, bank, late) }
  }

  /// So many ticks were lost because the activate came so late: they are charged to what held it in those before it.
  @inline(__always)
  private mutating func chargeActivate(
    _ bus: UnsafeMutablePointer<BusRecord>, _ bank: UnsafeMutablePointer<BankRecord>, _ late: Int64
  ) {
    let record = bank.pointee
    left.begin(record.activate &- late, record.activate)
    takeRefreshes(bus, bank)
    let isConflict = record.prechargeEnd >= record.activateReady && record.precharge > 0
    let ready = isConflict ? record.prechargeEnd : record.activateReady
    let earlier = left.take(to: max(ready, served.arrived &+ 1))
    lost.add(left.take(to: record.activateAllowed), .activation)
    chargeHeld(.row, .rowBus)
    if isConflict && ready > served.arrived {
      chargePrecharge(bus, bank, earlier)
    } else {
      lost.add(earlier, .bankTiming)
    }
  }

  /// Likewise, because the precharge came so late.
  @inline(__always)
  private mutating func chargePrecharge(
    _ bus: UnsafeMutablePointer<BusRecord>, _ bank: UnsafeMutablePointer<BankRecord>, _ late: Int64
  ) {
    left.begin(bank.pointee.precharge &- late, bank.pointee.precharge)
    takeRefreshes(bus, bank)
    lost.add(left.take(to: max(bank.pointee.prechargeReady, served.arrived &+ 1)), .bankTiming)
    chargeHeld(.row, .rowBus)
  }

  @inline(__always)
  private mutating func takeRefreshes(
    _ bus: UnsafeMutablePointer<BusRecord>, _ bank: UnsafeMutablePointer<BankRecord>
  ) {
    if bus.pointee.refreshCount > 0 { takeBusRefreshes(bus) }
    let refresh = bank.pointee.refresh
    if refresh.high > refresh.low { lost.add(left.take(from: refresh.low, to: refresh.high), .refresh) }
  }

  @inline(never)
  private mutating func takeBusRefreshes(_ bus: UnsafeMutablePointer<BusRecord>) {
    for index in 0..<bus.pointee.refreshCount {
      let refresh = bus.pointee.refreshes[index]
      lost.add(left.take(from: refresh.low, to: refresh.high), .refresh)
    }
  }

  /// Charges all that is left: ticks in which commands held the bus, and the others to the scheduler.
  @inline(__always)
  private mutating func chargeHeld(_ bus: HeldTicks.Bus, _ loss: BandwidthLoss) {
    for index in 0..<left.spanCount {
      let span = left[index]
      let ticks = held.count(bus, span.low, span.high)
      lost.add(ticks, loss)
      lost.add(span.high &- span.low &- ticks, .scheduler)
    }
  }
}
