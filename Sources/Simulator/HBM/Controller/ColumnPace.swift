import Architecture

/// Ticks from one column command to the next of the same direction in one row, where they follow each other without anything else
/// coming between; 0 where something might.
struct ColumnPace: BitwiseCopyable {
  private let spacings: ByDirection<Int64>

  init(_ device: DRAMDevice) {
    spacings = ByDirection(
      reads: Self.spacing(device, .RD, .WR), writes: Self.spacing(device, .WR, .RD))
  }

  @inline(__always)
  subscript(_ direction: Int) -> Int64 { spacings[direction] }

  /// A row's column command comes no later than the pseudo channel allows one, and before it allows the other direction's.
  private static func spacing(_ device: DRAMDevice, _ command: DRAMCommand, _ opposite: DRAMCommand) -> Int64 {
    let (ofRow, ofChannel) = (CommandGaps(device), CommandGaps(device, widerThan: .stackID))
    let spacing = max(ofChannel[command, command], Int64(device.commandTicks[command, default: 1]))
    let isEven = spacing % Int64(device.ticksPerClock) == 0 || device.fallingEdgeCommands.contains(command)
    return ofRow[command, command] <= spacing && ofChannel[command, opposite] > spacing && isEven ? spacing : 0
  }
}
