import Architecture
import InstructionTrace
import Testing

@testable import Simulator

@Suite struct MachineTests {
  /// Four tiles: a multicast load, work on it, a copy to the neighbour, a barrier, a store.
  static func streams() -> [[Instruction]] {
    (0..<4).map { tile in
      var records: [Instruction] = []
      if tile == 0 {
        records += [.load(2048, from: 0, to: 0, set: 1), .signal(1).after(1)]
      }
      records += [
        .wait(1, signals: 1, waiters: 4), .load(512, from: 4096 + Int64(tile) * 512, to: 4096),
        .preload(k: 4, n: 4, from: 0).after(2), .matmul(m: 64, n: 4, k: 4, from: 4096, to: 0).after(2, 3),
        .vector(.relu, 256, from: LocalAddress.accumulatorBase, to: 8192).after(1),
        .copy(256, from: 8192, toTile: UInt32(tile + 1) % 4, at: 16384).after(1), .barrier(9, set: 1).after(1),
        .store(256, from: 16384, to: 65536 + Int64(tile) * 256).after(1),
      ]
      return records
    }
  }

  static func run(_ options: RunOptions = RunOptions(), machine: MachineSpec = TestMachine.machine()) throws
    -> RunResult
  {
    let trace = try TestMachine.trace(streams(), tileSets: [[0, 1, 2, 3]])
    var machine = try Machine(spec: machine, trace: trace, options: options)
    return try machine.run()
  }

  @Test func everyInstructionKindRunsAndAllLawsHold() throws {
    let result = try Self.run()
    #expect(result.status == .completed)
    let counters = Dictionary(uniqueKeysWithValues: result.counters.map { ($0.name, $0.value) })
    #expect(counters["chip0.macs"] == 4096)
    #expect(counters["chip0.dma.load_bytes"] == 10240)
    #expect(counters["chip0.dma.store_bytes"] == 1024)
    #expect(counters["chip0.dma.copy_bytes"] == 1024)
    let cycles = result.domains[0].cycles
    for unit in result.units { #expect(unit.cycles.reduce(0, +) == cycles, "\(unit.name)") }
    for unit in result.units { #expect(unit.cycles.allSatisfy { $0 >= 0 }, "\(unit.name) \(unit.cycles)") }
    #expect(result.signalTotals == result.recordedTotals)
  }

  @Test func theOrderInsideACycleDoesNotMatter() throws {
    let canonical = try Self.run()
    for seed in 1...20 as ClosedRange<UInt64> {
      var options = RunOptions()
      options.permutationSeed = seed
      let shuffled = try Self.run(options)
      #expect(shuffled.domains.map(\.cycles) == canonical.domains.map(\.cycles), "seed \(seed)")
      #expect(shuffled.signalTotals == canonical.signalTotals, "seed \(seed)")
      #expect(shuffled.units.map(\.cycles) == canonical.units.map(\.cycles), "seed \(seed)")
    }
  }

  @Test(arguments: Idealisation.names.map(\.name)) func idealisationNeverLengthens(part: String) throws {
    var options = RunOptions()
    options.ideal = Idealisation.names.first { $0.name == part }!.part
    #expect(try Self.run(options).domains[0].cycles <= Self.run().domains[0].cycles)
  }

  @Test func aWaitNobodySignalsIsReportedAsDeadlock() throws {
    let trace = try TestMachine.trace([[.wait(7), .vector(.relu, 8, from: 0, to: 64).after(1)]])
    var machine = try Machine(spec: TestMachine.machine(), trace: trace)
    let error = #expect(throws: SimulationError.self) { try machine.run() }
    #expect(
      error?.description == """
        deadlock: no event is left and records have not retired
        chip0.tile0: 2 records in flight, next to dispatch is record 2
          record 0 (wait) of sync waits for token 7: 0 of 1 signals came
          record 1 (vector) of vector waits for record 0 (wait)
        """)
  }

  @Test func aLimitEndsTheRunWholeAndMarked() throws {
    var options = RunOptions()
    options.limitCycles = 50
    let result = try Self.run(options)
    guard case .limit(let cycle) = result.status else {
      Issue.record("not marked: \(result.status)")
      return
    }
    #expect(cycle >= 50)
  }
}

@Suite struct HostileRecordTests {
  private func message(_ record: Instruction, tile: TileSpec = TestMachine.tile) throws -> String? {
    let trace = try TestMachine.trace([[.vector(.relu, 8, from: 0, to: 64), record]], tileSets: [[0]], for: tile)
    var machine = try Machine(spec: TestMachine.machine(tile: tile), trace: trace)
    let error = #expect(throws: TraceError.self) { try machine.run() }
    #expect(error?.stream == 0 && error?.record == 1)
    return error?.message
  }

