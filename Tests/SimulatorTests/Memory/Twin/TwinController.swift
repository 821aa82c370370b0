import Architecture

/// The controller of one channel, tick by tick, as `docs/models/hbm.md` states it for policy `ramulator2`: naive on purpose.
final class TwinController {
  struct Entry: Equatable {
    var request: Int
    var isWrite: Bool
    var address: UInt64
    var place: MemoryPlace
    /// Ticks done when it was accepted.
    var arrival: Int
  }

  /// Refreshes and explicit precharges: strictly one after the other.
  struct Maintenance: Equatable {
    var command: DRAMCommand
    var place: MemoryPlace
  }

  /// A command that could be issued now, and for whom.
  private struct Choice {
    var command: DRAMCommand
    var queue: Queue
    var index: Int
  }
  enum Queue { case reads, writes, active, maintenance }

  enum Event: Equatable {
    case forwarded(request: Int)
    case merged(request: Int)
    case column(request: Int, clock: Int)
  }

  let channel: Int
  let spec: MemoryControllerSpec
  let device: TwinDevice
  var reads: [Entry] = []
  var writes: [Entry] = []
  var active: [Entry] = []
  var maintenance: [Maintenance] = []
  var isWriteMode = false
  /// Ticks done; during a tick its number, from 1.
  var clock = 0
  var refresh: TwinRefresh
  var rows: TwinRowPolicy
  /// Whether an auto-precharge has closed a bank whose activated request still waits: Ramulator 2 does so, and may hang.
  private(set) var closesUnderActive = false
  private var lastRising: TracedCommand?
  private(set) var trace: [TracedCommand] = []
  private(set) var events: [Event] = []

  init(channel: Int, spec: MemoryControllerSpec, device: DRAMDevice) {
    self.channel = channel
    self.spec = spec
    self.device = TwinDevice(device)
    refresh = TwinRefresh(spec.refresh, device)
    rows = TwinRowPolicy(spec, device)
  }

  private var isRising: Bool { device.device.ticksPerClock == 1 || clock % 2 == 1 }

  // MARK: arrival

  /// False if its queue is full.
  func accept(_ request: Int, isWrite: Bool, address: UInt64, place: MemoryPlace) -> Bool {
    let entry = Entry(request: request, isWrite: isWrite, address: address, place: place, arrival: clock)
    if writes.contains(where: { $0.address == address }) {
      events.append(isWrite ? .merged(request: request) : .forwarded(request: request))
      return true
    }
    guard isWrite ? writes.count < spec.writeQueue : reads.count < spec.readQueue else { return false }
    if isWrite { writes.append(entry) } else { reads.append(entry) }
    return true
  }

  // MARK: tick

  func tick() {
    clock += 1
    maintenance += refresh.due(at: clock)
    maintenance += rows.due(device, at: clock)
    if isRising { columnSlot() }
    rowSlot()
  }

  private func columnSlot() {
    if let choice = oldestReady(.active, where: { $0.isColumn }) {
      issue(choice)
    } else if maintenance.isEmpty, let choice = oldestReady(queueOfMode(), where: { $0.isColumn }) {
      issue(choice)
    }
  }

  private func rowSlot() {
    if let head = maintenance.first {
      let command = prerequisite(of: head)
      if !wouldCloseActive(command, head.place), mayStart(command, head.place) {
        issue(Choice(command: command, queue: .maintenance, index: 0))
      }
    } else if let choice = oldestReady(queueOfMode(), where: { !$0.isColumn }) {
      issue(choice)
    }
  }

  /// The mode changes here and nowhere else.
  private func queueOfMode() -> Queue {
    if isWriteMode {
      if 100 * writes.count < spec.writeLow * spec.writeQueue && !reads.isEmpty { isWriteMode = false }
    } else {
      if 100 * writes.count > spec.writeHigh * spec.writeQueue || reads.isEmpty { isWriteMode = true }
    }
    return isWriteMode ? .writes : .reads
  }

  // MARK: choice

  private func entries(_ queue: Queue) -> [Entry] {
    switch queue {
    case .reads: reads
    case .writes: writes
    case .active: active
    case .maintenance: []
    }
  }

