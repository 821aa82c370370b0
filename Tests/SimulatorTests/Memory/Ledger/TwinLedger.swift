@testable import Architecture
@testable import Simulator

/// The ledger, plainly: charges the idle ticks of one channel's data buses when all is over, from its list of commands and from the
/// arrival of the request of each column command.
struct TwinLedger {
  /// What the row commands for a bank waited for, and since when columns may follow.
  private struct BankRecord {
    /// PREpb: when, from when the bank allowed it, and until when it takes. ACT: when, from when the bank allowed it but
    /// for that precharge, and from when other activates allowed it.
    var precharge: Int64 = 0
    var prechargeReady: Int64 = 0
    var prechargeEnd: Int64 = 0
    var activate: Int64 = 0
    var activateReady: Int64 = 0
    var activateAllowed: Int64 = 0
    var refreshStart: Int64 = 0
    var refreshEnd: Int64 = 0
  }
  private struct Request {
    var arrived: Int64
    /// Earliest arrival among the requests that the pseudo channel serves then or later.
    var waitingSince: Int64
  }
  private struct BusRecord {
    /// First tick after the last data, in ticks of the data bus.
    var dataEnd: Int64 = 0
    var lastColumn: Int64 = 0
    var refreshes: [Range<Int64>] = []

    /// Keeps the last few: more than that lie in a stretch without requests.
    mutating func add(_ refresh: Range<Int64>) {
      if refreshes.count == 8 { refreshes.removeFirst() }
      refreshes.append(refresh)
    }
  }

  private let device: DRAMDevice
  private let organisation: DRAMOrganisation
  private let controller: MemoryControllerSpec
  private let commands: [IssuedCommand]
  /// Of each column command, in order.
  private let requests: [Request]
  private let gaps: CommandGaps
  private var history: TwinHistory
  private var due: DueRefreshes
  private var banks: [BankRecord]
  private var buses: [BusRecord]

  /// - Parameters:
  ///   - commands: Of one channel, in order.
  ///   - arrivals: Of the requests of its column commands.
  init(_ device: DRAMDevice, _ controller: MemoryControllerSpec, commands: [IssuedCommand], arrivals: [Int64]) {
    self.device = device
    self.controller = controller
    organisation = device.organisation
    self.commands = commands
    gaps = CommandGaps(device)
    history = TwinHistory(device)
    banks = Array(repeating: BankRecord(), count: organisation.pseudoChannels * organisation.banks)
    buses = Array(repeating: BusRecord(), count: organisation.pseudoChannels)
    due = DueRefreshes(device, controller, until: commands.last?.clock ?? 0)
    requests = Self.requests(commands, arrivals, pseudoChannels: organisation.pseudoChannels)
  }

  private static func requests(_ commands: [IssuedCommand], _ arrivals: [Int64], pseudoChannels: Int) -> [Request] {
    let channels = commands.filter(\.command.isColumn).map { Int($0.pseudoChannel) }
    var requests = arrivals.map { Request(arrived: $0, waitingSince: $0) }
    var earliest = [Int64](repeating: .max, count: pseudoChannels)
    for index in channels.indices.reversed() {
      earliest[channels[index]] = min(earliest[channels[index]], requests[index].arrived)
      requests[index].waitingSince = earliest[channels[index]]
    }
    return requests
  }

  mutating func charge(until end: Int64, to use: inout BandwidthUse) {
    var column = 0
    for (index, command) in commands.enumerated() {
      switch command.command {
      case .PREpb: notePrecharge(command)
      case .ACT: noteActivate(command)
      case .REFab, .RFMab: noteRefresh(command)
      case .REFpb, .RFMpb: noteBankRefresh(command)
      case .PREab: break
      case .RD, .RDA, .WR, .WRA:
        chargeGap(before: command, at: index, requests[column], to: &use)
        column += 1
      }
      history.note(command)
    }
    for bus in buses { use.lose(max(0, end - bus.dataEnd), .noRequest) }
  }

  private func bank(_ command: IssuedCommand) -> Int {
    let stack = Int(command.pseudoChannel) * organisation.stackIDs + max(0, Int(command.stackID))
    return (stack * organisation.bankGroups + Int(command.bankGroup)) * organisation.banksPerGroup + Int(command.bank)
  }
}

