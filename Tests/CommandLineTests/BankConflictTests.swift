import Foundation
import Testing

/// A layout whose rows meet in one bank slows the machine, and every output says where and by whom.
@Suite struct BankConflictTests {
  private struct Summary: Decodable {
    struct Conflict: Decodable {
      struct Holder: Decodable { var requester: String, cycles: Int }
      struct Bank: Decodable { var bank: String, cycles: Int }
      var requester: String, cycles: Int, heldBy: [Holder], banks: [Bank]
    }
    struct Statistic: Decodable { var name: String, value: Double }
    var bankConflicts: [Conflict]
    var statistics: [Statistic]
    var cycles: Double { statistics.first { $0.name == "cycles" }?.value ?? 0 }
  }

  private let directory: TemporaryDirectory
  private let machine = ["--config", "configs/tiny.toml", "--set", "tile.array.dataflow=output-stationary"]

  init() throws {
    directory = try TemporaryDirectory()
    let table = "name,operator,m,n,k\nproduct,gemm,128,128,128\n"
    try Data(table.utf8).write(to: URL(fileURLWithPath: directory.path("product.csv")))
    let compile = ["compile", directory.path("product.csv"), "-o", directory.path("product.pal.gz")] + machine
    // For wide banks the rows of a matrix are laid out an odd number of 2 KiB apart.
    #expect(try Binary.run(compile + ["--set", "tile.sram.bank_width=2 KiB"]).code == 0)
  }

  /// Runs it with eight banks of 16 bytes: dealt 16 bytes at a time, all rows begin in one.
  private func run(_ interleave: String) throws -> (summary: Summary, report: String, units: [[String: Any]]) {
    let out = directory.path(interleave)
    let outcome = try Binary.run(
      ["run", directory.path("product.pal.gz"), "--out", out, "--set", "tile.sram.interleave=\(interleave)"] + machine)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(out)/summary.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let units = try #require(object?["units"] as? [[String: Any]])
    return (try decoder.decode(Summary.self, from: data), outcome.output, units)
  }

  @Test func aConflictingLayoutIsSlowAndNamed() throws {
    let (meeting, apart) = (try run("low-order"), try run("matrix-row"))
    #expect(meeting.summary.cycles > 2 * apart.summary.cycles, "\(meeting.summary.cycles), \(apart.summary.cycles)")
    let worst = try #require(meeting.summary.bankConflicts.max { $0.cycles < $1.cycles })
    #expect(worst.requester.hasPrefix("chip0.tile") && worst.requester.hasSuffix(".mac0"))
    #expect(worst.heldBy.max { $0.cycles < $1.cycles }?.requester == "mac0")
    #expect(meeting.report.contains("Lost to scratchpad banks\n  mac "))
    #expect(meeting.report.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(meeting.report)")
  }

  @Test(arguments: ["low-order", "matrix-row"])
  func theSharesAddUpToTheUnitsLostCycles(interleave: String) throws {
    let (summary, _, units) = try run(interleave)
    for conflict in summary.bankConflicts {
      #expect(conflict.heldBy.reduce(0) { $0 + $1.cycles } == conflict.cycles)
      #expect(conflict.banks.reduce(0) { $0 + $1.cycles } == conflict.cycles)
    }
    var lost = 0
    for unit in units {
      let name = try #require(unit["name"] as? String)
      let cycles = unit["sram_conflict"] as? Int ?? 0
      lost += cycles
      guard name.hasSuffix("mac0") || name.hasSuffix("vector") else { continue }
      #expect(summary.bankConflicts.first { $0.requester == name }?.cycles ?? 0 == cycles, "\(name)")
    }
    #expect(lost > 0)
  }

  @Test func withoutConflictsNothingIsSaid() throws {
    let outcome = try Binary.run(
      ["run", directory.path("product.pal.gz"), "--set", "tile.sram.ports=unlimited"] + machine)
    #expect(outcome.code == 0 && !outcome.output.contains("scratchpad banks"))
  }
}
