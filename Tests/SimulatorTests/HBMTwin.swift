import Architecture

@testable import Simulator

/// The slow twin of one memory channel: walks access by access and cycle by cycle through the rules of
/// `docs/models/hbm.md`. Each train is a list of single accesses.
struct HBMTwin {
  struct Access {
    var train: Int
    var arrived: Int64
    var row: Int64
    var bank: Int
    var isWrite: Bool
  }

  struct Bank {
    var openRow: Int64?
    var busyUntil: Int64 = 0
  }

  let spec: HBMSpec
  var banks: [Bank]
  var queue: [Access] = []
  var busFree: Int64 = 0
  var refreshesStarted: Int64 = 0
  var refreshBusyUntil: Int64 = 0
  var completions: [MemoryCompletion] = []
  var counts = HBMCounts()

  init(spec: HBMSpec) {
    self.spec = spec
    banks = Array(repeating: Bank(), count: spec.banks)
  }

  mutating func run(_ trains: [(cycle: Int64, request: MemoryRequest)], until end: Int64) {
    completions = trains.map {
      MemoryCompletion(
        id: $0.request.id, channel: $0.request.channel, arrived: $0.cycle, started: -1, firstData: -1, lastData: -1)
    }
    for (index, train) in trains.enumerated() { enqueue(train.request, train: index, at: train.cycle) }
    for access in queue { place(access) }
    while isRefreshDue(by: end - 1), refreshStart() < end { startRefresh(refreshStart()) }
  }

  private mutating func enqueue(_ request: MemoryRequest, train: Int, at cycle: Int64) {
    counts.trains += 1
    counts.requestedBytes += Int64(request.accesses) * Int64(spec.accessBytes)
    for index in 0..<Int64(request.accesses) {
      let globalRow = (request.address + index * Int64(spec.accessBytes)) / Int64(spec.rowBytes)
      queue.append(
        Access(
          train: train, arrived: cycle, row: globalRow / Int64(spec.banks), bank: Int(globalRow) % spec.banks,
          isWrite: request.isWrite))
    }
  }

  /// Tries one cycle after the other, from the access's arrival on, until it can give its first command.
  private mutating func place(_ access: Access) {
    var cycle = access.arrived
    while true {
      while isRefreshDue(by: cycle) { startRefresh(refreshStart()) }
      if begins(access, cycle) { return serve(access, cycle) }
      cycle += 1
    }
  }

  private func isRefreshDue(by cycle: Int64) -> Bool {
    spec.nREFI > 0 && (refreshesStarted + 1) * Int64(spec.nREFI) <= cycle
  }

  private func refreshStart() -> Int64 {
    var cycle = (refreshesStarted + 1) * Int64(spec.nREFI)
    while cycle < busFree || cycle < refreshBusyUntil { cycle += 1 }
    return cycle
  }

  private func latency(_ access: Access) -> Int64 {
    let column = access.isWrite ? spec.nCWL : spec.nCL
    let activate = access.isWrite ? spec.nRCDWR : spec.nRCDRD
    if banks[access.bank].openRow == access.row { return Int64(column) }
    if banks[access.bank].openRow == nil { return Int64(activate + column) }
    return Int64(spec.nRP + activate + column)
  }

  private func begins(_ access: Access, _ cycle: Int64) -> Bool {
    banks[access.bank].busyUntil <= cycle && cycle + latency(access) >= busFree
  }

  private mutating func startRefresh(_ cycle: Int64) {
    refreshesStarted += 1
    counts.refreshes += 1
    refreshBusyUntil = cycle + Int64(spec.nRFC)
    for bank in banks.indices { banks[bank] = Bank(openRow: nil, busyUntil: refreshBusyUntil) }
  }

  private mutating func serve(_ access: Access, _ cycle: Int64) {
    let data = cycle + latency(access)
    classify(access)
    banks[access.bank].openRow = access.row
    busFree = data + Int64(spec.nBL)
    banks[access.bank].busyUntil = busFree - Int64(access.isWrite ? spec.nCWL : spec.nCL)
    counts.busyCycles += Int64(spec.nBL)
    note(access, cycle)
  }

  private mutating func classify(_ access: Access) {
    switch banks[access.bank].openRow {
    case access.row: counts.rowHits += 1
    case nil: (counts.rowMisses, counts.activates) = (counts.rowMisses + 1, counts.activates + 1)
    default: (counts.rowConflicts, counts.activates) = (counts.rowConflicts + 1, counts.activates + 1)
    }
  }

  private mutating func note(_ access: Access, _ cycle: Int64) {
    if completions[access.train].started < 0 {
      completions[access.train].started = cycle
      completions[access.train].firstData = busFree
      counts.queuedCycles += cycle - access.arrived
    }
    completions[access.train].lastData = busFree
    let bytes = Int64(spec.accessBytes)
    if access.isWrite {
      counts.writeAccesses += 1
      counts.writeBytes += bytes
    } else {
      counts.readAccesses += 1
      counts.readBytes += bytes
    }
  }
}
