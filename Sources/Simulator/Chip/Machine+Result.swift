/// Ends a run: closes the accounts, checks the laws, collects the result.
extension Machine {
  /// - Throws: `SimulationError.deadlock`, `.law`.
  public mutating func result() throws -> RunResult {
    try checkFinished()
    let end = lastCycle()
    let domains = domains(end: end)
    fabric.memory.settle(before: domains[Int(ClockDomain.hbm.rawValue)].cycles, recorder: &fabric.recorder)
    fabric.network.settle(before: domains[Int(ClockDomain.noc.rawValue)].cycles, recorder: &fabric.recorder)
    settleTiles(before: end)
    try checkLaws()
    let recorded = fabric.recorder.finish(cycles: domains.map(\.cycles))
    var totals = recorded
    for (signal, count) in componentTotals(end: end) { totals[Int(signal.index)] = count }
    var result = RunResult(
      status: status, domains: domains, signals: fabric.recorder.signals, signalTotals: totals,
      recordedTotals: recorded,
      counters: counters(),
      units: units(end: end), regions: regions(), latencies: latencies(), staticPower: energies.staticPower)
    result.conflicts = conflicts()
    return result
  }

  private func conflicts() -> [BankConflicts] {
    var all: [BankConflicts] = []
    for position in 0..<tiles.count {
      all += tiles[position].datapath.bankConflicts(of: "chip0.tile\(tiles[position].index).")
    }
    return all
  }

  private mutating func checkFinished() throws {
    guard status == .completed else { return }
    var report: [String] = []
    for position in 0..<tiles.count where !tiles[position].isFinished {
      report.append(tiles[position].waitingReport(board: &fabric.board))
    }
    report += fabric.network.stuckPackets()
    if !report.isEmpty { throw SimulationError.deadlock(report.joined(separator: "\n")) }
  }

  /// The tile cycle at which the last record retired: the length of the run.
  private func lastCycle() -> Int64 {
    var end: Int64 = 1
    for position in 0..<tiles.count { end = max(end, tiles[position].lastRetired) }
    return max(end, status == .completed ? end : fabric.kernel.now(.tile))
  }

  private func domains(end: Int64) -> [RunResult.Domain] {
    let hertz = [spec.clocks.tile.hertz, spec.clocks.noc.hertz, spec.clocks.hbm.hertz]
    return ClockDomain.allCases.map { domain in
      let cycles = domain == .tile ? end : fabric.kernel.lastEdge(of: domain, notAfter: end, in: .tile) + 1
      return RunResult.Domain(domain: domain, hertz: hertz[Int(domain.rawValue)], cycles: cycles)
    }
  }

  private func units(end: Int64) -> [RunResult.UnitCycles] {
    var units: [RunResult.UnitCycles] = []
    for position in 0..<tiles.count { tiles[position].appendUnits(to: &units, end: end) }
    return units
  }

  private func regions() -> [RunResult.Region] {
    var regions = regionCounts()
    var end: Int64 = 0
    for index in regions.indices.sorted(by: { (regions[$0].lastCycle, $0) < (regions[$1].lastCycle, $1) }) {
      regions[index].cycles = regions[index].lastCycle - end
      end = regions[index].lastCycle
    }
    return regions
  }

  private func regionCounts() -> [RunResult.Region] {
    header.regions.indices.map { index in
      let counts = fabric.regions[index + 1]
      var region = RunResult.Region(name: header.regions[index].name, kind: header.regions[index].kind)
      region.firstCycle = counts.firstCycle == .max ? 0 : counts.firstCycle
      region.lastCycle = counts.lastCycle
      region.records = counts.records
      region.macs = counts.macs
      region.macActiveCycles = counts.macActiveCycles
      region.vectorActiveCycles = counts.vectorActiveCycles
      region.hbmReadBytes = counts.hbmReadBytes
      region.hbmWriteBytes = counts.hbmWriteBytes
      return region
    }
  }

  private func latencies() -> [RunResult.Latency] {
    [
      RunResult.Latency(
        name: "chip0.dma.read_latency", unit: "tile cycles",
        definition: "From a read train's request to its data being in the scratchpad (multicast: at the last tile).",
        histogram: fabric.readLatency.histogram),
      RunResult.Latency(
        name: "chip0.dma.write_latency", unit: "tile cycles",
        definition: "From a write train's data entering the network to its acknowledgement.",
        histogram: fabric.writeLatency.histogram),
    ]
      + VirtualNetwork.allCases.filter { $0 != .reduction }.map { network in
        RunResult.Latency(
          name: "chip0.noc.\(network.name)_latency", unit: "NoC cycles",
          definition:
            "From a packet's entry into its interface's queue to its last flit's arrival (at each destination).",
          histogram: fabric.network.latencies[Int(network.rawValue)].histogram)
      }
  }
}

extension Tile {
  /// Cycles by cause of each of the tile's units.
  func appendUnits(to units: inout [RunResult.UnitCycles], end: Int64) {
    let name = "chip0.tile\(index)"
    for array in 0..<arrayCount {
      units.append(
        RunResult.UnitCycles(
          name: "\(name).mac\(array)",
          cycles: ledgers.arrays[array].closed(at: end, busy: busy(Requester.firstArray + array))))
    }
    units.append(
      RunResult.UnitCycles(
        name: "\(name).vector", cycles: ledgers.vector.closed(at: end, busy: busy(Requester.vector))))
    units.append(RunResult.UnitCycles(name: "\(name).dma_load", cycles: ledgers.loads.closed(at: end)))
    units.append(RunResult.UnitCycles(name: "\(name).dma_store", cycles: ledgers.stores.closed(at: end)))
  }

  private func busy(_ requester: Int) -> [(Cause, Int64)] {
    let active = datapath.activeCycles(ofRequester: requester)
    return [(.active, active), (.sramConflict, datapath.busyCycles(ofRequester: requester) - active)]
  }
}
