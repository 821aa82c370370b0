import InstructionTrace
import Testing

@testable import Architecture
@testable import Simulator

@Suite struct DispatcherTests {
  /// Random records on three tiles, each in a region of its own, so that its dispatch and completion cycle are reported.
  static func streams(_ random: inout SplitMix64) -> [[Instruction]] {
    var streams = [[Instruction]](repeating: [], count: 3)
    var regions: UInt32 = 0
    func add(_ instruction: Instruction, _ tile: Int) {
      var mark = Instruction(.regionBegin)
      mark.region = regions
      regions += 1
      streams[tile].append(mark)
      streams[tile].append(instruction)
    }
    for step in 0..<60 as Range<UInt64> {
      let tile = Int.random(in: 0..<3, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: add(.load(64, from: 0, to: 0), tile)
      case 1: add(.store(64, from: 0, to: 4096), tile)
      case 2:
        // A token signalled by one tile, or by all, awaited by another.
        let everyone = Bool.random(using: &random)
        for sender in everyone ? [0, 1, 2] : [tile] { add(.signal(step), sender) }
        add(.wait(step, signals: everyone ? 3 : 1, waiters: 1), (tile + 1) % 3)
      case 3 where step % 3 == 0: for member in 0..<3 { add(.barrier(step % 2, set: 1), member) }
      case 4: add(Instruction(.mark), tile)
      default: add(.vector(.relu, 8, from: 0, to: 64), tile)
      }
    }
    return streams.map { stream in
      stream.enumerated().map { index, record in
        guard record.opcode != .regionBegin else { return record }
        var record = record
        for _ in 0..<Int.random(in: 0...3, using: &random) {
          record.addDependency(distance: UInt32(Int.random(in: 1...12, using: &random)))
        }
        return record
      }
    }
  }

  @Test(arguments: 0..<150 as Range<UInt64>) func everyRecordDispatchesAndCompletesAsInTheTwin(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var tile = TestMachine.tile
    tile.dispatch = DispatchSpec(
      width: Int.random(in: 1...3, using: &random), window: Int.random(in: 1...12, using: &random),
      queueDepth: Int.random(in: 1...3, using: &random), syncLatency: Int.random(in: 1...9, using: &random))
    let streams = Self.streams(&random)
    var twin = NaiveDispatcher(spec: tile.dispatch, streams: streams, setSizes: [3])
    let end = twin.run()
    var options = RunOptions()
    options.ideal = [.hbm, .noc, .sram, .vector]
    let trace = try TestMachine.trace(streams, tileSets: [[0, 1, 2]])
    var machine = try Machine(spec: TestMachine.machine(tile: tile), trace: trace, options: options)
    #expect(end != nil, "program order, dependencies and tokens are acyclic: no window can deadlock, seed \(seed)")
    let result = try machine.run()
    #expect(result.domains[0].cycles == max(end ?? -1, 1), "seed \(seed)")
    for tile in twin.tiles {
      for pair in stride(from: 0, to: tile.records.count, by: 2) {
        let region = result.regions[Int(tile.records[pair].instruction.region)]
        let record = tile.records[pair + 1]
        if record.instruction.opcode == .mark { continue }
        #expect(region.firstCycle == record.dispatched, "seed \(seed) record \(pair + 1) \(record.instruction.opcode)")
        #expect(region.lastCycle == record.completed, "seed \(seed) record \(pair + 1) \(record.instruction.opcode)")
      }
    }
  }
}