  /// First by arrival, then by place in the queue.
  private func oldestReady(_ queue: Queue, where isOfSlot: (DRAMCommand) -> Bool) -> Choice? {
    let entries = entries(queue)
    var best: (arrival: Int, choice: Choice)?
    for (index, entry) in entries.enumerated() where entry.arrival < best?.arrival ?? .max {
      let command = next(of: entry)
      guard isOfSlot(command), queue == .active || !wouldCloseActive(command, entry.place),
        !isHeld(command, entry, in: entries), mayStart(command, entry.place)
      else { continue }
      best = (entry.arrival, Choice(command: command, queue: queue, index: index))
    }
    return best?.choice
  }

  private func next(of entry: Entry) -> DRAMCommand {
    guard let row = device.openRow(entry.place) else { return .ACT }
    return row != entry.place.row ? .PREpb : entry.isWrite ? .WR : .RD
  }

  private func prerequisite(of maintenance: Maintenance) -> DRAMCommand {
    switch maintenance.command {
    case .REFab: device.hasOpenBank(pseudoChannel: maintenance.place.pseudoChannel) ? .PREab : .REFab
    case .REFpb: device.openRow(maintenance.place) != nil ? .PREpb : .REFpb
    default: maintenance.command
    }
  }

  /// An activated request's row stays open until it is served.
  private func wouldCloseActive(_ command: DRAMCommand, _ place: MemoryPlace) -> Bool {
    switch command {
    case .PREpb: active.contains { $0.place.isSameBank(as: place) }
    case .PREab: active.contains { $0.place.pseudoChannel == place.pseudoChannel }
    default: false
    }
  }

  /// Row-hit first: no row is closed for a request while an older or equally old one of the queue hits it.
  private func isHeld(_ command: DRAMCommand, _ entry: Entry, in queue: [Entry]) -> Bool {
    guard spec.scheduler == .rowHitFirst, command == .PREpb else { return false }
    return queue.contains {
      $0.place.isSameBank(as: entry.place) && $0.place.row == device.openRow(entry.place)
        && $0.arrival <= entry.arrival
    }
  }

  private func mayStart(_ command: DRAMCommand, _ place: MemoryPlace) -> Bool {
    guard isRising || isAllowedOnFallingEdge(command, place) else { return false }
    return device.isReady(command, place, at: clock)
  }

  /// Beside the row command of the rising edge that pairs with this one: another pseudo channel, or another bank.
  private func isAllowedOnFallingEdge(_ command: DRAMCommand, _ place: MemoryPlace) -> Bool {
    guard device.device.fallingEdgeCommands.contains(command) else { return false }
    guard let rising = lastRising, clock == rising.clock + (rising.command == .ACT ? 3 : 1),
      rising.place.pseudoChannel == place.pseudoChannel
    else { return true }
    return !TracedCommand.isAllBank(rising.command) && command == .PREpb && !rising.place.isSameBank(as: place)
  }

  // MARK: issue

  private func issue(_ choice: Choice) {
    if choice.queue == .maintenance {
      let head = maintenance[0]
      send(choice.command, head.place)
      if choice.command == head.command { maintenance.removeFirst() }
      return
    }
    let entry = entries(choice.queue)[choice.index]
    let command = rows.upgraded(choice.command, entry.place)
    if command != choice.command && active.contains(where: { $0 != entry && $0.place.isSameBank(as: entry.place) }) {
      closesUnderActive = true
    }
    send(command, entry.place)
    if command.isColumn {
      remove(choice)
      events.append(.column(request: entry.request, clock: clock))
    } else if command == .ACT {
      remove(choice)
      active.append(entry)
    }
  }

  private func remove(_ choice: Choice) {
    switch choice.queue {
    case .reads: reads.remove(at: choice.index)
    case .writes: writes.remove(at: choice.index)
    case .active: active.remove(at: choice.index)
    case .maintenance: maintenance.remove(at: choice.index)
    }
  }

  private func send(_ command: DRAMCommand, _ place: MemoryPlace) {
    var place = place
    place.channel = channel
    device.issue(command, place, at: clock)
    rows.note(command, place)
    let entry = TracedCommand(clock: clock, command: command, place: place)
    trace.append(entry)
    if isRising && !command.isColumn { lastRising = entry }
  }
}
