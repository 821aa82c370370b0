import Architecture
import Foundation
import InstructionTrace
import Testing

@testable import ModelCompiler

/// Cuts that are timed: what a trial says decides.
@Suite struct CutChoiceTests {
  private let model = Model.gemm(m: 128, n: 192, k: 160)

  private func machine() throws -> MachineSpec {
    try TestMachine(columns: 2, rows: 2, sram: 16384, accumulator: 8192).spec()
  }

  /// Records of what is compiled when a trial says that traces of so many records cost so much; nil: the estimate decides.
  private func records(
    sideBySide: Int = 4, _ cost: (@Sendable (_ records: Int) throws(CompileError) -> Trial.Cost)? = nil
  ) throws -> Int {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("cuts-\(UUID()).pal.gz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var options = CompileOptions()
    options.trial = cost.map { cost in
      Trial(sideBySide: sideBySide) { (trace) throws(CompileError) in
        try cost(trace.streams.reduce(0) { $0 + Int($1.dynamicRecords) })
      }
    }
    return try ModelCompiler.compile(model: model, machine: machine(), options: options, to: path).records
  }

  /// Whatever a machine likes, it gets: few records, or many.
  @Test func theFastestTrialWins() throws {
    let fewest = try records { Trial.Cost(cycles: $0, memoryBytes: 0) }
    let most = try records { Trial.Cost(cycles: 1_000_000 - $0, memoryBytes: 0) }
    #expect(fewest < most)
    #expect((fewest...most).contains(try records()))
  }

  /// Of cuts that are as fast, the one that moves fewest bytes.
  @Test func fewerBytesDecideBetweenEqualTimes() throws {
    let fewest = try records { Trial.Cost(cycles: 1000, memoryBytes: $0) }
    #expect(fewest == (try records { Trial.Cost(cycles: $0, memoryBytes: 0) }))
  }

  /// However many trials run side by side, and in whatever order they end.
  @Test(arguments: [1, 2, 7, 64]) func theSameInAnyOrder(sideBySide: Int) throws {
    let found = try records(sideBySide: sideBySide) { records in
      usleep(UInt32.random(in: 0...2000))
      return Trial.Cost(cycles: 50_000 * (records % 7), memoryBytes: 0)
    }
    #expect(found == (try records(sideBySide: 1) { Trial.Cost(cycles: 50_000 * ($0 % 7), memoryBytes: 0) }))
  }

  @Test func aTrialThatFailsIsAnError() {
    let failure = CompileError.trial(message: "no luck", exitCode: 74)
    #expect(throws: failure) { try records { (_) throws(CompileError) in throw failure } }
  }

  /// A part of the arrays never has more than all of them, and each line goes down to one.
  @Test func partsAreNested() throws {
    var target = try Target(machine())
    (target.array.rows, target.array.columns, target.arrayCount) = (12, 32, 3)
    target.array.edgeTiles = .trimmed
    let lines = target.parts
    #expect(lines.map { $0.map(\.count) } == [[2, 1], [3, 3, 3, 3], [3, 3]])
    #expect(lines[1].map(\.rows) == [6, 3, 2, 1] && lines[2].map(\.columns) == [16, 8])
    target.array.edgeTiles = .padded
    #expect(target.parts.count == 1)
  }
}
