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

  /// A cursor that adds stretches of a signal, which come in time order and none before `cycle`.
  func cursor(of info: SignalInfo, from cycle: Int64) -> WindowCursor {
    WindowCursor(self, place: place(of: info), domain: info.domain, from: cycle)
  }

  /// The window of a domain's cycle, and the cycle at which it ends; makes windows wide enough for it. Soonest found when it
  /// follows window `before`.
  fileprivate func window(of cycle: Int64, in domain: ClockDomain, after before: Int = 0) -> (index: Int, end: Int64) {
    let edges = edges[Int(domain.rawValue)]
    while cycle >= edges[rows] { double() }
    let next = min(before + 1, rows - 1)
    if edges[next] <= cycle && cycle < edges[next + 1] { return (next, edges[next + 1]) }
    var (low, high) = (0, rows)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= cycle { low = middle } else { high = middle }
    }
    return (low, edges[low + 1])
  }

  fileprivate func add(_ sum: Int64, to place: Int, window: Int) { sums[place][window] += sum }

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

/// Adds stretches of one signal to its windows. Most lie inside the window of the one before: they cost a multiplication.
struct WindowCursor {
  private let windows: RunningWindows
  private let place: Int
  private let domain: ClockDomain
  private var window: Int
  /// The first cycle behind the window.
  private var end: Int64
  /// What has not been added to the window yet, and what has been added to all before.
  private var sum: Int64 = 0
  private var added: Int64 = 0

  fileprivate init(_ windows: RunningWindows, place: Int, domain: ClockDomain, from cycle: Int64) {
    (self.windows, self.place, self.domain) = (windows, place, domain)
    (window, end) = windows.window(of: cycle, in: domain)
  }

  /// Adds `value` in each of `cycles` cycles from `cycle` on.
  @inline(__always)
  mutating func add(_ value: Int64, from cycle: Int64, cycles: Int64) {
    if value == 0 { return }
    if cycle &+ cycles <= end { sum &+= value &* cycles } else { addAcross(value, from: cycle, cycles) }
  }

  @inline(never)
  private mutating func addAcross(_ value: Int64, from cycle: Int64, _ cycles: Int64) {
    var state = SeriesState()
    (state.cycle, state.value) = (cycle, value)
    add(state, cycles: cycles)
  }

  /// Adds `cycles` cycles from `state` on.
  mutating func add(_ start: SeriesState, cycles: Int64) {
    var (state, left) = (start, cycles)
    while left > 0 {
      if state.cycle >= end { move(to: state.cycle) }
      let step = min(left, end - state.cycle)
      sum &+= state.advance(by: step)
      left -= step
    }
  }

  private mutating func move(to cycle: Int64) {
    settle()
    (window, end) = windows.window(of: cycle, in: domain, after: window)
  }

  private mutating func settle() {
    windows.add(sum, to: place, window: window)
    added += sum
    sum = 0
  }

  /// Adds what is left to its window; the sum of all that was added.
  mutating func finish() -> Int64 {
    settle()
    return added
  }
}
