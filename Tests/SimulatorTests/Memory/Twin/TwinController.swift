import Architecture

/// The controller of one channel, tick by tick, as `docs/models/hbm.md` states it: naive on purpose.
final class TwinController {
  struct Entry: Equatable {
    /// Number of the access that is next; accesses are accepted in the order of their numbers.
    var request: Int
    var isWrite: Bool
    var address: UInt64
    var place: MemoryPlace
    /// Ticks done when it was accepted.
    var arrival: Int
    /// Accesses that it still stands for.
    var left = 1

    /// Whether an access is among them.
    func covers(_ other: UInt64, accessBytes: Int) -> Bool {
      other >= address && other < address + UInt64(left * accessBytes)
    }
  }

  /// A read and a write queue, of the channel or of one pseudo channel.
  struct QueuePair {
    var reads: [Entry] = []
    var writes: [Entry] = []
    var isWriteMode = false
    /// The queue served.
    var served: [Entry] { isWriteMode ? writes : reads }
  }

  /// Refreshes and forced precharges.
  struct Maintenance: Equatable {
    var command: DRAMCommand
    var place: MemoryPlace
  }

  enum Event: Equatable {
    case forwarded(request: Int)
    case merged(request: Int)
    case column(request: Int, clock: Int)
  }

  let channel: Int
  let spec: MemoryControllerSpec
  let device: TwinDevice
  private var pairs: [QueuePair]
  /// Requests whose ACT has been issued and whose column command has not, in the order of their ACTs.
  private var active: [Entry] = []
  /// Strictly in order within a line: one line for the channel, or one for each pseudo channel.
  private var lines: [[Maintenance]]
  /// Ticks done; during a tick its number, from 1.
  private(set) var clock = 0
  private var refresh: TwinRefresh
  private var rows: TwinRowPolicy
  private var lastRising: TracedCommand?
  /// Whether an auto-precharge has closed a bank whose activated request still waits: Ramulator 2 does so, and may hang.
  private(set) var closesUnderActive = false
  private(set) var trace: [TracedCommand] = []
  private(set) var events: [Event] = []

  init(channel: Int, spec: MemoryControllerSpec, device: DRAMDevice) {
    self.channel = channel
    self.spec = spec
    self.device = TwinDevice(device)
    let pseudoChannels = device.organisation.pseudoChannels
    pairs = Array(repeating: QueuePair(), count: spec.queuesPerPseudoChannel ? pseudoChannels : 1)
    lines = Array(repeating: [], count: spec.policy == .ramulator2 ? 1 : pseudoChannels)
    refresh = TwinRefresh(spec, device)
    rows = TwinRowPolicy(spec, device)
  }

  private var isRising: Bool { device.device.ticksPerClock == 1 || clock % 2 == 1 }
  private func pair(of place: MemoryPlace) -> Int { spec.queuesPerPseudoChannel ? place.pseudoChannel : 0 }
  private func line(of place: MemoryPlace) -> Int { spec.policy == .ramulator2 ? 0 : place.pseudoChannel }

  // MARK: arrival

  /// False if its queue is full.
  func accept(_ request: Int, isWrite: Bool, address: UInt64, place: MemoryPlace) -> Bool {
    accept(request, accesses: 1, isWrite: isWrite, address: address, place: place) == 1
  }

  /// Offers some accesses of consecutive columns; returns how many enter: those before the first that waits to be written, or that one.
  func accept(_ request: Int, accesses: Int, isWrite: Bool, address: UInt64, place: MemoryPlace) -> Int {
    let pair = pair(of: place)
    let bytes = device.device.organisation.accessBytes
    let entering = (0..<accesses).prefix { access in
      !pairs[pair].writes.contains { $0.covers(address + UInt64(access * bytes), accessBytes: bytes) }
    }.count
    if entering == 0 {
      events.append(isWrite ? .merged(request: request) : .forwarded(request: request))
      return 1
    }
    let entry = Entry(
      request: request, isWrite: isWrite, address: address, place: place, arrival: clock, left: entering)
    if isWrite {
      guard pairs[pair].writes.count < spec.writeQueue else { return 0 }
      pairs[pair].writes.append(entry)
    } else {
      guard pairs[pair].reads.count < spec.readQueue else { return 0 }
      pairs[pair].reads.append(entry)
    }
    return entering
  }

  // MARK: tick

  func tick() {
    clock += 1
    for job in refresh.due(at: clock) + rows.due(device, at: clock) { lines[line(of: job.place)].append(job) }
    if isRising { columnSlot() }
    rowSlot()
  }

