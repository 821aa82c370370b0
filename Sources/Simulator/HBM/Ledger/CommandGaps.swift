import Architecture

/// The longest gap between two commands to one bank, or to places that share a wider scope, and the latencies of data, in ticks.
struct CommandGaps {
  private static let kinds = DRAMCommand.allCases.count
  private var ticks = [Int64](repeating: 0, count: kinds * kinds)
  let burst: Int64
  private let readLatency: Int64
  private let writeLatency: Int64

  /// - Parameter limit: counts only constraints of scopes wider than this one; nil for all.
  init(_ device: DRAMDevice, widerThan limit: DRAMScope? = nil) {
    let perClock = Int64(device.ticksPerClock)
    burst = Int64(device[.nBL]) * perClock
    readLatency = Int64(device[.nCL]) * perClock
    writeLatency = Int64(device[.nCWL]) * perClock
    for rule in device.resolvedConstraints where !rule.isSibling && rule.window == 1 {
      if let limit, rule.scope >= limit { continue }
      let index = Self.index(rule.from, rule.to)
      ticks[index] = max(ticks[index], Int64(rule.ticks))
    }
  }

  subscript(_ from: DRAMCommand, _ to: DRAMCommand) -> Int64 { ticks[Self.index(from, to)] }

  /// Between any two column commands.
  var columnSpacing: Int64 {
    let columns = DRAMCommand.allCases.filter(\.isColumn)
    return columns.flatMap { first in columns.map { self[first, $0] } }.min() ?? 0
  }

  /// Column command to the first of its data.
  func dataLatency(_ command: DRAMCommand) -> Int64 {
    command == .RD || command == .RDA ? readLatency : writeLatency
  }

  private static func index(_ from: DRAMCommand, _ to: DRAMCommand) -> Int {
    Int(from.rawValue) * kinds + Int(to.rawValue)
  }
}
