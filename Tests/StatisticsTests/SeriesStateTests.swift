import Testing

@testable import Simulator

@Suite struct SeriesStateTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func closedFormEqualsStepping(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var state = SeriesState()
    state.value = .random(in: -500...500, using: &random)
    state.slope = .random(in: -50...50, using: &random)
    state.curvature = .random(in: -4...4, using: &random)
    let cycles = Int64.random(in: 1...200, using: &random)
    var (v, d, values) = (state.value, state.slope, [Int64]())
    for _ in 0..<cycles {
      values.append(v)
      v += d
      d += state.curvature
    }
    let extremes = state.extremes(over: cycles)
    #expect(extremes.minimum == values.min() && extremes.maximum == values.max(), "seed \(seed)")
    #expect(state.advance(by: cycles) == values.reduce(0, +), "seed \(seed)")
    #expect(state.value == v && state.slope == d && state.cycle == cycles, "seed \(seed)")
  }

  /// A ramp whose intermediate products pass 64 bits.
  @Test func longRampIsExact() {
    var state = SeriesState()
    state.slope = 3
    #expect(state.advance(by: 2_000_000_000) == 3 * (2_000_000_000 * 1_999_999_999 / 2))
  }
}
