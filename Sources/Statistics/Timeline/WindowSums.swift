import Simulator

/// Cuts stretches of a series, which come in time order, at window edges and adds each part to its window.
struct WindowSums: SeriesVisitor {
  private let edges: [Int64]
  private var window = 0
  /// By window.
  private(set) var sums: [Int64]

  /// - Parameters:
  ///   - edges: of the windows, ascending.
  ///   - sums: to which the stretches are added.
  init(edges: [Int64], sums: [Int64]) { (self.edges, self.sums) = (edges, sums) }

  mutating func visit(_ value: Int64, from cycle: Int64, cycles: Int64) {
    var state = SeriesState()
    (state.cycle, state.value) = (cycle, value)
    visit(state, cycles: cycles)
  }

  mutating func visit(_ start: SeriesState, cycles: Int64) {
    if start.value | start.slope | start.curvature == 0 { return }
    var state = start
    var left = cycles
    if state.cycle < edges[0] {
      let skipped = min(left, edges[0] - state.cycle)
      _ = state.advance(by: skipped)
      left -= skipped
    }
    while left > 0 {
      while window + 1 < edges.count && edges[window + 1] <= state.cycle { window += 1 }
      if window + 1 >= edges.count { return }
      let step = min(left, edges[window + 1] - state.cycle)
      sums[window] &+= state.advance(by: step)
      left -= step
    }
  }
}