  @Test func recordsThatNoMachineCanCarryOutAreNamed() throws {
    #expect(try message(.load(64, from: 1 << 21, to: 0))?.contains("tensor t") == true)
    #expect(try message(.load(64, from: 0, to: 1 << 20))?.contains("scratchpad bytes") == true)
    #expect(try message(.load(64, from: 0, to: 0, set: 9))?.contains("tile set 8") == true)
    #expect(try message(.copy(64, from: 0, toTile: 99, at: 0))?.contains("tile 99") == true)
    #expect(try message(.preload(k: 5, n: 4, from: 0))?.contains("k is 5") == true)
    #expect(try message(.matmul(m: 4, n: 5, k: 4, from: 0, to: 0))?.contains("n is 5") == true)
    #expect(try message(.vector(.relu, 0, from: 0, to: 64)) != nil)
    var wild = Instruction.store(64, from: 0, to: 0)
    wild.hbm.count1 = .max
    wild.hbm.stride1 = .max
    #expect(try message(wild) != nil)
  }

  @Test func anOutputStationaryArrayTakesNoPreload() throws {
    var tile = TestMachine.tile
    tile.arrays[0].dataflow = .outputStationary
    #expect(try message(.preload(k: 4, n: 4, from: 0), tile: tile)?.contains("output-stationary") == true)
  }

  /// Random fields in every kind of record: each is carried out or refused, none traps.
  @Test(arguments: 0..<300 as Range<UInt64>) func randomRecordsNeverTrap(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func view() -> StridedView {
      let wild = Int.random(in: 0..<4, using: &random) == 0
      func pick(_ limit: Int64) -> Int64 { Int64.random(in: 0...limit, using: &random) }
      var view = StridedView(
        base: wild ? Int64(bitPattern: random.next()) : pick(4096), run: Int32(1 + pick(64)),
        count1: Int32(1 + pick(3)), stride1: pick(128), count2: Int32(1 + pick(3)), stride2: pick(512))
      if wild, Bool.random(using: &random) {
        view.stride3 = Int64(bitPattern: random.next())
        view.count3 = Int32(1 + pick(1 << 20))
      }
      return view
    }
    let opcodes: [Opcode] = [.load, .store, .copy, .preload, .matmul, .vector, .convert, .reduce]
    let records = (0..<6).map { _ -> Instruction in
      var record = Instruction(opcodes.randomElement(using: &random)!)
      record.source = view()
      record.destination = view()
      record.hbm = view()
      record.m = UInt32(truncatingIfNeeded: random.next() % 9)
      record.n = UInt32(truncatingIfNeeded: random.next() % 6)
      record.k = UInt32(truncatingIfNeeded: random.next() % 6)
      record.elements = random.next() % 200
      record.groups = UInt32(truncatingIfNeeded: random.next() % 4)
      record.unit = UInt8(truncatingIfNeeded: random.next() % 2)
      record.tile = UInt32(truncatingIfNeeded: random.next() % 6)
      return record
    }
    guard let trace = try? TestMachine.trace([records]) else { return }
    var machine = try Machine(spec: TestMachine.machine(), trace: trace)
    do { _ = try machine.run() } catch let error as TraceError { #expect(error.exitCode == 65, "seed \(seed)") }
  }
}
