import Simulator

/// Cuts stretches of a series, which come in time order, at window edges and adds each part to its window.
struct WindowSums {
  private let edges: [Int64]
  private var window = 0

  init(edges: [Int64]) { self.edges = edges }

  /// Adds the next `cycles` cycles from `start`.
  mutating func add(_ start: SeriesState, cycles: Int64, to sums: inout [Int64]) {
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
      sums[window] += state.advance(by: step)
      left -= step
    }
  }
}
