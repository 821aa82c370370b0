import Architecture
import ArgumentParser
import DesignSpace
import Foundation
import ModelCompiler

/// `palsim compile`: a layer table becomes an instruction trace for one machine.
struct CompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile", abstract: "Compile a layer table into an instruction trace for a machine.",
    discussion: """
      Of the ways to cut a matrix product over tiles and steps, those that may be the fastest are run, each behind the layer before, \
      and the fastest is taken: the trace of a large machine may take longer to compile than to run. \
      With --cuts estimated an estimate alone decides.

      EXAMPLES
        palsim compile traces/models/resnet50.csv --config configs/edge.toml -o resnet50.pal.gz --print-tiling
        palsim compile traces/models/bert_base_128.csv --config configs/big.toml -o bert.pal.gz --cuts estimated
        palsim compile my.csv --config configs/edge.toml --set grid.columns=8 --batch 4 -o my.pal.gz
      """)

  @Argument(
    help: ArgumentHelp("The layer table: palsim's own, or one of the SCALE-Sim family.", valueName: "model.csv"))
  var model: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The machine.", valueName: "file.toml"))
  var config: String

  @Option(name: .customLong("set"), help: ArgumentHelp("Override a configuration key.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The trace to write.", valueName: "trace.pal.gz"))
  var output: String

  @Option(help: "Output size arithmetic: palsim (true floor) or scalesim (its ceiling).")
  var dialect: TableDialect = .palsim

  @Option(help: "Number format of layers that name none; default: the array's first.")
  var format: String?

  @Option(help: "Batch: multiplies that of every layer.")
  var batch = 1

  @Option(help: "How cuts are chosen: timed (the likeliest are run) or estimated (much quicker to compile).")
  var cuts: CutChoice = .timed

  @Flag(help: "Print how each layer was cut.")
  var printTiling = false

  func validate() throws {
    if !(1...65536).contains(batch) { throw ValidationError("--batch is \(batch), expected 1 to 65536") }
  }

  func run() throws {
    Interruption.install()
    do {
      let machine = try Configuration.load(path: config, overrides: overrides)
      report(try Compilation(file: model, machine: machine, cuts: cuts, options: options).write(to: output))
    } catch let error as ConfigurationError {
      throw fail(error.description, error.exitCode)
    } catch let error as CompileError {
      throw fail(error.description, error.exitCode)
    }
  }

  private var options: CompileOptions {
    var options = CompileOptions()
    options.dialect = dialect
    options.format = format
    options.batch = batch
    options.command = "palsim compile \(name(of: model)) --config \(name(of: config))"
    if dialect != .palsim { options.command += " --dialect \(dialect.rawValue)" }
    if let format { options.command += " --format \(format)" }
    if batch != 1 { options.command += " --batch \(batch)" }
    if cuts != .timed { options.command += " --cuts \(cuts.rawValue)" }
    for override in overrides { options.command += " --set \(override)" }
    return options
  }

  /// File names without their directory: the same input gives the same trace wherever it lies.
  private func name(of path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

  private func report(_ summary: CompileSummary) {
    for notice in summary.model.notices { FileHandle.standardError.write(Data("\(model): \(notice)\n".utf8)) }
    if printTiling { print(TilingTable.text(summary.layers)) }
    print("\(output): \(summary.layers.count) layers, \(summary.model.macs) MACs, \(summary.records) records")
  }

  private func fail(_ message: String, _ code: Int32) -> ExitCode {
    FileHandle.standardError.write(Data("palsim compile: \(message)\n".utf8))
    return ExitCode(code)
  }
}

extension TableDialect: ExpressibleByArgument {}
