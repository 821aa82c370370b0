/// Final counts, each kept apart from the time series so that the two can be held against each other.
extension Machine {
  func counters() -> [RunResult.Counter] {
    var counters: [RunResult.Counter] = []
    func add(_ name: String, _ value: Int64, _ unit: String, _ definition: String) {
      counters.append(RunResult.Counter(name: name, value: value, unit: unit, definition: definition))
    }
    let sum = tileSum()
    add("chip0.records", sum.dispatched, "records", "Records executed, without marks.")
    add("chip0.macs", sum.macs, "MACs", "Multiply-accumulates of completed matrix operations.")
    add(
      "chip0.dma.load_bytes", sum.bytesDelivered, "bytes",
      "Bytes loads wrote into scratchpads, multicasts at each tile.")
    add("chip0.dma.store_bytes", sum.bytesStoredDone, "bytes", "Bytes stores wrote to memory.")
    add("chip0.dma.copy_bytes", sum.bytesCopiedDone, "bytes", "Bytes copied between tiles.")
    add("chip0.dma.trains", sum.trains, "trains", "Memory and copy trains sent.")
    addMemory(add)
    addNetwork(add)
    return counters
  }

  private func addMemory(_ add: (String, Int64, String, String) -> Void) {
    let sum = fabric.memory.counts
    add("chip0.hbm.read_accesses", sum.reads, "accesses", "Read accesses of all channels.")
    add("chip0.hbm.write_accesses", sum.writes, "accesses", "Write accesses of all channels.")
    add("chip0.hbm.forwarded_reads", sum.forwardedReads, "accesses", "Reads served from writes still in a queue.")
    add("chip0.hbm.merged_writes", sum.mergedWrites, "accesses", "Writes merged into writes still in a queue.")
    add("chip0.hbm.row_hits", sum.rowHits, "accesses", "Accesses that found their row open.")
    add("chip0.hbm.row_misses", sum.rowMisses, "accesses", "Accesses that found their bank closed.")
    add("chip0.hbm.row_conflicts", sum.rowConflicts, "accesses", "Accesses that found another row open.")
    add("chip0.hbm.activates", sum.activates, "commands", "Rows opened.")
    add("chip0.hbm.precharges", sum.precharges, "commands", "Rows closed one by one.")
    add("chip0.hbm.all_bank_precharges", sum.allBankPrecharges, "commands", "Closings of all rows of a pseudo channel.")
    add("chip0.hbm.refreshes", sum.refreshes, "commands", "Refreshes, of all banks or of one.")
  }

  private func addNetwork(_ add: (String, Int64, String, String) -> Void) {
    let counts = fabric.network.counts
    add("chip0.noc.packets", counts.packets, "packets", "Packets that entered the network.")
    add("chip0.noc.flits_injected", counts.flitsInjected, "flits", "Flits that left their sources' interfaces.")
    add("chip0.noc.flits_ejected", counts.flitsEjected, "flits", "Flits taken by nodes; of a multicast by each.")
    add("chip0.noc.flits_replicated", counts.flitsReplicated, "flits", "Flits that routers added for multicasts.")
  }

  /// Totals of signals as their components counted them, apart from the recorder.
  func componentTotals(end: Int64) -> [(SignalID, Int64)] {
    var totals: [(SignalID, Int64)] = []
    totals += fabric.network.signalTotals
    for position in 0..<tiles.count {
      totals.append((tiles[position].signals.dispatch, tiles[position].counts.dispatched))
      totals.append((tiles[position].signals.readTrains, tiles[position].counts.readTrains))
      totals.append((tiles[position].signals.readLatency, tiles[position].counts.readLatency))
      totals += tiles[position].signals.levelTotals(at: end)
    }
    return totals
  }

  func tileSum() -> TileCounts {
    var sum = TileCounts()
    for position in 0..<tiles.count { sum.add(tiles[position].counts) }
    return sum
  }
}

extension TileCounts {
  mutating func add(_ other: TileCounts) {
    dispatched += other.dispatched
    retired += other.retired
    marks += other.marks
    macs += other.macs
    bytesRequested += other.bytesRequested
    bytesDelivered += other.bytesDelivered
    bytesStored += other.bytesStored
    bytesStoredDone += other.bytesStoredDone
    bytesCopied += other.bytesCopied
    bytesCopiedDone += other.bytesCopiedDone
    trains += other.trains
    readTrains += other.readTrains
    readLatency += other.readLatency
  }
}
