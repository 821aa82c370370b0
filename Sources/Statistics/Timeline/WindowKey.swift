import Simulator

/// What shares sums over windows: signals of one group whose units cost the same energy.
struct WindowKey: Hashable {
  var name: ComponentName
  var attojoules: Int64

  init(_ info: SignalInfo) { (name, attojoules) = (ComponentName(signal: info.name), info.attojoules) }
}

/// Sums over windows while a run goes on, by key.
final class GroupedWindows {
  private let windows: RunningWindows
  private var places: [WindowKey: Int] = [:]

  /// - Parameter hertz: clocks, by `ClockDomain.rawValue`.
  init(rows: Int64, hertz: [Int64]) { windows = RunningWindows(rows: rows, hertz: hertz) }

  /// What adds a signal up.
  func cursor(of info: SignalInfo) -> WindowCursor {
    let key = WindowKey(info)
    let place = places[key] ?? windows.add()
    places[key] = place
    return windows.cursor(at: place, in: info.domain)
  }

  /// The sums of a run of so many tile cycles, once its recorder has finished, and the tile cycles of a window.
  func finish(cycles: Int64) -> (sums: [WindowKey: [Int64]], width: Int64) {
    let sums = windows.finish(cycles: cycles)
    return (places.mapValues { sums[$0] }, windows.width)
  }
}