  private func columnSlot() {
    let activated = active.filter { next(of: $0).isColumn && mayStart(next(of: $0), $0.place) }
    // The first of the oldest, in the order of their ACTs.
    if let oldest = activated.min(by: { $0.arrival < $1.arrival }) { return issue(next(of: oldest), oldest) }
    chooseModes()
    if let entry = oldestReady(where: { $0.isColumn }) { issue(next(of: entry), entry) }
  }

  private func rowSlot() {
    for line in lines.indices {
      if let job = lines[line].first, isPossible(job) { return issueMaintenance(line) }
    }
    chooseModes()
    if let entry = oldestReady(where: { !$0.isColumn }) {
      issue(next(of: entry), entry)
    } else if let place = unusedRow() {
      send(.PREpb, place)
    }
  }

  /// The modes change here and nowhere else: where a pair's requests are looked at.
  private func chooseModes() {
    for index in pairs.indices where !isBlocked(pair: index) {
      let (reads, writes) = (pairs[index].reads.count, pairs[index].writes.count)
      if pairs[index].isWriteMode {
        if (isDrained(writes) || writes == 0) && reads > 0 { pairs[index].isWriteMode = false }
      } else {
        if isFull(writes) || reads == 0 { pairs[index].isWriteMode = true }
      }
    }
  }

  /// Ramulator 2 reckons the marks in single precision.
  private func isFull(_ writes: Int) -> Bool {
    spec.policy == .palsim
      ? 100 * writes > spec.writeHigh * spec.writeQueue
      : Float(writes) > Float(Double(spec.writeHigh) / 100) * Float(spec.writeQueue)
  }

  /// This project's policy stops half-way between the marks.
  private func isDrained(_ writes: Int) -> Bool {
    spec.policy == .palsim
      ? 100 * writes < (spec.writeLow + spec.writeHigh) / 2 * spec.writeQueue
      : Float(writes) < Float(Double(spec.writeLow) / 100) * Float(spec.writeQueue)
  }

  /// While maintenance waits, no request of its pseudo channels is begun; for this project's policy, a refresh of one bank stops
  /// that bank's alone.
  private func isBlocked(pseudoChannel: Int) -> Bool {
    if stopsBanksAlone { return false }
    return !lines[lines.count == 1 ? 0 : pseudoChannel].isEmpty
  }

  private var stopsBanksAlone: Bool { spec.policy == .palsim && spec.refresh == .perBank }

  private func isBlocked(_ place: MemoryPlace) -> Bool {
    if isBlocked(pseudoChannel: place.pseudoChannel) { return true }
    return stopsBanksAlone && lines[line(of: place)].contains { $0.place.isSameBank(as: place) }
  }

  private func isBlocked(pair: Int) -> Bool {
    spec.queuesPerPseudoChannel
      ? isBlocked(pseudoChannel: pair)
      : (0..<device.device.organisation.pseudoChannels).allSatisfy { isBlocked(pseudoChannel: $0) }
  }

  // MARK: choice

  /// Of all queues served the oldest request whose next command is of the slot and possible now.
  private func oldestReady(where isOfSlot: (DRAMCommand) -> Bool) -> Entry? {
    var oldest: Entry?
    for index in pairs.indices {
      for entry in candidates(index) where entry.request < oldest?.request ?? .max {
        let command = next(of: entry)
        if isOfSlot(command), !isBlocked(entry.place),
          !wouldCloseActive(command, entry.place),
          !isHeldBack(command, entry, in: pairs[index].served), mayStart(command, entry.place)
        {
          oldest = entry
        }
      }
    }
    return oldest
  }

  /// First come, first served looks at the front alone, and when nothing of its pair is half done.
  private func candidates(_ index: Int) -> [Entry] {
    guard spec.scheduler == .fcfs else { return pairs[index].served }
    return active.contains { pair(of: $0.place) == index } ? [] : Array(pairs[index].served.prefix(1))
  }

  private func next(of entry: Entry) -> DRAMCommand {
    guard let row = device.openRow(entry.place) else { return .ACT }
    return row != entry.place.row ? .PREpb : entry.isWrite ? .WR : .RD
  }

  /// An activated request's row stays open until it is served.
  private func wouldCloseActive(_ command: DRAMCommand, _ place: MemoryPlace) -> Bool {
    switch command {
    case .PREpb: active.contains { $0.place.isSameBank(as: place) }
    case .PREab: active.contains { $0.place.pseudoChannel == place.pseudoChannel }
    default: false
    }
  }

