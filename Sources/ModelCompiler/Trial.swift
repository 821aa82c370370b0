import Foundation
import InstructionTrace

/// How the compiler tries a trace on the machine that it compiles for.
public struct Trial: Sendable {
  /// What a trace took: tile cycles, and the bytes that memory delivered and took.
  public struct Cost: Equatable, Sendable {
    public var cycles: Int
    public var memoryBytes: Int
    public init(cycles: Int, memoryBytes: Int) {
      self.cycles = cycles
      self.memoryBytes = memoryBytes
    }
  }

  let run: @Sendable (TraceFile) throws(CompileError) -> Cost
  let sideBySide: Int

  /// - Parameters:
  ///   - sideBySide: Traces run at the same time at most, at least 1.
  ///   - run: Runs a trace; throws `CompileError.trial` when it cannot, `.interrupted` when it is to stop. Called from several threads.
  public init(
    sideBySide: Int = ProcessInfo.processInfo.activeProcessorCount,
    run: @escaping @Sendable (TraceFile) throws(CompileError) -> Cost
  ) {
    self.sideBySide = max(1, sideBySide)
    self.run = run
  }
}
