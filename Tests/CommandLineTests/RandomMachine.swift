import Architecture
import Foundation
import InstructionTrace
import ModelCompiler
import Simulator

@testable import DesignSpace

/// A small machine and work for it, both drawn from a seed.
struct RandomMachine: CustomStringConvertible {
  let seed: UInt64
  /// Keys and values laid over `configs/tiny.toml`.
  private(set) var settings: [(key: String, value: Int, unit: String)] = []
  private var words: [String] = []
  private(set) var table = "name,operator,m,n,k,kind\n"

  init(seed: UInt64) {
    self.seed = seed
    var generator = SplitMix64(seed: seed)
    func any<Element>(_ choices: [Element]) -> Element { choices.randomElement(using: &generator)! }
    settings = [
      ("grid.columns", any([1, 2, 3]), ""), ("grid.rows", any([1, 2]), ""),
      ("tile.sram.bytes", any([32, 64, 128, 256]), "KiB"), ("tile.accumulator.bytes", any([8, 16, 32]), "KiB"),
      ("tile.sram.banks", any([4, 8, 16]), ""), ("tile.dma.sram_bandwidth", any([16, 32, 64]), "B/cycle"),
      ("tile.dma.max_outstanding", any([8, 16, 32]), ""), ("tile.array.count", any([1, 2]), ""),
      ("tile.array.rows", any([8, 16, 32]), ""), ("tile.array.columns", any([8, 16, 32]), ""),
      ("tile.array.vector_width", any([1, 1, 4]), ""), ("tile.vector.lanes", any([4, 8, 16, 32]), ""),
      ("noc.flit_bytes", any([16, 32, 64]), "B"), ("hbm.channels", any([1, 2, 4]), ""),
    ]
    words = [
      "tile.sram.ports=\(any(["1rw", "1r1w", "2rw"]))", "hbm.attachment=edges",
      "tile.array.dataflow=\(any(["weight-stationary", "weight-stationary", "output-stationary", "input-stationary"]))",
      "tile.array.overlap=\(any(["pipelined", "pipelined", "serial"]))",
    ]
    let (m, n, k, second) = (any(Self.sizes), any(Self.sizes), any(Self.sizes), any(Self.sizes))
    table += "a,gemm,\(m),\(n),\(k),\n"
    table += any(["", "b,gemm,\(m),\(second),\(n),\n", "s,activation,,,,gelu\n"])
  }

  /// To run it again by hand.
  var description: String {
    "seed \(seed): \(settings.map { "\($0.key)=\($0.value)\($0.unit)" } + words) on\n\(table)"
  }

  private static let sizes = [96, 128, 200, 256, 384]

  /// The machine with one of its figures doubled, or as it is.
  func spec(doubling key: String? = nil) throws -> MachineSpec {
    let figures = settings.map { "\($0.key)=\($0.key == key ? 2 * $0.value : $0.value)\($0.unit)" }
    return try Configuration.load(path: "\(Binary.root)/configs/tiny.toml", overrides: figures + words)
  }

  /// Compiles the work for a machine and runs it.
  func run(on machine: MachineSpec, options: RunOptions = RunOptions()) throws -> RunResult {
    let directory = try TemporaryDirectory()
    let path = directory.path("work.pal.gz")
    let model = try ModelReader.read(text: table, file: "work.csv")
    var compilation = CompileOptions()
    compilation.trial = CutChoice.timed.trial(on: machine)
    _ = try ModelCompiler.compile(model: model, machine: machine, options: compilation, to: path)
    var simulation = try Machine(spec: machine, trace: TraceFile(path: path), options: options)
    return try simulation.run()
  }
}

extension RunResult {
  /// Tile cycles.
  var cycles: Int64 { domains[0].cycles }

  private func total(_ leaf: String) -> Int64 {
    zip(signals, signalTotals).reduce(0) { $0 + ($1.0.name.hasSuffix(".\(leaf)") ? $1.1 : 0) }
  }

  /// Multiply-accumulates of all arrays.
  var macs: Int64 { total("macs") }

  /// FNV-1a over the cycles of every domain and unit and the total of every signal.
  var digest: UInt64 {
    let numbers = domains.map(\.cycles) + signalTotals + units.flatMap(\.cycles)
    return numbers.reduce(0xCBF2_9CE4_8422_2325) { hash, number in
      (0..<8).reduce(hash) { ($0 ^ UInt64(truncatingIfNeeded: number >> (8 * $1)) & 0xFF) &* 0x100_0000_01B3 }
    }
  }
}
