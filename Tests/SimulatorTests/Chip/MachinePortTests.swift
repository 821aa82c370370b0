import Architecture
import InstructionTrace
import Testing

@testable import Simulator

@Suite struct MachinePortTests {
  private func machine(places: Int, trains: Int, topology: NoCTopology = .mesh) -> MachineSpec {
    var machine = TestMachine.machine()
    machine.noc.topology = topology
    if topology == .crossbar { (machine.noc.width, machine.noc.height) = (4, 1) }
    machine.noc.injectionQueue = places
    machine.hbm.portQueue = trains
    return machine
  }

  /// Every tile loads from all ports, multicasts to all, copies to its neighbour and stores, all at once.
  private static let streams: [[Instruction]] = (0..<4).map { tile in
    var records: [Instruction] = []
    for step in 0..<4 as Range<Int64> {
      let far = Int64(tile) * 32768 + step * 8192
      records += [
        .load(8192, from: far, to: 0), .load(4096, from: far, to: 8192, set: 1),
        .store(4096, from: 32768, to: 1 << 19 | far), .copy(2048, from: 0, toTile: UInt32(tile + 1) % 4, at: 49152),
      ]
    }
    return records
  }

  private func run(_ machine: MachineSpec, seed: UInt64? = nil) throws -> RunResult {
    var options = RunOptions()
    options.permutationSeed = seed
    let trace = try TestMachine.trace(Self.streams, tileSets: [[0, 1, 2, 3]])
    var machine = try Machine(spec: machine, trace: trace, options: options)
    return try machine.run()
  }

  @Test("Queues of one packet and one train neither block nor lose anything", arguments: [NoCTopology.mesh, .crossbar])
  func tinyQueues(topology: NoCTopology) throws {
    let endless = try run(machine(places: 0, trains: 0, topology: topology))
    for (places, trains) in [(1, 1), (1, 0), (0, 1), (2, 3)] {
      let result = try run(machine(places: places, trains: trains, topology: topology))
      #expect(result.status == .completed)
      #expect(result.signalTotals == result.recordedTotals)
      for name in ["chip0.dma.load_bytes", "chip0.dma.store_bytes", "chip0.dma.copy_bytes"] {
        #expect(counter(result, name) == counter(endless, name))
      }
    }
    #expect(try run(machine(places: 1, trains: 1)).domains[0].cycles > endless.domains[0].cycles)
  }

  private func counter(_ result: RunResult, _ name: String) -> Int64? {
    result.counters.first { $0.name == name }?.value
  }

  @Test("With back-pressure the order inside a cycle does not matter either", arguments: 1...8 as ClosedRange<UInt64>)
  func permuted(seed: UInt64) throws {
    let canonical = try run(machine(places: 1, trains: 2))
    let shuffled = try run(machine(places: 1, trains: 2), seed: seed)
    #expect(shuffled.domains.map(\.cycles) == canonical.domains.map(\.cycles))
    #expect(shuffled.signalTotals == canonical.signalTotals)
    #expect(shuffled.units.map(\.cycles) == canonical.units.map(\.cycles))
  }

  /// With several NoC cycles in a tile's one, data of several trains meets there; how far a domain ran ahead must not decide.
  @Test("How far network and memory run ahead does not matter", arguments: 1...12 as ClosedRange<UInt64>)
  func runningAhead(seed: UInt64) throws {
    var spec = machine(places: 4, trains: 8, topology: .crossbar)
    spec.clocks.noc = Frequency(hertz: 8_000_000_000)
    let canonical = try run(spec)
    let shuffled = try run(spec, seed: seed)
    #expect(shuffled.domains.map(\.cycles) == canonical.domains.map(\.cycles))
    #expect(shuffled.signalTotals == canonical.signalTotals)
    #expect(shuffled.units.map(\.cycles) == canonical.units.map(\.cycles))
  }

  @Test("A load on an idle machine takes the sum of its way")
  func zeroLoad() throws {
    var spec = machine(places: 0, trains: 0)
    spec.clocks.noc = spec.clocks.tile
    spec.clocks.hbm = spec.clocks.tile
    spec.clocks.crossingCycles = 0
    let trace = try TestMachine.trace([[.load(32, from: 0, to: 0)]])
    var machine = try Machine(spec: spec, trace: trace)
    let result = try machine.run()
    // Sent in 0, at the interface in 1. A flit is at the router 1 + terminal latency later, takes 2 for route and channel and
    // 3 from the switch to the node: taken in 8. Memory sees the request in 9: ACT, which takes two cycles, RD nRCDRD after
    // its second, data nCL + nBL later. The response of two flits enters a cycle after the data, its last flit is taken 8
    // later, and the tile sees it a cycle later. It writes 32 bytes in one cycle of the scratchpad.
    let device = spec.hbm.device
    let activate = device.commandTicks[.ACT]! - 1
    let data = 9 + Int64(activate + device[.nRCDRD] + device[.nCL] + device[.nBL])
    #expect(result.latencies.first { $0.name == "chip0.noc.request_latency" }?.histogram.maximum == 7)
    #expect(result.latencies.first { $0.name == "chip0.noc.response_latency" }?.histogram.maximum == 8)
    #expect(result.latencies.first { $0.name == "chip0.dma.read_latency" }?.histogram.maximum == data + 1 + 8 + 1 + 1)
  }
}

@Suite struct HorizonTests {
  @Test("A domain may run to the last cycle that no waiting wake-up of another reaches")
  func horizon() {
    var kernel = Kernel(tile: 1_000_000_000, noc: 8_000_000_000, hbm: 1_200_000_000, crossingCycles: 2)
    #expect(kernel.horizon(of: .noc) == .max - 1)
    kernel.schedule(0, in: .noc, at: 3)
    #expect(kernel.horizon(of: .noc) == .max - 1)
    kernel.schedule(0, in: .tile, at: 10)
    #expect(kernel.horizon(of: .noc) == kernel.receivingCycle(from: .tile, cycle: 10, to: .noc) - 1)
    kernel.schedule(0, in: .hbm, at: 5)
    #expect(kernel.horizon(of: .noc) == kernel.receivingCycle(from: .hbm, cycle: 5, to: .noc) - 1)
  }

  @Test(
    "A domain that is woken late is woken before anyone could see what it does, and others run no further",
    arguments: [0, 1, 2, 5])
  func postponed(crossing: Int) {
    var random = SplitMix64(seed: UInt64(crossing))
    for round in 0..<200 {
      let hertz = (0..<3).map { _ in Int64(random.next() % 40 + 1) * 100_000_000 }
      var kernel = Kernel(tile: hertz[0], noc: hertz[1], hbm: hertz[2], crossingCycles: crossing)
      let work = Int64(random.next() % 1_000)
      let wake = kernel.postpone(.noc, from: work)
      #expect(wake >= work, "round \(round)")
      for other in [ClockDomain.tile, .hbm] {
        let seen = kernel.receivingCycle(from: .noc, cycle: work, to: other)
        #expect(kernel.lastEdge(of: other, notAfter: wake, in: .noc) < seen, "round \(round): \(hertz)")
        #expect(kernel.horizon(of: other) == seen - 1, "round \(round): \(hertz)")
      }
      #expect(kernel.postpone(.noc, from: .max) == .max && kernel.horizon(of: .tile) == .max - 1)
    }
  }
}
