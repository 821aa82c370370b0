import Simulator
import Statistics

/// What all requesters of one kind lost to scratchpad banks: `mac0` of every tile is `mac`.
struct ConflictKind {
  let name: String
  private(set) var cycles: Int64 = 0
  /// By kind of holder, and by bank of a tile.
  private var holders: [String: Int64] = [:]
  private var banks: [String: Int64] = [:]

  /// The kind that lost most first.
  static func kinds(of conflicts: [BankConflicts]) -> [ConflictKind] {
    var kinds: [String: ConflictKind] = [:]
    for conflict in conflicts {
      let name = kind(of: conflict.requester)
      kinds[name, default: ConflictKind(name: name)].add(conflict)
    }
    return kinds.values.sorted { ($1.cycles, $0.name) < ($0.cycles, $1.name) }
  }

  private static func kind(of requester: String) -> String { ComponentName(component: requester, leaf: "").group }

  private init(name: String) { self.name = name }

  private mutating func add(_ conflict: BankConflicts) {
    cycles += conflict.cycles
    for share in conflict.holders { holders[Self.kind(of: share.name), default: 0] += share.cycles }
    for share in conflict.banks { banks[share.name, default: 0] += share.cycles }
  }

  /// `mac  1,234 cycles  held by mac 60.0 %, vector 40.0 %  at bank0 51.0 %, bank3 20.0 %, 6 more`, as far as the line reaches.
  func line(width: Int) -> String {
    var line = "  \(Figures.left(name, 16)) \(Figures.right(Figures.grouped(cycles), 14)) cycles"
    line += "  held by " + listed(holders, most: holders.count)
    var shown = 3
    while shown > 0, (line + "  at " + listed(banks, most: shown)).count > width { shown -= 1 }
    return line + "  at " + listed(banks, most: max(1, shown))
  }

  /// The largest first, each with its share; those beyond `most` only counted.
  private func listed(_ shares: [String: Int64], most: Int) -> String {
    let ordered = shares.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    var texts = ordered.prefix(most).map { name, lost in
      "\(name) \(Figures.percent(Double(lost) / Double(max(1, cycles))))"
    }
    if ordered.count > most { texts.append("\(ordered.count - most) more") }
    return texts.joined(separator: ", ")
  }
}
