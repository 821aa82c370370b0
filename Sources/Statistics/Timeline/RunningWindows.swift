import Simulator

/// Sums over windows of tile cycles, kept while a run goes on: signals of one group and energy share theirs. Windows begin one
/// tile cycle wide and double whenever the run outgrows their number, so the width at the end is that of `WindowEdges`.
final class RunningWindows {
  /// What shares sums: signals of one group whose units cost the same energy.
  struct Key: Hashable {
    var name: ComponentName
    var attojoules: Int64

    init(_ info: SignalInfo) { (name, attojoules) = (ComponentName(signal: info.name), info.attojoules) }
  }

  private let rows: Int
  private let hertz: [Int64]
  private(set) var width: Int64 = 1
  /// By domain: the first own cycle of each window, and of the one behind the last.
  private let edges: [UnsafeMutablePointer<Int64>]
  private var places: [Key: Int] = [:]
  /// By key.
  private var sums: [UnsafeMutablePointer<Int64>] = []

  /// - Parameters:
  ///   - rows: windows at most.
  ///   - hertz: clocks, by `ClockDomain.rawValue`.
  init(rows: Int64, hertz: [Int64]) {
    self.rows = Int(rows)
    self.hertz = hertz
    edges = hertz.map { _ in .allocate(capacity: Int(rows) + 1) }
    fillEdges(from: 0)
  }

  deinit {
    for pointer in edges + sums { pointer.deallocate() }
  }

  /// Where the sums of a signal are kept.
  func place(of info: SignalInfo) -> Int {
    let key = Key(info)
    if let place = places[key] { return place }
    let windows = UnsafeMutablePointer<Int64>.allocate(capacity: rows)
    windows.initialize(repeating: 0, count: rows)
    sums.append(windows)
    places[key] = sums.count - 1
    return sums.count - 1
  }

  /// The window of a domain's cycle; makes windows wide enough for it.
  func window(of cycle: Int64, in domain: ClockDomain) -> Int {
    let edges = edges[Int(domain.rawValue)]
    while cycle >= edges[rows] { double() }
    var (low, high) = (0, rows)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= cycle { low = middle } else { high = middle }
    }
    return low
  }

  /// Adds `cycles` cycles from `state` on. `window` is that of the first, and on return that of the last.
  @inline(__always)
  func add(_ state: SeriesState, cycles: Int64, of domain: ClockDomain, to place: Int, window: inout Int) {
    if state.value | state.slope | state.curvature == 0 { return }
    let edges = edges[Int(domain.rawValue)]
    if edges[window] <= state.cycle && state.cycle &+ cycles <= edges[window &+ 1] {
      var state = state
      sums[place][window] += state.advance(by: cycles)
    } else {
      addAcross(state, cycles, domain, place, &window)
    }
  }

  private func addAcross(
    _ start: SeriesState, _ cycles: Int64, _ domain: ClockDomain, _ place: Int, _ window: inout Int
  ) {
    let edges = edges[Int(domain.rawValue)]
    var (state, left) = (start, cycles)
    while left > 0 {
      if state.cycle >= edges[rows] { window = self.window(of: state.cycle, in: domain) }
      while edges[window] > state.cycle { window = self.window(of: state.cycle, in: domain) }
      while edges[window + 1] <= state.cycle { window += 1 }
      let step = min(left, edges[window + 1] - state.cycle)
      sums[place][window] += state.advance(by: step)
      left -= step
    }
  }

  private func double() {
    width *= 2
    for windows in sums {
      for row in 0..<rows { windows[row] = row < (rows + 1) / 2 ? pair(windows, row) : 0 }
    }
    for edges in edges {
      for row in 0...rows / 2 { edges[row] = edges[2 * row] }
    }
    fillEdges(from: rows / 2 + 1)
  }

  private func pair(_ windows: UnsafeMutablePointer<Int64>, _ row: Int) -> Int64 {
    windows[2 * row] + (2 * row + 1 < rows ? windows[2 * row + 1] : 0)
  }

  /// As `WindowEdges`: cycle k of a domain lies in the window in which it begins.
  private func fillEdges(from first: Int) {
    let own = Int128(hertz[Int(ClockDomain.tile.rawValue)])
    for (edges, hertz) in zip(edges, hertz) {
      for row in first...rows {
        edges[row] = Int64((Int128(row) * Int128(width) * Int128(hertz) + own - 1) / own)
      }
    }
  }

  /// The sums by key, of a run of so many tile cycles: what lies behind its last window belongs to it.
  func finish(cycles: Int64) -> [Key: [Int64]] {
    while width < WindowEdges.width(for: cycles, rows: Int64(rows)) { double() }
    let count = Int((cycles + width - 1) / width)
    return places.mapValues { place in
      if count == 0 { return [] }
      var windows = Array(UnsafeBufferPointer(start: sums[place], count: count))
      for row in count..<max(rows, count) { windows[count - 1] += sums[place][row] }
      return windows
    }
  }
}
