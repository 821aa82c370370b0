/// Sums over windows of tile cycles, kept while a run goes on; several signals may share theirs. Windows begin one tile cycle
/// wide and double whenever the run outgrows their number.
public final class RunningWindows {
  private let grid: UnsafeMutablePointer<WindowGrid>

  /// - Parameters:
  ///   - rows: windows at most, at least 2.
  ///   - hertz: clocks, by `ClockDomain.rawValue`.
  public init(rows: Int64, hertz: [Int64]) {
    grid = .allocate(capacity: 1)
    grid.initialize(to: WindowGrid(rows: Int(rows), hertz: hertz))
  }

  deinit {
    grid.pointee.deallocate()
    grid.deinitialize(count: 1).deallocate()
  }

  /// Tile cycles of a window.
  public var width: Int64 { grid.pointee.width }

  /// Makes room for further sums; returns their place.
  public func add() -> Int { grid.pointee.add() }

  /// What adds a signal of `domain` to the sums at a place; valid as long as the windows live.
  public func cursor(at place: Int, in domain: ClockDomain) -> WindowCursor {
    WindowCursor(grid: grid, place: place, domain: Int(domain.rawValue))
  }

  /// The sums at every place, of a run of so many tile cycles, whose cursors are settled: what lies behind its last window
  /// belongs to it. The width is the smallest that suffices, or what the run needed.
  public func finish(cycles: Int64) -> [[Int64]] { grid.pointee.finish(cycles: cycles) }
}

/// The windows themselves, in plain memory.
private struct WindowGrid {
  let rows: Int
  private let hertz: [Int64]
  private(set) var width: Int64 = 1
  /// How often the width has doubled.
  private(set) var doublings = 0
  /// By domain: the first own cycle of each window, and of the one behind the last.
  private let edges: [UnsafeMutablePointer<Int64>]
  private var sums: [UnsafeMutablePointer<Int64>] = []

  init(rows: Int, hertz: [Int64]) {
    self.rows = rows
    self.hertz = hertz
    edges = hertz.map { _ in .allocate(capacity: rows + 1) }
    fillEdges(from: 0)
  }

  func deallocate() {
    for pointer in edges + sums { pointer.deallocate() }
  }

  mutating func add() -> Int {
    let windows = UnsafeMutablePointer<Int64>.allocate(capacity: rows)
    windows.initialize(repeating: 0, count: rows)
    sums.append(windows)
    return sums.count - 1
  }

  func sums(at place: Int) -> UnsafeMutablePointer<Int64> { sums[place] }
  func edges(of domain: Int) -> UnsafeMutablePointer<Int64> { edges[domain] }

  /// The window of a cycle of the domain with these edges; makes windows wide enough for it. Soonest found when it follows
  /// window `before`.
  mutating func window(of cycle: Int64, in edges: UnsafeMutablePointer<Int64>, after before: Int) -> Int {
    while cycle >= edges[rows] { double() }
    let next = min(before + 1, rows - 1)
    if edges[next] <= cycle && cycle < edges[next + 1] { return next }
    var (low, high) = (0, rows)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= cycle { low = middle } else { high = middle }
    }
    return low
  }

  private mutating func double() {
    width *= 2
    doublings += 1
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

  /// Cycle k of a domain lies in the window in which it begins.
  private func fillEdges(from first: Int) {
    let own = Int128(hertz[Int(ClockDomain.tile.rawValue)])
    for (edges, hertz) in zip(edges, hertz) {
      for row in first...rows {
        edges[row] = Int64((Int128(row) * Int128(width) * Int128(hertz) + own - 1) / own)
      }
    }
  }

  mutating func finish(cycles: Int64) -> [[Int64]] {
    while (cycles + width - 1) / width > rows { double() }
    let count = Int((cycles + width - 1) / width)
    return sums.map { sums in
      if count == 0 { return [] }
      var windows = Array(UnsafeBufferPointer(start: sums, count: count))
      for row in count..<max(rows, count) { windows[count - 1] += sums[row] }
      return windows
    }
  }
}

/// Adds a series to its windows, given its running total: a window's sum is what the total grew by in it.
public struct WindowCursor {
  private let grid: UnsafeMutablePointer<WindowGrid>?
  private let sums: UnsafeMutablePointer<Int64>?
  private let edges: UnsafeMutablePointer<Int64>?
  /// The window, numbered as when the widths had doubled so often.
  private var window = 0
  private var doublings = 0
  /// The series' total when it came to the window.
  private var before: Int64 = 0
  /// First cycle of the series behind the window.
  private(set) var end: Int64

  fileprivate init(grid: UnsafeMutablePointer<WindowGrid>, place: Int, domain: Int) {
    self.grid = grid
    sums = grid.pointee.sums(at: place)
    edges = grid.pointee.edges(of: domain)
    end = .min
  }

  private init() {
    (grid, sums, edges) = (nil, nil, nil)
    end = .max
  }

  /// Adds up nothing.
  public static var none: WindowCursor { WindowCursor() }

  /// Goes on to the window of `cycle`, which is not before the present one; `total` is the series' sum before it.
  @inline(never)
  mutating func move(to cycle: Int64, total: Int64) {
    settle(total: total)
    guard let grid, let edges else { return }
    window = grid.pointee.window(of: cycle, in: edges, after: window)
    doublings = grid.pointee.doublings
    end = edges[window + 1]
  }

  /// Goes on through the windows of the cycles from `start` up to `last`, each worth `value`; `total` is the sum before `start`.
  @inline(__always)
  mutating func pass(_ value: Int64, from start: Int64, to last: Int64, total: Int64) {
    var (cycle, sum) = (start, total)
    while cycle < last {
      if cycle >= end && !moveOn(to: cycle, total: sum) { move(to: cycle, total: sum) }
      let next = min(last, end)
      sum &+= value &* (next &- cycle)
      cycle = next
    }
  }

  /// Goes on to the next window when `cycle` lies in it and the widths are as they were; false when not.
  @inline(__always)
  private mutating func moveOn(to cycle: Int64, total: Int64) -> Bool {
    guard let grid, let sums, let edges, window &+ 1 < grid.pointee.rows, doublings == grid.pointee.doublings,
      cycle < edges[window &+ 2], end > .min
    else { return false }
    sums[window] &+= total &- before
    (before, window) = (total, window &+ 1)
    end = edges[window &+ 1]
    return true
  }

  /// Adds what the total grew by since the last call. Where windows have doubled since, two have become one.
  mutating func settle(total: Int64) {
    guard let grid, let sums else { return }
    sums[window &>> (grid.pointee.doublings &- doublings)] &+= total &- before
    before = total
  }
}
