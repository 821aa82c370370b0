import Architecture

/// Where the first ticks of commands stand, in a pseudo channel's gates, a bank group's and a bank's words.
enum TimesLayout {
  /// By command, of the whole pseudo channel.
  static let gateWords = 16
  /// Column commands only.
  static let groupWords = 4
  /// All but the all-bank commands: a cache line.
  static let bankWords = 8

  @inline(__always)
  static func inGroup(_ command: EngineCommand) -> Int { command.rawValue &- EngineCommand.RD.rawValue }

  /// REFpb takes REFab's place.
  @inline(__always)
  static func inBank(_ command: EngineCommand) -> Int {
    command == .REFpb ? EngineCommand.REFab.rawValue : command.rawValue
  }

  static func gate(_ command: DRAMCommand) -> Int { Int(command.rawValue) }
  static func inGroup(_ command: DRAMCommand) -> Int { Int(command.rawValue) - EngineCommand.RD.rawValue }
  static func inBank(_ command: DRAMCommand) -> Int {
    command == .REFpb ? EngineCommand.REFab.rawValue : Int(command.rawValue)
  }
}

/// A pseudo channel's part of a `TimingTable`: first ticks by command of its own, of its groups and of its banks.
struct PseudoChannelTimes: BitwiseCopyable {
  let gates: UnsafeMutablePointer<Int64>
  let groups: UnsafeMutablePointer<Int64>
  let banks: UnsafeMutablePointer<Int64>

  @inline(__always)
  func group(_ command: EngineCommand, _ group: Int32) -> Int64 {
    groups[Int(group) &* TimesLayout.groupWords &+ TimesLayout.inGroup(command)]
  }

  @inline(__always)
  func bank(_ command: EngineCommand, _ bank: Int) -> Int64 {
    banks[bank &* TimesLayout.bankWords &+ TimesLayout.inBank(command)]
  }
}

/// `words[place] = max(itself, now + ticks)`, of the words that the command reaches at the level.
struct TimingUpdate: BitwiseCopyable {
  enum Level: Int, CaseIterable { case pseudoChannel, group, bank, banksOfGroup }
  var place: Int32
  var ticks: Int32
}

/// The same for several nodes of a level: those that share with the command's node the instance of `instance` nodes (siblings:
/// that do not) inside their parent of `parent` nodes.
struct TimingSpread: BitwiseCopyable {
  enum Level: UInt8 { case pseudoChannel, group, bank }
  var level: Level
  var place: Int
  var isSibling: Bool
  var instance: Int
  var parent: Int
  var ticks: Int64
}

/// A constraint that counts from the `size`-th last command of a pseudo channel or bank: rings of ticks, each followed by its
/// position.
struct TimingWindow: BitwiseCopyable {
  var place: Int32
  var isBank: Bool
  var size: Int32
  var history: Int32
  var ticks: Int64
}