/// When the refreshes of one channel fall due, by bank; those of all banks by the first of their pseudo channel.
private struct DueRefreshes {
  private var ticks: [Int: [Int64]] = [:]

  init(_ device: DRAMDevice, _ controller: MemoryControllerSpec, until end: Int64) {
    var refresh = TwinRefresh(controller, device)
    for clock in 0..<Int(end) {
      for job in refresh.due(at: clock + 1) {
        ticks[job.place.flatBank(device.organisation), default: []].append(Int64(clock + 1))
      }
    }
    for bank in ticks.keys { ticks[bank]?.reverse() }
  }

  /// The first that has not been issued.
  mutating func removeFirst(bank: Int) -> Int64 { ticks[bank]?.popLast() ?? -1 }
}

// MARK: - Row commands

extension TwinLedger {
  private mutating func notePrecharge(_ command: IssuedCommand) {
    let bank = bank(command)
    banks[bank].precharge = command.clock
    banks[bank].prechargeReady = history.earliest(command) { $0.scope == .bank }
    banks[bank].prechargeEnd = command.clock + gaps[.PREpb, .ACT]
  }

  private mutating func noteActivate(_ command: IssuedCommand) {
    let bank = bank(command)
    banks[bank].activate = command.clock
    banks[bank].activateReady = history.earliest(command) {
      $0.scope == .bank && $0.from != .PREpb || $0.from == .PREab
    }
    banks[bank].activateAllowed = history.earliest(command) { $0.from == .ACT && $0.scope != .bank }
  }

  /// From when it fell due; with one line of refreshes for all pseudo channels, the others wait for it as well.
  private mutating func noteRefresh(_ command: IssuedCommand) {
    let channel = Int(command.pseudoChannel)
    let due = due.removeFirst(bank: channel * organisation.banks)
    buses[channel].add(due..<max(due, command.clock + gaps[command.command, .ACT]))
    guard controller.policy == .ramulator2 else { return }
    for other in buses.indices where other != channel { buses[other].add(due..<max(due, command.clock)) }
  }

  private mutating func noteBankRefresh(_ command: IssuedCommand) {
    let bank = bank(command)
    banks[bank].refreshStart = due.removeFirst(bank: bank)
    banks[bank].refreshEnd = command.clock + gaps[command.command, .ACT]
    guard controller.policy == .ramulator2 else { return }
    for bus in buses.indices { buses[bus].add(banks[bank].refreshStart..<command.clock) }
  }
}

// MARK: - Column commands

extension TwinLedger {
  /// Charges the idle stretch that the data of a column command ends.
  private mutating func chargeGap(
    before command: IssuedCommand, at index: Int, _ request: Request, to use: inout BandwidthUse
  ) {
    let channel = Int(command.pseudoChannel)
    let latency = gaps.dataLatency(command.command) + Int64(controller.phyLatency * device.ticksPerClock)
    let start = command.clock - 1 + latency
    let idle = start - buses[channel].dataEnd
    if idle > 0 {
      var left = TwinSpans(command.clock - idle..<command.clock)
      let from = command.clock - idle
      use.lose(left.take(from: from, to: request.waitingSince + 1), .noRequest)
      if !left.isEmpty { chargeWaiting(command, at: index, from: from, arrived: request.arrived, &left, to: &use) }
    }
    use.carry(gaps.burst)
    buses[channel].dataEnd = start + gaps.burst
    buses[channel].lastColumn = command.clock
    buses[channel].refreshes.removeAll { $0.upperBound <= command.clock }
  }

