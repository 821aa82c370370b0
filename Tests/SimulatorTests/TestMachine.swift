import Foundation
import InstructionTrace

@testable import Architecture
@testable import Simulator

/// Small machines built in code, so that the simulator's tests need no configuration files.
enum TestMachine {
  /// Two channels of two pseudo channels, one at each tile.
  static let hbm: HBMSpec = {
    var hbm = HBMSpec.blank
    hbm.channelCount = 2
    hbm.device = DRAMStandard.named("HBM2")!.device(rate: 2000)!
    hbm.interleave(256)
    hbm.attachment = [0, 1, 2, 3]
    return hbm
  }()

  static let array = MACArraySpec(
    rows: 4, columns: 4, vectorWidth: 1, dataflow: .weightStationary, overlap: .pipelined, formats: ["INT8"],
    minimumIssue: 4)

  static let tile = TileSpec(
    kind: "compute", dispatch: DispatchSpec(width: 2, window: 32, queueDepth: 8, syncLatency: 5),
    dma: DMASpec(loadEngines: 2, storeEngines: 1, maxOutstanding: 8, requestBytes: 512, sramBytesPerCycle: 32),
    arrays: [array], vector: VectorSpec(lanes: 8, latency: 4, cost: [:]),
    sram: SRAMSpec(bytes: 1 << 16, banks: 8, bankWidth: 8, latency: 1),
    accumulator: AccumulatorSpec(bytes: 1 << 14, elementBytes: 4))

  /// 2 x 2 tiles at 1 GHz, network at 1.1 GHz, memory at 0.9 GHz.
  static func machine(tile: TileSpec = tile, columns: Int = 2, rows: Int = 2) -> MachineSpec {
    MachineSpec(
      name: "test", sources: [], deviations: [],
      clocks: ClocksSpec(
        tile: Frequency(hertz: 1_000_000_000), noc: Frequency(hertz: 1_100_000_000),
        hbm: Frequency(hertz: 900_000_000), crossingCycles: 2),
      grid: GridSpec(columns: columns, rows: rows), tiles: Array(repeating: tile, count: columns * rows),
      noc: NoCSpec(width: columns, height: rows, flitBytes: 32), hbm: hbm,
      energy: EnergySpec(nodeNanometres: 7, millivolts: 750, overrides: [:]))
  }

  /// Writes records, one list a tile, as a trace and opens it.
  static func trace(
    _ streams: [[Instruction]], tileSets: [[UInt32]] = [], tensorBytes: UInt64 = 1 << 20, for tile: TileSpec? = nil,
    formats: [String] = ["INT8"]
  ) throws -> TraceFile {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-\(UUID().uuidString).pal.gz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var header = TraceHeader()
    header.formats = formats.map { FormatEntry(name: $0, bits: 8, layout: "s1 m7") }
    header.tensors = [
      TensorEntry(name: "t", shape: [tensorBytes], format: 0, address: 0, bytes: tensorBytes, kind: .input)
    ]
    header.tileSets = tileSets.map { TileSet(tiles: $0) }
    let regions = streams.joined().map(\.region).max() ?? 0
    header.regions = (0...regions).map { RegionEntry(name: "region\($0)", kind: "test", macs: 0, compulsoryBytes: 0) }
    header.requirements.tiles = UInt32(streams.count)
    header.requirements.hbmBytes = tensorBytes
    if let tile { require(tile, of: &header.requirements) }
    var writer = try TraceWriter(
      path: path, header: header, streams: streams.indices.map { StreamKey(chip: 0, tile: UInt32($0)) })
    for (stream, records) in streams.enumerated() {
      for record in records { try writer.append(record, to: stream) }
    }
    _ = try writer.finish()
    return try TraceFile(path: path)
  }
}

extension TestMachine {
  private static func require(_ tile: TileSpec, of needs: inout MachineRequirements) {
    needs.sramBytes = UInt64(tile.sram.bytes)
    needs.accumulatorBytes = UInt64(tile.accumulator.bytes)
    needs.arrays = tile.arrays.map {
      ArrayRequirement(
        rows: UInt32($0.rows), columns: UInt32($0.columns), vectorWidth: UInt32($0.vectorWidth),
        dataflow: $0.dataflow.rawValue, formats: $0.formats)
    }
  }
}

extension Instruction {
  static func load(_ bytes: Int32, from offset: Int64, to address: Int64, set: UInt32 = 0) -> Instruction {
    var instruction = Instruction(.load)
    instruction.hbm = .contiguous(offset, bytes)
    instruction.destination = .contiguous(address, bytes)
    instruction.tileSet = set
    return instruction
  }

  static func store(_ bytes: Int32, from address: Int64, to offset: Int64) -> Instruction {
    var instruction = Instruction(.store)
    instruction.hbm = .contiguous(offset, bytes)
    instruction.source = .contiguous(address, bytes)
    return instruction
  }

  static func preload(k: UInt32, n: UInt32, from address: Int64) -> Instruction {
    var instruction = Instruction(.preload)
    instruction.rows = k
    instruction.columns = n
    instruction.source = StridedView(base: address, run: Int32(n), count1: 1, count2: Int32(k), stride2: Int64(n))
    return instruction
  }

  static func matmul(m: UInt32, n: UInt32, k: UInt32, from address: Int64, to accumulator: Int64) -> Instruction {
    var instruction = Instruction(.matmul)
    instruction.m = m
    instruction.n = n
    instruction.k = k
    instruction.source = StridedView(base: address, run: Int32(k), count2: Int32(m), stride2: Int64(k))
    instruction.destination = .contiguous(LocalAddress.accumulatorBase + accumulator, Int32(m * n * 4))
    return instruction
  }

  static func vector(
    _ function: VectorFunction, _ elements: UInt64, from address: Int64, to destination: Int64
  ) -> Instruction {
    var instruction = Instruction(.vector)
    instruction.function = function
    instruction.elements = elements
    instruction.source = .contiguous(address, Int32(elements))
    instruction.destination = .contiguous(destination, Int32(elements))
    return instruction
  }

  static func copy(_ bytes: Int32, from address: Int64, toTile tile: UInt32, at destination: Int64) -> Instruction {
    var instruction = Instruction(.copy)
    instruction.tile = tile
    instruction.source = .contiguous(address, bytes)
    instruction.destination = .contiguous(destination, bytes)
    return instruction
  }

  static func signal(_ token: UInt64) -> Instruction {
    var instruction = Instruction(.signal)
    instruction.token = token
    return instruction
  }

  static func wait(_ token: UInt64, signals: UInt32 = 1, waiters: UInt32 = 1) -> Instruction {
    var instruction = Instruction(.wait)
    instruction.token = token
    instruction.signals = signals
    instruction.waiters = waiters
    return instruction
  }

  static func barrier(_ id: UInt64, set: UInt32) -> Instruction {
    var instruction = Instruction(.barrier)
    instruction.token = id
    instruction.tileSet = set
    return instruction
  }

  /// The same record, after others: backward distances.
  func after(_ distances: UInt32...) -> Instruction {
    var copy = self
    for distance in distances { copy.addDependency(distance: distance) }
    return copy
  }
}
