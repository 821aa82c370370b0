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

  /// Precondition: `Interruption.install` was called, where Ctrl-C is to leave nothing behind.
  ///
  /// - Throws: `CompileError`; `ExitCode` 130 when a trial was interrupted.
  func write(to output: String) throws -> CompileSummary {
    var (meter, options) = (ProgressMeter(quiet: isQuiet), options)
    options.trial = cuts.trial(on: machine) { Interruption.isRequested }
    defer { meter.clear() }
    do {
      return try ModelCompiler.compile(file: file, machine: machine, options: options, to: output) { done, total in
        meter.show(layers: done, of: total)
      }
    } catch {
      guard case .trial = error, Interruption.isRequested else { throw error }
      meter.clear()
      TraceCommand.complain("palsim: interrupted while compiling; nothing is written")
      throw ExitCode(130)
    }
  }
}
