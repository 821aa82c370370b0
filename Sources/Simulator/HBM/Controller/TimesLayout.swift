import Architecture

/// Where first ticks of commands stand: in a pseudo channel's gates, in a bank group's words, in a bank or its spare words.
enum TimesLayout {
  /// By command, of the whole pseudo channel.
  static let gateWords = 16
  /// RD, RDA, WR, WRA of a bank group.
  static let groupWords = 4
  /// RDA, WRA, REFpb of a bank.
  static let spareWords = 4
  static let bankWords = MemoryLayout<Bank>.stride / MemoryLayout<Int64>.stride

  @inline(__always)
  static func inGroup(_ command: EngineCommand) -> Int { command.rawValue &- EngineCommand.RD.rawValue }

  /// The word of `Bank.times` or, of spare words, behind those.
  @inline(__always)
  static func inBank(_ command: EngineCommand) -> Int {
    switch command {
    case .ACT, .REFab, .PREab: 0
    case .PREpb: 1
    case .RD: 2
    case .WR: 3
    case .RDA: 4
    case .WRA: 5
    case .REFpb: 6
    }
  }
}

/// A pseudo channel's part of a `TimingTable`, beside what its banks hold.
struct PseudoChannelTimes: BitwiseCopyable {
  let gates: UnsafeMutablePointer<Int64>
  let groups: UnsafeMutablePointer<Int64>
  let spares: UnsafeMutablePointer<Int64>

  @inline(__always)
  func group(_ command: EngineCommand, _ group: Int32) -> Int64 {
    groups[Int(group) &* TimesLayout.groupWords &+ TimesLayout.inGroup(command)]
  }
}

/// `words[place] = max(itself, now + ticks)`, of the words that the command reaches at the level.
struct TimingUpdate: BitwiseCopyable {
  enum Level: Int, CaseIterable { case pseudoChannel, group, bank, banksOfGroup, spare, sparesOfGroup }
  var place: Int32
  var ticks: Int32
}

/// The same for several nodes of a level: those that share with the command's node the instance of `instance` nodes (siblings:
/// that do not) inside their parent of `parent` nodes.
struct TimingSpread: BitwiseCopyable {
  enum Level: UInt8 { case pseudoChannel, group, bank, spare }
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
  enum Level: UInt8 { case pseudoChannel, bank, spare }
  var level: Level
  var place: Int32
  var size: Int32
  var history: Int32
  var ticks: Int64
}
