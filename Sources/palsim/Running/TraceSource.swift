import Architecture
import DesignSpace
import Foundation
import InstructionTrace

/// The trace of a run: given as it is, or compiled from a layer table into a file that has no name once it is open, so that nothing
/// is left behind, however the process ends.
struct TraceSource {
  /// What was given.
  let input: String
  let trace: TraceFile
  /// What was assumed or ignored in reading the input.
  let notices: [String]

  /// - Throws: `TraceError`, `CompileError`.
  init(input: String, machine: MachineSpec, cuts: CutChoice = .timed, isQuiet: Bool = true) throws {
    self.input = input
    guard input.hasSuffix(".csv") else {
      trace = try TraceFile(path: input)
      notices = trace.notices
      return
    }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-\(getpid()).pal.gz").path
    let compilation = Compilation(file: input, machine: machine, cuts: cuts, isQuiet: isQuiet)
    notices = try compilation.write(to: path).model.notices.map { "\(input): \($0)" }
    defer { unlink(path) }
    trace = try TraceFile(path: path)
  }
}
