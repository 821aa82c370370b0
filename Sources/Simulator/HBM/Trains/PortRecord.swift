import Architecture

/// Turns the commands of one pseudo channel into time series.
struct PortRecord: BitwiseCopyable {
  private var reads: RateRun
  private var writes: RateRun
  private var activates: RateRun
  private var open: RateRun
  private let signals: PortSignals
  private let timing: BusTiming
  /// Banks with an open row, and the tick from which on there has been one.
  private var openBanks: UInt64 = 0
  private var openSince: Int64 = 0

  init(signals: PortSignals, timing: BusTiming) {
    self.signals = signals
    self.timing = timing
    reads = RateRun(signal: signals.readBytes)
    writes = RateRun(signal: signals.writeBytes)
    activates = RateRun(signal: signals.activates)
    open = RateRun(signal: signals.openTicks)
  }

  /// The trains at the port have become more or fewer.
  mutating func trains(_ change: Int64, at cycle: Int64, recorder: inout ActivityRecorder) {
    recorder.change(signals.queue, at: cycle, value: change)
  }

  /// - Parameter count: Column commands: so many, `spacing` ticks apart.
  @inline(__always)
  mutating func note<Taker: ActivityTaker & ~Copyable>(
    _ command: EngineCommand, banks: UInt64, at tick: Int64, count: Int64, spacing: Int64, recorder: inout Taker
  ) {
    let cycle = (tick &- 1) &>> timing.clockShift
    let cycles = spacing &>> timing.clockShift
    switch command {
    case .RD: timing.transfers(on: &reads, at: cycle &+ timing.readLatency, count, every: cycles, &recorder)
    case .WR: timing.transfers(on: &writes, at: cycle &+ timing.writeLatency, count, every: cycles, &recorder)
    case .RDA:
      timing.transfer(on: &reads, at: cycle &+ timing.readLatency, &recorder)
      close(banks, at: tick, &recorder)
    case .WRA:
      timing.transfer(on: &writes, at: cycle &+ timing.writeLatency, &recorder)
      close(banks, at: tick, &recorder)
    case .ACT:
      activates.note(1, at: cycle, recorder: &recorder)
      if openBanks == 0 { openSince = tick }
      openBanks |= banks
    case .PREpb, .PREab: close(banks, at: tick, &recorder)
    case .REFab: refresh(timing.allBankRefresh, at: cycle, &recorder)
    case .REFpb: refresh(timing.bankRefresh, at: cycle, &recorder)
    }
  }

  @inline(__always)
  private mutating func close<Taker: ActivityTaker & ~Copyable>(
    _ banks: UInt64, at tick: Int64, _ recorder: inout Taker
  ) {
    guard openBanks != 0 else { return }
    openBanks &= ~banks
    if openBanks == 0 { recordOpen(until: tick, &recorder) }
  }

  /// Ticks openSince..<tick had an open bank: they may begin and end inside a cycle.
  private mutating func recordOpen<Taker: ActivityTaker & ~Copyable>(until tick: Int64, _ recorder: inout Taker) {
    let ticks = timing.ticksPerClock
    var at = openSince
    openSince = tick
    while at < tick {
      let cycle = (at - 1) / ticks
      let isWhole = (at - 1) % ticks == 0 && tick - at >= ticks
      let end = isWhole ? cycle + (tick - at) / ticks : cycle + 1
      let last = min(tick, end * ticks + 1)
      open.note(isWhole ? ticks : last - at, from: cycle, to: end, recorder: &recorder)
      at = last
    }
  }

  private mutating func refresh<Taker: ActivityTaker & ~Copyable>(
    _ cycles: Int64, at cycle: Int64, _ recorder: inout Taker
  ) {
    recorder.change(signals.refreshes, at: cycle, value: 1)
    recorder.change(signals.refreshes, at: cycle + 1, value: -1)
    recorder.change(signals.refreshCycles, at: cycle, value: 1)
    recorder.change(signals.refreshCycles, at: cycle + cycles, value: -1)
  }

  /// Records all that lies before `cycle`.
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    let tick = cycle * timing.ticksPerClock + 1
    if openBanks != 0 && openSince < tick { recordOpen(until: tick, &recorder) }
    reads.settle(before: cycle, recorder: &recorder)
    writes.settle(before: cycle, recorder: &recorder)
    activates.settle(before: cycle, recorder: &recorder)
    open.settle(before: cycle, recorder: &recorder)
  }
}

/// What a device's commands mean on its buses, in cycles of CK.
struct BusTiming: BitwiseCopyable {
  let ticksPerClock: Int64
  /// Their number as a power of two.
  let clockShift: Int64
  /// From a column command to its data, and the data's cycles on the bus.
  let readLatency: Int64
  let writeLatency: Int64
  let burst: Int64
  /// Bytes in each cycle of a burst, and in how many of them one more.
  let bytesPerCycle: Int64
  let oddCycles: Int64
  let allBankRefresh: Int64
  let bankRefresh: Int64

  init(_ device: DRAMDevice) {
    ticksPerClock = Int64(device.ticksPerClock)
    clockShift = ticksPerClock - 1
    readLatency = Int64(device[.nCL])
    writeLatency = Int64(device[.nCWL])
    burst = Int64(device[.nBL])
    bytesPerCycle = Int64(device.organisation.accessBytes / device[.nBL])
    oddCycles = Int64(device.organisation.accessBytes % device[.nBL])
    allBankRefresh = Int64(device[.nRFC])
    bankRefresh = Int64(device[.nRFCSB])
  }

  /// Records bursts on the data bus, so many cycles from the start of one to that of the next.
  @inline(__always)
  func transfers<Taker: ActivityTaker & ~Copyable>(
    on bus: inout RateRun, at cycle: Int64, _ count: Int64, every cycles: Int64, _ recorder: inout Taker
  ) {
    if count > 1 && cycles == burst && oddCycles == 0 {
      return bus.note(bytesPerCycle, from: cycle, to: cycle &+ count &* burst, recorder: &recorder)
    }
    var (at, left) = (cycle, count)
    while left > 0 {
      transfer(on: &bus, at: at, &recorder)
      at &+= cycles
      left &-= 1
    }
  }

  /// Records a burst on the data bus.
  @inline(__always)
  func transfer<Taker: ActivityTaker & ~Copyable>(
    on bus: inout RateRun, at cycle: Int64, _ recorder: inout Taker
  ) {
    let even = cycle &+ burst &- oddCycles
    bus.note(bytesPerCycle, from: cycle, to: even, recorder: &recorder)
    if oddCycles > 0 { bus.note(bytesPerCycle &+ 1, from: even, to: cycle &+ burst, recorder: &recorder) }
  }
}
