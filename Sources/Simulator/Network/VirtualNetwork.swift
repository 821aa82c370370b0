/// Traffic classes of a machine that never wait for each other's buffers; their raw values index the networks of its
/// `RouterNetwork`.
public enum VirtualNetwork: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// Tiles to memory: read requests, and writes with their data.
  case request = 0
  /// Memory to tiles: read data and acknowledgements; tile to tile: copies and reports.
  case response = 1
  /// Memory to sets of tiles: read data.
  case multicast = 2
  /// Tiles to one tile, combined on the way. No record of the instruction set asks for it yet.
  case reduction = 3

  /// What the networks of a machine carry, in order. Those that stay empty are declared as unicast: the same channels at every
  /// port, and the engine can leave out what only they need.
  static func kinds(hasMulticast: Bool) -> [TrafficKind] {
    [.unicast, .unicast, hasMulticast ? .multicast : .unicast, .unicast]
  }

  /// Name in files and tables.
  public var name: String {
    switch self {
    case .request: "request"
    case .response: "response"
    case .multicast: "multicast"
    case .reduction: "reduction"
    }
  }
}
