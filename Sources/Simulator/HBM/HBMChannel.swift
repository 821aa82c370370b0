import Architecture

/// One memory channel of the plain model: a data bus, banks with one open row each, and all-bank refresh.
/// `docs/models/hbm.md` has its rules in words, under the same names.
struct HBMChannel: ~Copyable {
  struct Bank {
    /// Row held open, -1 when closed.
    var openRow: Int64 = -1
    /// First cycle at which the bank can take a command.
    var ready: Int64 = 0
  }

  /// The next access of a train: where it goes and when.
  struct Service {
    var bank: Int
    var row: Int64
    /// First command, first data on the bus.
    var command: Int64
    var data: Int64
  }

  private let index: Int32
  private let accessBytes: Int64
  private let burst: Int64
  private let rowAccesses: Int64
  private let readLatency: Int64
  private let writeLatency: Int64
  private let readActivate: Int64
  private let writeActivate: Int64
  private let precharge: Int64
  private let refreshInterval: Int64
  private let refreshCycles: Int64
  private let bankCount: Int
  private let banks: UnsafeMutablePointer<Bank>

  /// The data bus is taken before this cycle.
  private var busFree: Int64 = 0
  private var refreshEnd: Int64 = 0
  /// When the next refresh falls due, `.max` without refresh.
  private var refreshDue: Int64
  private(set) var counts = HBMCounts()
  let signals: HBMSignals

  init(spec: HBMSpec, index: Int32, signals: HBMSignals) {
    self.index = index
    self.signals = signals
    accessBytes = Int64(spec.accessBytes)
    burst = Int64(spec.nBL)
    rowAccesses = Int64(spec.rowBytes / spec.accessBytes)
    readLatency = Int64(spec.nCL)
    writeLatency = Int64(spec.nCWL)
    readActivate = Int64(spec.nRCDRD)
    writeActivate = Int64(spec.nRCDWR)
    precharge = Int64(spec.nRP)
    refreshInterval = Int64(spec.nREFI)
    refreshCycles = Int64(spec.nRFC)
    refreshDue = spec.nREFI > 0 ? Int64(spec.nREFI) : .max
    bankCount = spec.banks
    banks = .allocate(capacity: spec.banks)
    banks.initialize(repeating: Bank(), count: spec.banks)
  }

  deinit { banks.deallocate() }

  /// What the plain model needs of a spec; a validated configuration has it.
  static func check(_ spec: HBMSpec) {
    precondition(spec.channels > 0 && spec.banks > 0, "memory needs a channel and a bank")
    precondition(spec.accessBytes > 0 && spec.nBL > 0, "a memory access has bytes and cycles")
    precondition(spec.accessBytes % spec.nBL == 0, "memory access bytes are not a multiple of the burst's cycles")
    precondition(spec.rowBytes > 0 && spec.rowBytes % spec.accessBytes == 0, "a memory row is not whole accesses")
    precondition(spec.nREFI == 0 || spec.nRFC < spec.nREFI, "refresh takes longer than its interval")
  }

  /// Serves a train that enters the queue in `arrived`. Precondition: arrivals come in order.
  mutating func serve(
    _ request: MemoryRequest, at arrived: Int64, recorder: inout ActivityRecorder
  ) -> MemoryCompletion {
    settle(before: arrived, recorder: &recorder)
    var access = request.address / accessBytes
    var left = Int64(request.accesses)
    var started: Int64 = -1
    var firstData: Int64 = -1
    while left > 0 {
      let service = begin(access, isWrite: request.isWrite, arrived: arrived, recorder: &recorder)
      let taken = burstRun(of: service, access: access, left: left, isWrite: request.isWrite)
      transfer(taken, of: service, isWrite: request.isWrite, recorder: &recorder)
      if started < 0 { (started, firstData) = (service.command, service.data + burst) }
      access += taken
      left -= taken
    }
    count(request, arrived: arrived, started: started, recorder: &recorder)
    return MemoryCompletion(
      id: request.id, channel: index, arrived: arrived, started: started, firstData: firstData, lastData: busFree)
  }

