import EnergyModel
import Simulator

/// Every signal and every energy over windows of tile cycles, added up by group: exact integers.
public struct WindowedActivity: Sendable {
  /// All signals of one key.
  public struct Group: Sendable {
    public var name: ComponentName
    public var unit: String
    /// Of its first member.
    public var definition: String
    public var kind: SignalInfo.Kind
    public var domain: ClockDomain
    /// Sum in each window over all cycles and members.
    public var sums: [Int64]
  }

  /// Energy of one kind of hardware in each window, attojoules.
  public struct Energy: Sendable {
    public var hardware: String
    public var attojoules: [Int128]
  }

  public let edges: WindowEdges
  /// In the order in which their first signal was registered.
  public private(set) var groups: [Group] = []
  /// By name.
  public private(set) var energies: [Energy] = []

  /// - Parameter sums: by what `GroupedWindows` keeps together, in the windows of `edges`.
  init(_ sums: [WindowKey: [Int64]], of index: TimelineIndex, edges: WindowEdges) {
    self.edges = edges
    let idle = [Int64](repeating: 0, count: edges.count)
    var dynamic: [String: [Int128]] = [:]
    var places: [ComponentName: Int] = [:]
    var seen: Set<WindowKey> = []
    for info in index.signals.map(\.info) {
      let key = WindowKey(info)
      guard seen.insert(key).inserted else { continue }
      let place = places[key.name] ?? groups.count
      places[key.name] = place
      if place == groups.count { groups.append(Group(key.name, info, windows: edges.count)) }
      groups[place].add(sums[key] ?? idle)
      guard key.attojoules > 0 else { continue }
      Self.add(sums[key] ?? idle, times: key.attojoules, to: &dynamic[key.name.hardware, default: []])
    }
    addStaticPower(index, to: &dynamic)
    energies = dynamic.sorted { $0.key < $1.key }.map { Energy(hardware: $0.key, attojoules: $0.value) }
  }

  private static func add(_ sums: [Int64], times attojoules: Int64, to energy: inout [Int128]) {
    if energy.isEmpty { energy = Array(repeating: 0, count: sums.count) }
    for window in sums.indices where sums[window] != 0 { energy[window] += Int128(sums[window]) * Int128(attojoules) }
  }

  private func addStaticPower(_ index: TimelineIndex, to dynamic: inout [String: [Int128]]) {
    let clock = index.domain(.tile)
    for (name, microwatts) in StaticPowerGroup.sums(index.staticPower) {
      let energy = StaticEnergy(microwatts: microwatts, hertz: clock.hertz)
      var place = dynamic[name.hardware] ?? []
      if place.isEmpty { place = Array(repeating: 0, count: edges.count) }
      for window in place.indices {
        place[window] += energy.attojoules(from: edges.tile[window], to: edges.tile[window + 1])
      }
      dynamic[name.hardware] = place
    }
  }

  /// Energy of all hardware in each window.
  public var totalAttojoules: [Int128] {
    energies.reduce(into: Array(repeating: 0, count: edges.count)) { total, energy in
      for window in total.indices { total[window] += energy.attojoules[window] }
    }
  }

  /// The sums of every group of a leaf (and of hardware, when named), added up.
  public func sums(leaf: String, hardware: String? = nil) -> [Int64] {
    groups.filter { $0.name.leaf == leaf && (hardware == nil || $0.name.hardware == hardware) }
      .reduce(into: Array(repeating: 0, count: edges.count)) { total, group in
        for window in total.indices { total[window] += group.sums[window] }
      }
  }
}

extension WindowedActivity.Group {
  fileprivate init(_ name: ComponentName, _ info: SignalInfo, windows: Int) {
    self.init(
      name: name, unit: info.unit, definition: info.definition, kind: info.kind, domain: info.domain,
      sums: Array(repeating: 0, count: windows))
  }

  fileprivate mutating func add(_ more: [Int64]) {
    for window in more.indices { sums[window] += more[window] }
  }
}

/// Static powers of the same kind of part are added up before they are turned into energy, so that the energy of the group
/// is rounded once and not once a part.
enum StaticPowerGroup {
  /// By group, ascending.
  static func sums(_ parts: [TimelineStaticPower]) -> [(name: ComponentName, microwatts: Int64)] {
    var sums: [ComponentName: Int64] = [:]
    for part in parts { sums[ComponentName(component: part.name, leaf: "static"), default: 0] += part.microwatts }
    return sums.map { ($0.key, $0.value) }.sorted { $0.name.key < $1.name.key }
  }
}
