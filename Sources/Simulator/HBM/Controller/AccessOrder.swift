import Architecture

/// In what order a controller serves what waits: a generic parameter, constants only.
public protocol AccessOrder {
  /// Which row hits keep a row from being closed for another request of the same queue.
  static var protection: RowProtection { get }
  /// Only the oldest request of a queue is served, and no other begins before it is done.
  static var isInOrder: Bool { get }
  /// One refresh at a time, all pseudo channels waiting; else each pseudo channel refreshes for itself.
  static var refreshesInTurn: Bool { get }
}

/// Hits of the same queue that keep their row open.
public enum RowProtection: Equatable, Sendable {
  /// A request to another row may close it whenever the device allows.
  case none
  /// Those at least as old as the request that would close the row.
  case olderHits
  /// All of them.
  case allHits
}

/// Ramulator 2's first-ready scheduler.
public enum RamulatorFirstReady: AccessOrder {
  public static var protection: RowProtection { .none }
  public static var isInOrder: Bool { false }
  public static var refreshesInTurn: Bool { true }
}

/// Ramulator 2's first-ready scheduler with row hits first.
public enum RamulatorRowHitFirst: AccessOrder {
  public static var protection: RowProtection { .olderHits }
  public static var isInOrder: Bool { false }
  public static var refreshesInTurn: Bool { true }
}

/// In order of arrival, refreshed as Ramulator 2 does.
public enum RamulatorInOrder: AccessOrder {
  public static var protection: RowProtection { .none }
  public static var isInOrder: Bool { true }
  public static var refreshesInTurn: Bool { true }
}

/// First ready, pseudo channels refreshing independently.
public enum FirstReady: AccessOrder {
  public static var protection: RowProtection { .none }
  public static var isInOrder: Bool { false }
  public static var refreshesInTurn: Bool { false }
}

/// Row hits first, pseudo channels refreshing independently.
public enum RowHitFirst: AccessOrder {
  public static var protection: RowProtection { .olderHits }
  public static var isInOrder: Bool { false }
  public static var refreshesInTurn: Bool { false }
}

/// In order of arrival, pseudo channels refreshing independently.
public enum InOrder: AccessOrder {
  public static var protection: RowProtection { .none }
  public static var isInOrder: Bool { true }
  public static var refreshesInTurn: Bool { false }
}
