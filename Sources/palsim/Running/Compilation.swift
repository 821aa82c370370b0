import Architecture
import ArgumentParser
import DesignSpace
import ModelCompiler

extension CutChoice: ExpressibleByArgument {}

/// Compiles a layer table for a machine, with a line of progress on a terminal.
struct Compilation {
  var file: String
  var machine: MachineSpec
  var cuts = CutChoice.timed
  var options = CompileOptions()
  /// No progress line.
  var isQuiet = false

  /// Ctrl-C ends it where `Interruption.install` was called.
  ///
  /// - Throws: `CompileError`.
  func write(to output: String) throws(CompileError) -> CompileSummary {
    var (meter, options) = (ProgressMeter(quiet: isQuiet), options)
    options.trial = cuts.trial(on: machine) { Interruption.isRequested }
    defer { meter.clear() }
    return try ModelCompiler.compile(file: file, machine: machine, options: options, to: output) { done, total in
      meter.show(layers: done, of: total)
      return !Interruption.isRequested
    }
  }
}
