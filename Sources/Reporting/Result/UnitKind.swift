import Simulator
import Statistics

/// All units of one kind, their cycles by cause added up.
struct UnitKind {
  let name: String
  private(set) var count = 0
  private(set) var cycles = [Int64](repeating: 0, count: Cause.allCases.count)

  /// In the order in which the kinds first appear.
  static func kinds(of units: [RunResult.UnitCycles]) -> [UnitKind] {
    var kinds: [UnitKind] = []
    for unit in units {
      let name = ComponentName(component: unit.name, leaf: "").group
      let place = kinds.firstIndex { $0.name == name } ?? kinds.count
      if place == kinds.count { kinds.append(UnitKind(name: name)) }
      kinds[place].count += 1
      for cause in kinds[place].cycles.indices { kinds[place].cycles[cause] += unit.cycles[cause] }
    }
    return kinds
  }

  /// Name, a bar of the busy share, and the other causes by their share as far as the line reaches.
  func line(width: Int) -> String {
    let total = max(1, cycles.reduce(0, +))
    let share = { (cause: Cause) in Double(cycles[Int(cause.rawValue)]) / Double(total) }
    let title = count == 1 ? name : "\(name) x \(count)"
    var line = "  \(Figures.left(title, 16)) \(Drawing.bar(share(.active), width: 16)) "
    line += Figures.right(Figures.percent(share(.active)), 7) + " active"
    let others = Cause.allCases.filter { $0 != .active && share($0) >= 0.0005 }
      .sorted { (share($1), $0.rawValue) < (share($0), $1.rawValue) }
    for cause in others {
      let more = "  \(Figures.percent(share(cause))) \(cause.name)"
      if line.count + more.count > width { break }
      line += more
    }
    return line
  }
}
