import Architecture
import Foundation
import InstructionTrace
import Testing

@testable import ModelCompiler

/// Laws of compiled traces.
@Suite struct TraceTests {
  private static let network = """
    name,operator,input,input2,height,width,channels,filters,kernel,stride,padding,kind,n,epilogue
    a,conv,,,14,14,8,16,3,1,1,,,batchnorm relu
    p,pool,,,,,,,2,2,0,max,,
    d,depthwise,,,,,,,3,1,1,,,relu
    b,conv,,,,,,16,1,1,0,,,
    s,add,b,p,,,,,,,,,,relu
    l,norm,,,,,,,,,,layernorm,,
    g,pool,,,,,,,,,,global,,
    f,gemm,,,,,,,,,,,40,bias
    x,softmax,,,,,,,,,,,,
    """

  private static let machines: [TestMachine] = [
    TestMachine(), TestMachine(columns: 2, rows: 2), TestMachine(columns: 3, rows: 2, sram: 4096, arrays: 3),
    TestMachine(columns: 2, rows: 1, arrayRows: 8, arrayColumns: 4, vectorWidth: 2, arrays: 2),
  ]

  private func withDirectory(_ body: (URL) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("compiler-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try body(directory)
  }

  @Test(arguments: 0..<4) func tracesAreFreeOfRacesAndCycles(_ index: Int) throws {
    try withDirectory { directory in
      let path = directory.appendingPathComponent("t.pal.gz").path
      let model = try ModelReader.read(text: Self.network, file: "n.csv")
      try ModelCompiler.compile(model: model, machine: Self.machines[index].spec(), to: path)
      let report = try TraceValidator.validate(TraceFile(path: path))
      #expect(report.isClean, "\(report.findings.prefix(3).map(\.description))")
      #expect(report.records > 0)
    }
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    try withDirectory { directory in
      let model = try ModelReader.read(text: Self.network, file: "n.csv")
      let paths = ["1", "2"].map { directory.appendingPathComponent($0).path }
      for path in paths { try ModelCompiler.compile(model: model, machine: Self.machines[1].spec(), to: path) }
      #expect(try Data(contentsOf: URL(fileURLWithPath: paths[0])) == Data(contentsOf: URL(fileURLWithPath: paths[1])))
    }
  }

  @Test(arguments: 0..<4) func workAndTrafficAreConserved(_ index: Int) throws {
    let network = try CompiledNetwork(table: Self.network, Self.machines[index].spec())
    let matmuls = network.records.filter { $0.opcode == .matmul }
    let onArrays = network.plan.model.layers.filter { $0.operation.name != "depthwise" }.reduce(0) { $0 + $1.macs }
    #expect(matmuls.reduce(0) { $0 + Int($1.m) * Int($1.n) * Int($1.k) } == onArrays)
    let stored = network.records.filter { $0.opcode == .store }.reduce(0) { $0 + $1.hbm.bytes }
    let compulsory = network.header.regions.reduce(0) { $0 + Int64($1.compulsoryBytes) }
    #expect(network.loadedBytes + stored >= compulsory)
    for (tensor, entry) in network.header.tensors.enumerated()
    where entry.kind == .output || entry.kind == .intermediate {
      checkStoredOnce(network, tensor, entry)
    }
  }

  private func checkStoredOnce(_ network: CompiledNetwork, _ tensor: Int, _ entry: TensorEntry) {
    var times = Array(repeating: 0, count: Int(entry.bytes))
    for record in network.records where record.opcode == .store && Int(record.tensor) == tensor {
      for byte in Interpreter.addresses(record.hbm) { times[byte] += 1 }
    }
    #expect(times.allSatisfy { $0 == 1 }, "\(entry.name)")
  }

  @Test func everyStreamMarksEveryLayer() throws {
    let network = try CompiledNetwork(table: Self.network, Self.machines[1].spec())
    for stream in network.streams {
      let begun = stream.filter { $0.opcode == .regionBegin }.map { Int($0.region) }
      #expect(Set(begun) == Set(network.header.regions.indices))
      #expect(begun.count == stream.count { $0.opcode == .regionEnd })
    }
  }

  /// A tile without arrays gets no stream and takes part in nothing.
  @Test func unlikeTilesStayIdle() throws {
    var machine = try Self.machines[1].spec()
    machine.tiles[0].arrays = []
    let network = try CompiledNetwork(table: Self.network, machine)
    #expect(network.plan.target.tiles == [1, 2, 3])
    #expect(network.header.requirements.tiles == 4)
    #expect(network.header.tileSets.allSatisfy { !$0.tiles.contains(0) && $0.tiles == $0.tiles.sorted() })
    var generator = SplitMix64(seed: 7)
    let memory = NetworkMemory(network, using: &generator)
    var interpreter = Interpreter(network, memory: memory.bytes)
    let finished = interpreter.run(using: &generator)
    #expect(finished)
    machine.tiles = machine.tiles.map { tile in
      var tile = tile
      tile.arrays = []
      return tile
    }
    #expect(throws: CompileError.self) { try Target(machine) }
  }

  /// Twice the scratchpad never makes the estimate worse, and never adds traffic.
  @Test(arguments: [
    MatrixShape(m: 60, n: 96, k: 130), MatrixShape(m: 3, n: 200, k: 90), MatrixShape(m: 196, n: 48, k: 16),
  ])
  func moreScratchpadIsNeverEstimatedSlower(_ shape: MatrixShape) throws {
    var previous: MatrixCost?
    for bytes in [2048, 4096, 8192, 16384, 32768, 65536, 131072] {
      let target = try Target(TestMachine(columns: 2, rows: 1, sram: bytes, accumulator: 16384).spec())
      let planner = MatrixPlanner(shape: shape, target: target, elementBytes: 1, epilogue: [])
      let (cost, plan) = try planner.choose(layer: "g")
      #expect(plan.needs.bytes(inAccumulator: false) <= bytes)
      if let previous {
        #expect(cost.cycles <= previous.cycles && cost.bytes <= previous.bytes, "\(bytes) bytes of scratchpad")
      }
      previous = cost
    }
  }

  /// A load that several tiles lead is cut without gap or overlap, in local memory at granules only.
  @Test func leadersShareALoad() {
    let loads: [Instruction] = [
      .load(1, .contiguous(4096, 100_032), to: .contiguous(64, 100_032)),
      .load(1, .rows(0, run: 320, rows: 30, pitch: 999), to: .contiguous(64, 9600)),
      .load(1, .contiguous(7, 9600), to: .rows(128, run: 320, rows: 30, pitch: 384)),
    ]
    for load in loads {
      let pieces = Leaders.pieces(of: load, count: 8, least: 512)
      #expect(pieces.count > 1)
      #expect(pieces.flatMap { Interpreter.addresses($0.hbm) } == Interpreter.addresses(load.hbm))
      #expect(pieces.flatMap { Interpreter.addresses($0.destination) } == Interpreter.addresses(load.destination))
      #expect(pieces.allSatisfy { $0.destination.base % 32 == 0 })
    }
    let crooked = Instruction.load(1, .contiguous(0, 9300), to: .rows(64, run: 310, rows: 30, pitch: 310))
    #expect(Leaders.pieces(of: crooked, count: 8, least: 512).count == 1)
  }

  @Test func whatIsSharedIsLoadedOnce() throws {
    let table = "name,operator,m,n,k\ng,gemm,64,64,32"
    let network = try CompiledNetwork(
      table: table, TestMachine(columns: 2, rows: 2, sram: 65536, accumulator: 65536).spec())
    #expect(network.loadedBytes == 64 * 32 + 32 * 64)
    #expect(network.records.contains { $0.opcode == .load && $0.tileSet > 0 })
  }

  /// Between a load and the first record that waits for it lies the arithmetic of the step before.
  @Test func loadsOverlapComputing() throws {
    let table = "name,operator,m,n,k\ng,gemm,256,8,8"
    let network = try CompiledNetwork(table: table, TestMachine(sram: 1024, accumulator: 1024).spec())
    let stream = network.streams[0]
    let loads = stream.indices.filter { stream[$0].opcode == .load }
    #expect(loads.count > 6)
    for load in loads.dropFirst(2) {
      let user = stream.indices.first { $0 > load && dependencies(stream, $0).contains(load) }!
      #expect((load..<user).contains { stream[$0].opcode == .matmul }, "load \(load) is used at once by \(user)")
    }
  }

  private func dependencies(_ stream: [Instruction], _ index: Int) -> [Int] {
    (0..<Int(stream[index].dependencyCount)).map { index - Int(stream[index].dependencies[$0]) }
  }

  @Test func whatCannotFitIsSaid() throws {
    let machine = try TestMachine(sram: 1024, dataflow: .outputStationary).spec()
    let wide = #expect(throws: CompileError.self) {
      try CompiledNetwork(table: "name,operator,height,channels\nx,softmax,2,5000", machine)
    }
    #expect(wide?.exitCode == 78)
    #expect(wide?.description.contains("'x'") == true)
    let conv = #expect(throws: CompileError.self) {
      try CompiledNetwork(table: "name,operator,height,width,channels,filters,kernel\nc,conv,8,8,2,2,3", machine)
    }
    #expect(conv?.description.contains("need weight-stationary arrays, these are output-stationary") == true)
    let large = #expect(throws: CompileError.self) {
      try CompiledNetwork(table: "name,operator,m,n,k\ng,gemm,4000,4000,4000", TestMachine().spec())
    }
    #expect(large?.description.contains("bytes of HBM, there are 16777216") == true)
    let format = #expect(throws: CompileError.self) {
      try CompiledNetwork(table: "name,operator,m,n,k,format\ng,gemm,2,2,2,INT9", machine)
    }
    #expect(format?.description.contains("take INT8, not 'INT9'; did you mean 'INT8'?") == true)
  }
}
