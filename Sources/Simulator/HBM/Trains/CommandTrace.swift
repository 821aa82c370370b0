import Architecture

/// A command as its port's time series need it.
struct TracedCommand: BitwiseCopyable {
  /// Scheduling tick, as in `IssuedCommand`.
  var clock: Int64
  var channel: Int32
  var pseudoChannel: Int32
  /// The bank of the pseudo channel, as a bit; 0 for all-bank commands.
  var bank: UInt64
  private var raw: UInt8

  var command: DRAMCommand { DRAMCommand(rawValue: raw)! }

  init(_ command: IssuedCommand) {
    clock = command.clock
    channel = command.channel
    pseudoChannel = command.pseudoChannel
    raw = UInt8(command.kind.rawValue)
    bank = command.bankIndex < 0 ? 0 : bankBit(Int(command.bankIndex))
  }
}

/// Hands a channel's commands to its owner, who empties the buffer after each run.
struct CommandTrace: CommandObserver {
  static var isActive: Bool { true }
  var seesIdleRefreshes: Bool { true }
  /// The owner's; channels that run one after the other may share it.
  let buffer: UnsafeMutablePointer<GrowingBuffer<TracedCommand>>
  var commands: [IssuedCommand] { [] }

  @inline(__always)
  mutating func observe(_ command: IssuedCommand) { buffer.pointee.append(TracedCommand(command)) }
}
