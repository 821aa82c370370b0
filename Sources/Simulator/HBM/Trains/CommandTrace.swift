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

  init(_ command: IssuedCommand, _ organisation: DRAMOrganisation) {
    clock = command.clock
    channel = command.channel
    pseudoChannel = command.pseudoChannel
    raw = command.command.rawValue
    let group = Int(command.stackID) &* organisation.bankGroups &+ Int(command.bankGroup)
    let index = group &* organisation.banksPerGroup &+ Int(command.bank)
    bank = command.bank < 0 ? 0 : 1 &<< UInt64(truncatingIfNeeded: index)
  }
}

/// Hands a channel's commands to its owner, who empties the buffer after each run.
struct CommandTrace: CommandObserver {
  static var isActive: Bool { true }
  /// The owner's; channels that run one after the other may share it.
  let buffer: UnsafeMutablePointer<GrowingBuffer<TracedCommand>>
  let organisation: DRAMOrganisation
  var commands: [IssuedCommand] { [] }

  @inline(__always)
  mutating func observe(_ command: IssuedCommand) { buffer.pointee.append(TracedCommand(command, organisation)) }
}
