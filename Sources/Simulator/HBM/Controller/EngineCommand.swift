import Architecture

/// The commands a controller issues, as indices into its tables: `DRAMCommand`'s raw values, known in this module at compile time.
enum EngineCommand: Int {
  // swift-format-ignore: AlwaysUseLowerCamelCase
  case ACT, PREpb, PREab, RD, RDA, WR, WRA, REFab, REFpb

  static let count = 9

  @inline(__always)
  var isColumn: Bool { self == .RD || self == .RDA || self == .WR || self == .WRA }

  /// Concerns all banks of its pseudo channel.
  @inline(__always)
  var isAllBank: Bool { self == .PREab || self == .REFab }

  /// Precondition: not a command that controllers never issue (RFM).
  init(_ command: DRAMCommand) { self = EngineCommand(rawValue: Int(command.rawValue))! }

  var standard: DRAMCommand { DRAMCommand(rawValue: UInt8(rawValue))! }

  /// RD or WR.
  @inline(__always)
  static func column(_ direction: Int) -> EngineCommand { direction == 0 ? .RD : .WR }
}
