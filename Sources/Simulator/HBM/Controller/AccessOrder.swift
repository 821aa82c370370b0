import Architecture

/// In what order a controller serves its queues: a generic parameter, so that each order is compiled for itself.
public protocol AccessOrder {
  /// Only the oldest request of a queue is served, and no other begins before it is done; else the oldest whose next command
  /// is possible.
  static var isInOrder: Bool { get }
  /// Other than 0: controllers are plain (`ControllerPlan.Order`), with so many pseudo channels; known when compiling, which takes
  /// most tests and loops out of the slots.
  static var plainChannels: Int { get }
}

extension AccessOrder {
  /// Not plain.
  public static var plainChannels: Int { 0 }
}

/// FR-FCFS and row hits first: the oldest request whose next command is possible.
public enum FirstReady: AccessOrder {
  public static var isInOrder: Bool { false }
}

/// FR-FCFS of plain controllers over one pseudo channel.
public enum PlainFirstReady: AccessOrder {
  public static var isInOrder: Bool { false }
  public static var plainChannels: Int { 1 }
}

/// FR-FCFS of plain controllers over two pseudo channels.
public enum PlainPairFirstReady: AccessOrder {
  public static var isInOrder: Bool { false }
  public static var plainChannels: Int { 2 }
}

/// FCFS.
public enum InOrder: AccessOrder {
  public static var isInOrder: Bool { true }
}

/// What distinguishes policies beyond the order: looked at where a row is about to be closed or refreshed, not at each access.
struct ControllerRules: Equatable, Sendable {
  /// Hits of the same queue that keep their row open.
  enum RowProtection: Equatable, Sendable {
    /// A request to another row may close it whenever the device allows.
    case none
    /// Those at least as old as the request that would close the row.
    case olderHits
  }
  var protection: RowProtection
  /// One refresh at a time, all pseudo channels waiting; else each pseudo channel refreshes for itself.
  var refreshesInTurn: Bool
  /// A row that has had its accesses is closed by a forced PRE or by a further access's auto-precharge; else the last of the
  /// accesses carries auto-precharge.
  var forcesPrecharge: Bool
  /// While a refresh waits, no request of its pseudo channel is begun, nor, with `refreshesInTurn`, of the others. Else refreshes
  /// are of one bank each and hold back the requests to that bank alone.
  var refreshBlocks: Bool
  /// Something is done to rows beyond what requests need.
  var weighsHits: Bool

  init(_ spec: MemoryControllerSpec) {
    let isRamulator = spec.policy == .ramulator2
    protection = spec.scheduler == .rowHitFirst ? .olderHits : .none
    refreshesInTurn = isRamulator
    forcesPrecharge = isRamulator && spec.rowPolicy == .closed
    refreshBlocks = isRamulator || spec.refresh != .perBank
    weighsHits = protection != .none || spec.rowHitCap > 0
  }
}
