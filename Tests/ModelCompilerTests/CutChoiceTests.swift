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

  /// Records of what is compiled under a trial.
  private func records(_ trial: TraceRun?) throws -> Int {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("cuts-\(UUID()).pal.gz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var options = CompileOptions()
    options.trial = trial
    return try ModelCompiler.compile(model: model, machine: machine(), options: options, to: path).records
  }

  /// Records of a trace that is tried.
  private static func records(of path: String) throws -> Int {
    try TraceFile(path: path).streams.reduce(0) { $0 + Int($1.dynamicRecords) }
  }

  /// Whatever a machine likes, it gets: few records, or many.
  @Test func theFastestTrialWins() throws {
    let fewest = try records { (try Self.records(of: $0), 0) }
    let most = try records { (1_000_000_000 - 1000 * (try Self.records(of: $0)), 0) }
    #expect(fewest < most)
    #expect((fewest...most).contains(try records(nil)))
  }

  /// Of cuts that are as fast, the one that moves fewest bytes.
  @Test func fewerBytesDecideBetweenEqualTimes() throws {
    let fewest = try records { (1000, try Self.records(of: $0)) }
    #expect(fewest == (try records { (try Self.records(of: $0), 0) }))
  }

  /// The choice does not depend on how many trials run side by side.
  @Test func theSameEachTime() throws {
    let counts = try (0..<4).map { _ in try records { (try Self.records(of: $0) % 7, 0) } }
    #expect(Set(counts).count == 1)
  }

  @Test func aTrialThatFailsIsAnError() {
    struct Failure: Error, CustomStringConvertible { var description: String { "no luck" } }
    #expect(throws: CompileError.trial(message: "no luck")) { try records { _ in throw Failure() } }
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
