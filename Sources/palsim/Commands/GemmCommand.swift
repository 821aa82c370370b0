import Architecture
import ArgumentParser
import Foundation
import ModelCompiler
import Simulator
import Statistics

extension Dataflow: ExpressibleByArgument {}
extension SRAMPorts: ExpressibleByArgument {}
extension StructuredSparsity: ExpressibleByArgument {}
extension LaneTiming: ExpressibleByArgument {}

/// `palsim gemm M N K`: one matrix product on a machine, or on one array alone.
struct GemmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gemm",
    abstract: "Multiply two matrices on a machine, or on one MAC array alone.",
    usage: """
      palsim gemm M N K --config <file.toml> [options]
      palsim gemm --table <layers.csv> --config <file.toml> [options]
      """,
    discussion: """
      C (M x N) = A (M x K) B (K x N). Without --compute-only the product runs on the whole machine. With it, one array of the machine's first tile runs alone, operands always at hand: in a streaming buffer with a word for \
      each step, or with --scratchpad in the tile's own banks. With --table the matrix products of a layer table run one by one (a \
      convolution as its windows side by side), and a line of CSV is printed for each.

      EXAMPLES
        palsim gemm 512 512 512 --config configs/tiny.toml --compute-only --serial-folds
        palsim gemm 512 512 512 --config configs/reference/onnxim-4x128.toml --compute-only --json
        palsim gemm 64 64 64 --config configs/tiny.toml --compute-only --scratchpad --dataflow output-stationary
        palsim gemm 128 128 128 --config configs/tiny.toml
        palsim gemm --table traces/models/resnet50.csv --config configs/big.toml --compute-only
      """)

  @Argument(help: "Rows of A and C (M), columns of B and C (N), columns of A (K).") var sizes: [Int64] = []

  @Option(help: ArgumentHelp("Multiply the matrices of a layer table instead.", valueName: "layers.csv"))
  var table: String?

  @Option(help: "With --table: output size arithmetic: palsim (true floor) or scalesim (its ceiling).")
  var dialect: TableDialect = .palsim

  @Option(name: .shortAndLong, help: ArgumentHelp("The machine.", valueName: "file.toml"))
  var config: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a configuration key.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "Rows of the array instead of the configuration's.") var rows: Int?
  @Option(help: "Columns of the array instead of the configuration's.") var columns: Int?
  @Option(help: "Products of a processing element (V) instead of the configuration's.") var vectorWidth: Int?
  @Option(help: "Dataflow of the array instead of the configuration's; with --table several, one after the other.")
  var dataflow: [Dataflow] = []

  @Option(help: "With --compute-only: N:M sparsity of the weights of a weight-stationary array.")
  var sparsity: StructuredSparsity?

  @Option(help: "Cycles of a processing element: unit, or by-format.")
  var laneTiming: LaneTiming?

  @Flag(help: "Folds one after the other, each fully drained (SCALE-Sim's convention).")
  var serialFolds = false

  @Flag(help: "The array alone, without dispatcher, DMA, network and memory.")
  var computeOnly = false

  @Flag(help: "With --compute-only: operands lie in the tile's scratchpad, row by row, and its banks may conflict.")
  var scratchpad = false

  @Option(help: ArgumentHelp("With --scratchpad: unused bytes after each row of a matrix.", valueName: "bytes"))
  var padding: Int64 = 0

  @Option(help: "With --compute-only: ports of the streaming buffer.")
  var bufferPorts: SRAMPorts = .twoReadWrite

  @Option(
    help: ArgumentHelp(
      "Parts of the whole machine made free of cost: \(Idealisation.names.map(\.name).joined(separator: ","))",
      valueName: "parts"))
  var ideal: String?

  @Flag(help: "JSON instead of a table.") var json = false

  func validate() throws {
    guard table == nil ? sizes.count == 3 : sizes.isEmpty else {
      throw ValidationError("expected three numbers M N K, or --table, found \(sizes.count) numbers")
    }
    for (name, size) in zip(["M", "N", "K"], sizes) where !ArrayBench.dimensions.contains(size) {
      throw ValidationError("\(name) is \(size), expected 1 to \(ArrayBench.dimensions.upperBound)")
    }
    if table == nil && dataflow.count > 1 { throw ValidationError("several --dataflow need --table") }
    for (name, size, limit) in [
      ("--rows", rows, 4096), ("--columns", columns, 4096), ("--vector-width", vectorWidth, 1024),
    ] {
      if let size, !(1...limit).contains(size) { throw ValidationError("\(name) is \(size), expected 1 to \(limit)") }
    }
    if ideal != nil && computeOnly { throw ValidationError("--ideal is for the whole machine, not --compute-only") }
    _ = try Idealisation(argument: ideal)
    if scratchpad && !computeOnly { throw ValidationError("--scratchpad needs --compute-only") }
    if !(0...65_536).contains(padding) { throw ValidationError("--padding is \(padding), expected 0 to 65536") }
  }

  func run() throws {
    try reporting {
      if let table { return try runTable(table) }
      let shape = GEMMShape(m: sizes[0], n: sizes[1], k: sizes[2])
      let report = try report(shape, on: try machine(dataflow.first))
      print(json ? report.json : report.text, terminator: "")
    }
  }

  private func runTable(_ file: String) throws {
    let products = try MatrixProducts(file: file, dialect: dialect)
    for notice in products.notices { FileHandle.standardError.write(Data("\(file): \(notice)\n".utf8)) }
    var reports = GemmTable()
    for dataflow in dataflow.isEmpty ? [nil] : dataflow.map(Optional.some) {
      let machine = try machine(dataflow)
      for product in products.products { reports.rows.append((product.name, try report(product.shape, on: machine))) }
    }
    print(json ? reports.json : reports.csv, terminator: "")
  }

  private func report(_ shape: GEMMShape, on machine: MachineSpec) throws -> GemmReport {
    guard computeOnly else {
      var run = GemmRun(machine: machine, shape: shape)
      run.options.ideal = try Idealisation(argument: ideal)
      return try run.report()
    }
    guard let tile = machine.tiles.first(where: { !$0.arrays.isEmpty }) else {
      throw SimulationError.doesNotFit(["no tile of '\(machine.name)' has a MAC array"])
    }
    let memory = scratchpad ? ArrayBench.OperandMemory.scratchpad(padding: padding) : .streaming(bufferPorts)
    // Pipelined operations stream at most as many rows as a block has (`docs/models/mac-array.md`, Folds).
    let array = tile.arrays[0]
    let (kept, capacity) = (array.sparsity.ratio.kept, array.reductionCapacity)
    guard array.sparsity == .dense || array.dataflow == .weightStationary && capacity % kept == 0 else {
      let reason = "\(array.sparsity.rawValue) sparsity needs a weight-stationary array with a multiple of \(kept) rows"
      throw SimulationError.doesNotFit([reason])
    }
    let limit = array.overlap == .pipelined ? Int64(array.rows) : nil
    return GemmReport(try ArrayBench(tile: tile, shape: shape, memory: memory, streamLimit: limit).run())
  }

  /// The configured machine with the array's changes.
  private func machine(_ dataflow: Dataflow?) throws -> MachineSpec {
    var machine = try Configuration.load(path: config, overrides: overrides)
    for tile in machine.tiles.indices {
      for array in machine.tiles[tile].arrays.indices { change(&machine.tiles[tile].arrays[array], dataflow) }
    }
    return machine
  }

  private func change(_ array: inout MACArraySpec, _ dataflow: Dataflow?) {
    array.rows = rows ?? array.rows
    array.columns = columns ?? array.columns
    array.vectorWidth = vectorWidth ?? array.vectorWidth
    array.dataflow = dataflow ?? array.dataflow
    array.sparsity = sparsity ?? array.sparsity
    array.laneTiming = laneTiming ?? array.laneTiming
    if serialFolds { (array.overlap, array.edgeTiles) = (.serial, .padded) }
  }
}
