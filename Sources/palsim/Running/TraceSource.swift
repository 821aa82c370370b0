import Architecture
import DesignSpace
import Foundation
import InstructionTrace

/// The trace of a run: given as it is, or compiled from a layer table into a temporary file.
struct TraceSource {
  /// What was given.
  let input: String
  let trace: TraceFile
  /// What was assumed or ignored in reading the input.
  let notices: [String]
  private let temporary: String?

  /// - Throws: `TraceError`, `CompileError`.
  init(input: String, machine: MachineSpec, cuts: CutChoice = .timed, isQuiet: Bool = true) throws {
    self.input = input
    guard input.hasSuffix(".csv") else {
      trace = try TraceFile(path: input)
      notices = trace.notices
      temporary = nil
      return
    }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-\(getpid()).pal.gz").path
    let compilation = Compilation(file: input, machine: machine, cuts: cuts, isQuiet: isQuiet)
    notices = try compilation.write(to: path).model.notices.map { "\(input): \($0)" }
    temporary = path
    do { trace = try TraceFile(path: path) } catch {
      try? FileManager.default.removeItem(atPath: path)
      throw error
    }
  }

  /// Removes the temporary trace, if there is one.
  func discard() {
    if let temporary { try? FileManager.default.removeItem(atPath: temporary) }
  }
}