  private func isHeldBack(_ command: DRAMCommand, _ entry: Entry, in queue: [Entry]) -> Bool {
    guard spec.scheduler != .fcfs else { return false }
    if command.isColumn { return hasHadItsShare(entry.place, in: queue) }
    guard spec.scheduler == .rowHitFirst, command == .PREpb, !hasHadItsShare(entry.place, in: queue) else {
      return false
    }
    // Row-hit first: no row is closed for a request while an older or equally old one of the queue hits it.
    return hits(entry.place, in: queue).contains { $0.arrival <= entry.arrival }
  }

  /// The row has had its cap of accesses, and a request to another row of the bank is older than those that hit it.
  private func hasHadItsShare(_ place: MemoryPlace, in queue: [Entry]) -> Bool {
    guard spec.rowHitCap > 0, rows.accesses(place) >= spec.rowHitCap, let row = device.openRow(place) else {
      return false
    }
    let hits = hits(place, in: queue)
    let misses = queue.filter { $0.place.isSameBank(as: place) && $0.place.row != row }
    guard let hit = hits.first, let miss = misses.first else { return false }
    return miss.request < hit.request
  }

  private func hits(_ place: MemoryPlace, in queue: [Entry]) -> [Entry] {
    queue.filter { $0.place.isSameBank(as: place) && $0.place.row == device.openRow(place) }
  }

  /// A row nobody has used for the timeout, and nobody waits for.
  private func unusedRow() -> MemoryPlace? {
    guard spec.rowPolicy == .timeout else { return nil }
    let organisation = device.device.organisation
    return (0..<organisation.pseudoChannels * organisation.banks).lazy
      .map { MemoryPlace(flatBank: $0, organisation) }
      .first { place in
        self.device.openRow(place) != nil && !self.isBlocked(pseudoChannel: place.pseudoChannel)
          && !self.wouldCloseActive(.PREpb, place)
          && self.rows.idleSince(place) + self.spec.rowTimeout * self.device.device.ticksPerClock <= self.clock
          && self.pairs.allSatisfy { self.hits(place, in: $0.reads).isEmpty && self.hits(place, in: $0.writes).isEmpty }
          && self.mayStart(.PREpb, place)
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

  // MARK: maintenance

  private func isPossible(_ job: Maintenance) -> Bool {
    let command = prerequisite(of: job)
    return !wouldCloseActive(command, job.place) && mayStart(command, job.place)
  }

  private func prerequisite(of job: Maintenance) -> DRAMCommand {
    switch job.command {
    case .REFab: device.hasOpenBank(pseudoChannel: job.place.pseudoChannel) ? .PREab : .REFab
    case .REFpb: device.openRow(job.place) != nil ? .PREpb : .REFpb
    default: job.command
    }
  }

  private func issueMaintenance(_ line: Int) {
    let job = lines[line][0]
    let command = prerequisite(of: job)
    send(command, job.place)
    if command == job.command { lines[line].removeFirst() }
  }

  // MARK: issue

  private func issue(_ plain: DRAMCommand, _ entry: Entry) {
    let isAwaited = active.contains { ($0 != entry || $0.left > 1) && $0.place.isSameBank(as: entry.place) }
    let command = rows.upgraded(plain, entry.place, isAwaited: isAwaited)
    if command != plain && isAwaited { closesUnderActive = true }
    send(command, entry.place)
    guard command != .PREpb else { return }
    if command.isColumn && entry.left > 1 {
      events.append(.column(request: entry.request, clock: clock))
      return pass(entry)
    }
    let pair = pair(of: entry.place)
    pairs[pair].reads.removeAll { $0 == entry }
    pairs[pair].writes.removeAll { $0 == entry }
    if command == .ACT {
      active.append(entry)
    } else {
      active.removeAll { $0 == entry }
      events.append(.column(request: entry.request, clock: clock))
    }
  }

  /// The first of a request's accesses has been served; the others stay where they were.
  private func pass(_ entry: Entry) {
    var rest = entry
    rest.request += 1
    rest.left -= 1
    rest.address += UInt64(device.device.organisation.accessBytes)
    rest.place.column += 1
    let pair = pair(of: entry.place)
    func replace(_ queue: inout [Entry]) { queue = queue.map { $0 == entry ? rest : $0 } }
    replace(&pairs[pair].reads)
    replace(&pairs[pair].writes)
    replace(&active)
  }

  private func send(_ command: DRAMCommand, _ place: MemoryPlace) {
    var place = place
    place.channel = channel
    device.issue(command, place, at: clock)
    rows.note(command, place, at: clock)
    let entry = TracedCommand(clock: clock, command: command, place: place)
    trace.append(entry)
    if isRising && !command.isColumn { lastRising = entry }
  }
}
