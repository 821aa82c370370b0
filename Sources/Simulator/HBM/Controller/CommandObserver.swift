import Architecture

/// A command as it goes over one of a channel's buses.
public struct IssuedCommand: Equatable, Sendable {
  /// Scheduling tick, counted from 1: tick t is that of cycle (t - 1) / `DRAMDevice.ticksPerClock`.
  public var clock: Int64
  let kind: EngineCommand
  public var channel: Int32
  public var pseudoChannel: Int32
  /// -1 where the command names none (all-bank commands).
  public var stackID: Int32
  public var bankGroup: Int32
  public var bank: Int32
  /// The bank counted over all bank groups and stack IDs of the pseudo channel; -1 likewise.
  public var bankOfAll: Int32
  /// -1 but for ACT and column commands.
  public var row: Int32
  /// -1 but for column commands.
  public var column: Int32

  public var command: DRAMCommand { kind.standard }
}

/// Sees every command of a channel, in the order of issue but for runs of column commands, which are seen when they end (trains
/// only); a generic parameter, so that not watching costs nothing.
public protocol CommandObserver {
  /// Whether commands are to be reported; constant.
  static var isActive: Bool { get }
  /// Whether each refresh of an idle channel is to be reported, or those of a few rounds do.
  var seesIdleRefreshes: Bool { get }
  mutating func observe(_ command: IssuedCommand)
  /// So many column commands, `spacing` ticks apart, of consecutive columns from the first one's on. They are told together, after what
  /// happened in the ticks between: commands need not come in the order of their ticks.
  mutating func observe(_ first: IssuedCommand, count: Int64, spacing: Int64)
  /// A request has taken a queue entry. An entry goes to another request once the first has been served.
  mutating func accept(entry: Int, pseudoChannel: Int, at tick: Int64)
  /// An access of an entry has its column command, which is observed next. Not called for runs.
  mutating func serve(entry: Int, pseudoChannel: Int)
  /// A refresh of a bank, or of all banks (-1), is due from this tick on.
  mutating func refreshFallsDue(pseudoChannel: Int, bank: Int, at tick: Int64)
  /// The commands it has kept, if it keeps them.
  var commands: [IssuedCommand] { get }
  /// Gives away the commands it has kept up to a tick.
  mutating func takeCommands(through tick: Int64) -> [IssuedCommand]
}

extension CommandObserver {
  public var seesIdleRefreshes: Bool { true }
  @inline(__always)
  public mutating func observe(_ first: IssuedCommand, count: Int64, spacing: Int64) {
    var command = first
    observe(command)
    var left = count &- 1
    while left > 0 {
      command.clock &+= spacing
      command.column &+= 1
      observe(command)
      left &-= 1
    }
  }
  @inline(__always)
  public mutating func accept(entry: Int, pseudoChannel: Int, at tick: Int64) {}
  @inline(__always)
  public mutating func serve(entry: Int, pseudoChannel: Int) {}
  public mutating func refreshFallsDue(pseudoChannel: Int, bank: Int, at tick: Int64) {}
  public mutating func takeCommands(through tick: Int64) -> [IssuedCommand] { [] }
}

/// Watches nothing.
public struct NoObserver: CommandObserver {
  public static var isActive: Bool { false }
  public var seesIdleRefreshes: Bool { false }
  public var commands: [IssuedCommand] { [] }
  public init() {}
  public mutating func observe(_ command: IssuedCommand) {}
}

/// Keeps every command, for tests and for `--commands`.
public struct CommandLog: CommandObserver {
  public static var isActive: Bool { true }
  public private(set) var commands: [IssuedCommand] = []
  public init() {}
  public mutating func observe(_ command: IssuedCommand) { commands.append(command) }

  public mutating func takeCommands(through tick: Int64) -> [IssuedCommand] {
    defer { commands.removeAll { $0.clock <= tick } }
    return commands.filter { $0.clock <= tick }
  }
}
