import Architecture

/// The longest gap between two commands to one bank, and the latencies of data, in ticks.
struct CommandGaps {
  private static let kinds = DRAMCommand.allCases.count
  private var ticks = [Int64](repeating: 0, count: kinds * kinds)
  let burst: Int64
  private let readLatency: Int64
  private let writeLatency: Int64

  init(_ device: DRAMDevice) {
    let perClock = Int64(device.ticksPerClock)
    burst = Int64(device[.nBL]) * perClock
    readLatency = Int64(device[.nCL]) * perClock
    writeLatency = Int64(device[.nCWL]) * perClock
    for rule in device.resolvedConstraints where !rule.isSibling && rule.window == 1 {
      let index = Self.index(rule.from, rule.to)
      ticks[index] = max(ticks[index], Int64(rule.ticks))
    }
  }

  subscript(_ from: DRAMCommand, _ to: DRAMCommand) -> Int64 { ticks[Self.index(from, to)] }

  /// Column command to the first of its data.
  func dataLatency(_ command: DRAMCommand) -> Int64 {
    command == .RD || command == .RDA ? readLatency : writeLatency
  }

  private static func index(_ from: DRAMCommand, _ to: DRAMCommand) -> Int {
    Int(from.rawValue) * kinds + Int(to.rawValue)
  }
}
