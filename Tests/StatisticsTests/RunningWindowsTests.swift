import Simulator
import Testing

@testable import Statistics

/// Windows kept while a run goes on, against sums cycle by cycle.
@Suite struct RunningWindowsTests {
  @Test("Windows that doubled hold the cycles that begin in them", arguments: 1...20 as ClosedRange<UInt64>)
  func equalsPlainSums(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let hertz: [Int64] = [1_000_000_000, .random(in: 1...9, using: &random) * 333_333_333, 1_200_000_000]
    let rows = Int64.random(in: 2...7, using: &random) * 2
    let windows = RunningWindows(rows: rows, hertz: hertz)
    let infos = (0..<4).map { number in
      SignalInfo(
        name: "chip0.tile\(number).mac0.macs", unit: "MACs", definition: "", kind: .count,
        domain: number % 2 == 0 ? .tile : .noc, attojoules: number < 2 ? 3 : 5)
    }
    let cycles = Int64.random(in: 1...900, using: &random)
    let width = WindowEdges.width(for: cycles, rows: rows)
    var expected: [RunningWindows.Key: [Int64]] = [:]
    for info in infos {
      let ratio = (own: hertz[Int(info.domain.rawValue)], tile: hertz[0])
      let end = Int64((Int128(cycles) * Int128(ratio.own) + Int128(ratio.tile) - 1) / Int128(ratio.tile))
      var cursor = windows.cursor(of: info, from: 0)
      var (state, sum) = (SeriesState(), Int64(0))
      while state.cycle < end {
        let step = min(end - state.cycle, Int64.random(in: 1...200, using: &random))
        (state.value, state.slope) = (Int64.random(in: 0...3, using: &random), Int64.random(in: 0...1, using: &random))
        if Bool.random(using: &random) { (state.value, state.slope) = (0, 0) }
        if state.isFlat {
          cursor.add(state.value, from: state.cycle, cycles: step)
        } else {
          cursor.add(state, cycles: step)
        }
        for cycle in state.cycle..<state.cycle + step {
          let tile = Int64(Int128(cycle) * Int128(ratio.tile) / Int128(ratio.own))
          let key = RunningWindows.Key(info)
          if expected[key] == nil { expected[key] = Array(repeating: 0, count: Int((cycles + width - 1) / width)) }
          expected[key]![Int(tile / width)] += state.value(after: cycle - state.cycle)
        }
        sum += state.advance(by: step)
      }
      #expect(cursor.finish() == sum, "seed \(seed)")
    }
    #expect(windows.finish(cycles: cycles) == expected, "seed \(seed)")
    #expect(windows.width == width)
  }
}