  /// Refreshes that begin before `cycle` when nothing more arrives before it.
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    while nextRefresh < cycle { refresh(recorder: &recorder) }
  }

  /// Ideal memory: the whole train in the cycle after its arrival.
  mutating func complete(
    _ request: MemoryRequest, at arrived: Int64, recorder: inout ActivityRecorder
  ) -> MemoryCompletion {
    let bytes = Int64(request.accesses) * accessBytes
    recorder.add(
      request.isWrite ? signals.writeBytes : signals.readBytes, from: arrived, to: arrived + 1, rate: bytes)
    countAccesses(Int64(request.accesses), isWrite: request.isWrite)
    counts.rowHits += Int64(request.accesses)
    counts.trains += 1
    counts.requestedBytes += bytes
    return MemoryCompletion(
      id: request.id, channel: index, arrived: arrived, started: arrived, firstData: arrived + 1, lastData: arrived + 1)
  }

  /// Places the first access of a run: waits for refreshes, opens the row if need be.
  private mutating func begin(
    _ access: Int64, isWrite: Bool, arrived: Int64, recorder: inout ActivityRecorder
  ) -> Service {
    let globalRow = access / rowAccesses
    let bank = Int(globalRow % Int64(bankCount))
    let row = globalRow / Int64(bankCount)
    var (command, data) = times(bank: bank, row: row, isWrite: isWrite, arrived: arrived)
    while command >= refreshDue {
      refresh(recorder: &recorder)
      (command, data) = times(bank: bank, row: row, isWrite: isWrite, arrived: arrived)
    }
    open(row, in: bank, command: command, recorder: &recorder)
    return Service(bank: bank, row: row, command: command, data: data)
  }

  /// First command and first data of an access: as early as its arrival, its bank and the data bus allow, and no earlier than
  /// needed to keep the bus busy.
  private func times(bank: Int, row: Int64, isWrite: Bool, arrived: Int64) -> (command: Int64, data: Int64) {
    let open = banks[bank].openRow
    let activate = isWrite ? writeActivate : readActivate
    let opening = open == row ? 0 : open < 0 ? activate : precharge + activate
    let latency = opening + (isWrite ? writeLatency : readLatency)
    let command = max(arrived, banks[bank].ready, busFree - latency)
    return (command, command + latency)
  }

  private mutating func open(_ row: Int64, in bank: Int, command: Int64, recorder: inout ActivityRecorder) {
    let open = banks[bank].openRow
    if open == row {
      counts.rowHits += 1
      return
    }
    if open < 0 { counts.rowMisses += 1 } else { counts.rowConflicts += 1 }
    let activate = open < 0 ? command : command + precharge
    banks[bank].openRow = row
    counts.activates += 1
    recorder.add(signals.activates, from: activate, to: activate + 1, rate: 1)
  }

  /// How many accesses follow each other on the bus: to the end of the row, of the train, or until a refresh is due.
  private func burstRun(of service: Service, access: Int64, left: Int64, isWrite: Bool) -> Int64 {
    let run = min(left, rowAccesses - access % rowAccesses)
    let column = service.data - (isWrite ? writeLatency : readLatency)
    if refreshDue == .max || column + (run - 1) * burst < refreshDue { return run }
    return max(1, (refreshDue - column + burst - 1) / burst)
  }

  private mutating func transfer(
    _ accesses: Int64, of service: Service, isWrite: Bool, recorder: inout ActivityRecorder
  ) {
    let end = service.data + accesses * burst
    recorder.add(
      isWrite ? signals.writeBytes : signals.readBytes, from: service.data, to: end, rate: accessBytes / burst)
    busFree = end
    banks[service.bank].ready = end - (isWrite ? writeLatency : readLatency)
    counts.rowHits += accesses - 1
    counts.busyCycles += accesses * burst
    countAccesses(accesses, isWrite: isWrite)
  }

  /// When the next refresh begins if nothing more arrives: one that is due waits for the bus and for the one before.
  private var nextRefresh: Int64 { max(refreshDue, busFree, refreshEnd) }

  private mutating func refresh(recorder: inout ActivityRecorder) {
    let start = nextRefresh
    refreshEnd = start + refreshCycles
    refreshDue += refreshInterval
    for bank in 0..<bankCount { banks[bank] = Bank(openRow: -1, ready: refreshEnd) }
    counts.refreshes += 1
    recorder.add(signals.refreshes, from: start, to: start + 1, rate: 1)
    recorder.add(signals.refreshCycles, from: start, to: refreshEnd, rate: 1)
  }

  private mutating func countAccesses(_ accesses: Int64, isWrite: Bool) {
    if isWrite {
      counts.writeAccesses += accesses
      counts.writeBytes += accesses * accessBytes
    } else {
      counts.readAccesses += accesses
      counts.readBytes += accesses * accessBytes
    }
  }

  private mutating func count(
    _ request: MemoryRequest, arrived: Int64, started: Int64, recorder: inout ActivityRecorder
  ) {
    counts.trains += 1
    counts.requestedBytes += Int64(request.accesses) * accessBytes
    counts.queuedCycles += started - arrived
    if started > arrived { recorder.add(signals.queue, from: arrived, to: started, rate: 1) }
  }

  func checkLaws(end: Int64, isIdeal: Bool) -> [String] {
    var broken: [String] = []
    if counts.readBytes + counts.writeBytes != counts.requestedBytes {
      broken.append(
        "bytes requested (\(counts.requestedBytes)) and delivered (\(counts.readBytes + counts.writeBytes)) differ")
    }
    if counts.rowHits + counts.rowMisses + counts.rowConflicts != counts.readAccesses + counts.writeAccesses {
      broken.append("row hits, misses and conflicts do not add up to the accesses")
    }
    if counts.rowMisses + counts.rowConflicts != counts.activates {
      broken.append("rows opened are not the row misses and conflicts")
    }
    let due = isIdeal || refreshInterval == 0 || end <= 0 ? 0 : (end - 1) / refreshInterval
    if (counts.refreshes < due && nextRefresh < end)
      || (!isIdeal && refreshDue != .max && refreshDue != (counts.refreshes + 1) * refreshInterval)
    {
      broken.append("refreshes issued (\(counts.refreshes)) are not those due (\(due))")
    }
    return broken
  }
}
