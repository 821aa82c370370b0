import Architecture

/// The device of one channel as the slow twin sees it: for each part of it (channel, pseudo channels, stack IDs, groups,
/// banks) and each command the earliest clock, pushed forward by every command issued; and the open rows.
final class TwinDevice {
  private struct Gap {
    var scope: DRAMScope
    var isSibling: Bool
    var from: DRAMCommand
    var to: DRAMCommand
    var ticks: Int
    var window: Int
  }

  let device: DRAMDevice
  private let gaps: [DRAMCommand: [Gap]]
  private let counts: [Int]
  /// By scope, part and command.
  private var earliest: [[[Int]]]
  /// Clocks of each command in each part, latest first, for the windows.
  private var history: [[[[Int]]]]
  private(set) var openRows: [Int?]

  init(_ device: DRAMDevice) {
    self.device = device
    let organisation = device.organisation
    let resolved = device.resolvedConstraints.map {
      Gap(scope: $0.scope, isSibling: $0.isSibling, from: $0.from, to: $0.to, ticks: $0.ticks, window: $0.window)
    }
    gaps = Dictionary(grouping: resolved + Self.busGaps(device), by: \.from)
    counts = [
      1, organisation.pseudoChannels, organisation.pseudoChannels * organisation.stackIDs,
      organisation.pseudoChannels * organisation.stackIDs * organisation.bankGroups,
      organisation.pseudoChannels * organisation.banks,
    ]
    let commands = DRAMCommand.allCases.count
    earliest = counts.map { Array(repeating: Array(repeating: Int.min, count: commands), count: $0) }
    history = counts.map { Array(repeating: Array(repeating: [], count: commands), count: $0) }
    openRows = Array(repeating: nil, count: organisation.pseudoChannels * organisation.banks)
  }

  /// A command holds its bus, and all of the channel's pseudo channels share it.
  private static func busGaps(_ device: DRAMDevice) -> [Gap] {
    DRAMCommand.allCases.flatMap { first in
      DRAMCommand.allCases.filter { $0.isColumn == first.isColumn }.map { second in
        Gap(
          scope: .channel, isSibling: false, from: first, to: second, ticks: device.commandTicks[first, default: 1],
          window: 1)
      }
    }
  }

  // MARK: state

  func openRow(_ place: MemoryPlace) -> Int? { openRows[place.flatBank(device.organisation)] }

  func hasOpenBank(pseudoChannel: Int) -> Bool {
    let banks = device.organisation.banks
    return openRows[pseudoChannel * banks..<(pseudoChannel + 1) * banks].contains { $0 != nil }
  }

  // MARK: timing

  func isReady(_ command: DRAMCommand, _ place: MemoryPlace, at clock: Int) -> Bool {
    DRAMScope.allCases.allSatisfy { scope in
      parts(scope, under: place, of: command).allSatisfy {
        earliest[Int(scope.rawValue)][$0][Int(command.rawValue)] <= clock
      }
    }
  }

  func issue(_ command: DRAMCommand, _ place: MemoryPlace, at clock: Int) {
    for scope in DRAMScope.allCases {
      for part in parts(scope, under: place, of: command) {
        history[Int(scope.rawValue)][part][Int(command.rawValue)].insert(clock, at: 0)
        if history[Int(scope.rawValue)][part][Int(command.rawValue)].count > 8 {
          history[Int(scope.rawValue)][part][Int(command.rawValue)].removeLast()
        }
      }
    }
    for gap in gaps[command, default: []] { apply(gap, place) }
    changeRows(command, place)
  }

  private func apply(_ gap: Gap, _ place: MemoryPlace) {
    let scope = Int(gap.scope.rawValue)
    for own in parts(gap.scope, under: place, of: gap.from) {
      let clocks = history[scope][own][Int(gap.from.rawValue)]
      guard clocks.count >= gap.window else { continue }
      let next = clocks[gap.window - 1] + gap.ticks
      let others = siblings(gap.scope, of: own).filter { $0 != own }
      for part in gap.isSibling ? others : [own] {
        let before = earliest[scope][part][Int(gap.to.rawValue)]
        earliest[scope][part][Int(gap.to.rawValue)] = max(before, next)
      }
    }
  }

  private func changeRows(_ command: DRAMCommand, _ place: MemoryPlace) {
    switch command {
    case .ACT: openRows[place.flatBank(device.organisation)] = place.row
    case .PREpb, .PREab, .RDA, .WRA:
      for bank in parts(.bank, under: place, of: command) { openRows[bank] = nil }
    case .RD, .WR, .REFab, .REFpb, .RFMab, .RFMpb: break
    }
  }

  // MARK: parts

  /// The parts of a scope that a command to a place concerns: one, or for commands to all banks all below the pseudo channel.
  private func parts(_ scope: DRAMScope, under place: MemoryPlace, of command: DRAMCommand) -> ClosedRange<Int> {
    let count = counts[Int(scope.rawValue)]
    if scope <= .pseudoChannel || TracedCommand.isAllBank(command) {
      guard scope > .channel else { return 0...0 }
      let each = count / device.organisation.pseudoChannels
      return place.pseudoChannel * each...(place.pseudoChannel + 1) * each - 1
    }
    let banksOfPart = counts[Int(DRAMScope.bank.rawValue)] / count
    let part = place.flatBank(device.organisation) / banksOfPart
    return part...part
  }

  /// All parts with the same parent.
  private func siblings(_ scope: DRAMScope, of part: Int) -> ClosedRange<Int> {
    guard scope > .channel else { return 0...0 }
    let each = counts[Int(scope.rawValue)] / counts[Int(scope.rawValue) - 1]
    let first = part / each * each
    return first...first + each - 1
  }
}