  /// The reasons in their order, each taking what is left of its ticks.
  private func chargeWaiting(
    _ command: IssuedCommand, at index: Int, from: Int64, arrived: Int64, _ left: inout TwinSpans,
    to use: inout BandwidthUse
  ) {
    let (bus, bank) = (buses[Int(command.pseudoChannel)], banks[bank(command)])
    takeRefreshes(of: bus, bank, &left, to: &use)
    let isRead = command.command.isRead
    let turned = history.earliest(command) { $0.from.isColumn && $0.from.isRead != isRead }
    use.lose(left.take(from: from, to: max(turned, bus.lastColumn + 1)), .turnaround)
    let opened = bank.activate + gaps[.ACT, command.command]
    let late = left.take(from: from, to: opened)
    use.lose(takeColumnBus(before: index, command, from: max(from, opened), &left), .columnBus)
    use.lose(left.count, .scheduler)
    if late > 0 { chargeActivate(bank, bus, late, at: index, arrived: arrived, to: &use) }
  }

  /// So many ticks were lost because the activate came so late: they are charged to what held it in those before it.
  private func chargeActivate(
    _ bank: BankRecord, _ bus: BusRecord, _ late: Int64, at index: Int, arrived: Int64, to use: inout BandwidthUse
  ) {
    var left = TwinSpans(bank.activate - late..<bank.activate)
    let from = bank.activate - late
    takeRefreshes(of: bus, bank, &left, to: &use)
    let isConflict = bank.prechargeEnd >= bank.activateReady && bank.precharge > 0
    let ready = isConflict ? bank.prechargeEnd : bank.activateReady
    let earlier = left.take(from: from, to: max(ready, arrived + 1))
    use.lose(left.take(from: from, to: bank.activateAllowed), .activation)
    use.lose(takeRowBus(before: index, from: from, to: bank.activate, &left), .rowBus)
    use.lose(left.count, .scheduler)
    if isConflict && ready > arrived {
      chargePrecharge(bank, bus, earlier, at: index, arrived: arrived, to: &use)
    } else {
      use.lose(earlier, .bankTiming)
    }
  }

  /// Likewise, because the precharge came so late.
  private func chargePrecharge(
    _ bank: BankRecord, _ bus: BusRecord, _ late: Int64, at index: Int, arrived: Int64, to use: inout BandwidthUse
  ) {
    var left = TwinSpans(bank.precharge - late..<bank.precharge)
    let from = bank.precharge - late
    takeRefreshes(of: bus, bank, &left, to: &use)
    use.lose(left.take(from: from, to: max(bank.prechargeReady, arrived + 1)), .bankTiming)
    use.lose(takeRowBus(before: index, from: from, to: bank.precharge, &left), .rowBus)
    use.lose(left.count, .scheduler)
  }

  private func takeRefreshes(
    of bus: BusRecord, _ bank: BankRecord, _ left: inout TwinSpans, to use: inout BandwidthUse
  ) {
    for refresh in bus.refreshes {
      use.lose(left.take(from: refresh.lowerBound, to: refresh.upperBound), .refresh)
    }
    use.lose(left.take(from: bank.refreshStart, to: bank.refreshEnd), .refresh)
  }

  /// Ticks in which other row commands held the row bus.
  private func takeRowBus(before index: Int, from: Int64, to end: Int64, _ left: inout TwinSpans) -> Int64 {
    takeBus(before: index, from: from, &left) { $0.isColumn || $1 >= end }
  }

  /// Ticks in which the column bus was held, or nCCD not yet over.
  private func takeColumnBus(
    before index: Int, _ command: IssuedCommand, from: Int64, _ left: inout TwinSpans
  ) -> Int64 {
    let isRead = command.command.isRead
    let spaced = history.earliest(command) { $0.from.isColumn && $0.from.isRead == isRead }
    return left.take(from: from, to: spaced)
      + takeBus(before: index, from: from, &left) { command, _ in !command.isColumn }
  }

  private func takeBus(
    before index: Int, from: Int64, _ left: inout TwinSpans, except isOther: (DRAMCommand, Int64) -> Bool
  ) -> Int64 {
    var ticks: Int64 = 0
    for earlier in commands[..<index].reversed() {
      let length = Int64(device.commandTicks[earlier.command, default: 1])
      if left.isEmpty || earlier.clock + 4 < from { break }
      if isOther(earlier.command, earlier.clock) { continue }
      ticks += left.take(from: max(from, earlier.clock), to: earlier.clock + length)
    }
    return ticks
  }
}

extension DRAMCommand {
  fileprivate var isRead: Bool { self == .RD || self == .RDA }
}
