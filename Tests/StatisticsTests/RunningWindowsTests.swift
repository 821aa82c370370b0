import Simulator
import Testing

@testable import Statistics

/// Windows kept while a run goes on, against sums cycle by cycle.
@Suite struct RunningWindowsTests {
  @Test("Windows that doubled hold the cycles that begin in them", arguments: 1...40 as ClosedRange<UInt64>)
  func equalsPlainSums(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let hertz: [Int64] = [1_000_000_000, .random(in: 1...9, using: &random) * 333_333_333, 1_200_000_000]
    let rows = Int64.random(in: 2...15, using: &random)
    let cycles = Int64.random(in: 1...900, using: &random)
    let windows = GroupedWindows(rows: rows, hertz: hertz)
    var recorder = ActivityRecorder(sink: .init(take: { _, _ in }, windows: windows.cursor))
    let ends = hertz.map { Int64((Int128(cycles) * Int128($0) + Int128(hertz[0]) - 1) / Int128(hertz[0])) }
    let signals = Self.infos.map { (info: $0, id: recorder.register($0)) }
    var values = signals.map { [Int64](repeating: 0, count: Int(ends[Int($0.info.domain.rawValue)])) }
    var promised: Int64 = 0
    // Signals come to their windows in turn, so that some find that they have doubled meanwhile.
    while promised < cycles {
      let next = promised + Int64.random(in: 1...200, using: &random)
      for (info, id) in signals where Bool.random(using: &random) {
        let (clock, end) = (hertz[Int(info.domain.rawValue)], ends[Int(info.domain.rawValue)])
        let edges = [promised, next].map { min(end, Int64(Int128($0) * Int128(clock) / Int128(hertz[0])) + 1) }
        record(id, in: edges[0]..<edges[1], &recorder, &values[Int(id.index)], &random)
        recorder.flush(id, before: edges[1])
      }
      promised = next
    }
    let totals = recorder.finish(cycles: ends)
    #expect(totals == values.map { $0.reduce(0, +) }, "seed \(seed)")
    let (sums, width) = windows.finish(cycles: cycles)
    #expect(width == WindowEdges.width(for: cycles, rows: rows), "seed \(seed)")
    #expect(sums == Self.sums(values, hertz: hertz, width: width, cycles: cycles), "seed \(seed)")
  }

  private static let infos = (0..<4).map { number in
    SignalInfo(
      name: "chip0.tile\(number).mac0.macs", unit: "MACs", definition: "", kind: .count,
      domain: number % 2 == 0 ? .tile : .noc, attojoules: number < 2 ? 3 : 5)
  }

  /// A rate, a pulse or a ramp somewhere in `range`.
  private func record(
    _ id: SignalID, in range: Range<Int64>, _ recorder: inout ActivityRecorder, _ values: inout [Int64],
    _ random: inout SplitMix64
  ) {
    let start = Int64.random(in: range.lowerBound...range.upperBound, using: &random)
    let end = Int64.random(in: start...range.upperBound, using: &random)
    if start == end { return }
    let (value, slope) = (Int64.random(in: 1...3, using: &random), Int64.random(in: 0...1, using: &random))
    recorder.change(id, at: start, value: value, slope: slope)
    recorder.change(id, at: end, value: -value - slope * (end - start), slope: -slope)
    for cycle in start..<end where cycle < values.count { values[Int(cycle)] += value + slope * (cycle - start) }
  }

  /// The same by key, cycle by cycle.
  private static func sums(
    _ values: [[Int64]], hertz: [Int64], width: Int64, cycles: Int64
  ) -> [WindowKey: [Int64]] {
    var sums: [WindowKey: [Int64]] = [:]
    for (info, values) in zip(infos, values) {
      var windows = sums[WindowKey(info)] ?? Array(repeating: 0, count: Int((cycles + width - 1) / width))
      for (cycle, value) in values.enumerated() {
        let tile = Int64(Int128(cycle) * Int128(hertz[0]) / Int128(hertz[Int(info.domain.rawValue)]))
        windows[Int(tile / width)] += value
      }
      sums[WindowKey(info)] = windows
    }
    return sums
  }
}
