import Foundation
import Testing

@testable import palsim

@Suite struct GemmCommandTests {
  private struct Figures: Decodable {
    struct Conflict: Decodable {
      struct Holder: Decodable { var requester: String, cycles: Int }
      struct Bank: Decodable { var bank: String, cycles: Int }
      var requester: String, cycles: Int, held_by: [Holder], banks: [Bank]
    }
    var compute_cycles: Int, total_cycles: Int, conflict_cycles: Int
    var utilization: Double, mapping_efficiency: Double
    var sram_reads_a: Int, sram_reads_b: Int, sram_writes_c: Int, folds: Int, macs: Int
    var conflicts: [Conflict]
  }

  private func gemm(_ arguments: String) throws -> Figures {
    let outcome = try Binary.run(["gemm"] + arguments.split(separator: " ").map(String.init) + ["--json"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return try JSONDecoder().decode(Figures.self, from: Data(outcome.output.utf8))
  }

  /// SCALE-Sim v3.0.0, commit 1d62b68a: 33 x 65 x 127 on 32 x 32, input-stationary.
  @Test func serialFoldsPrintWhatSCALESimPrints() throws {
    let figures = try gemm(
      "33 65 127 --config configs/tiny.toml --rows 32 --columns 32 --dataflow input-stationary --serial-folds "
        + "--compute-only")
    #expect(figures.compute_cycles == 1272 && figures.mapping_efficiency == 51.1597 && figures.folds == 8)
    #expect(figures.sram_reads_a == 4191 && figures.sram_reads_b == 16510 && figures.sram_writes_c == 8580)
    #expect(figures.utilization == (1e6 * 272_415 / (1272 * 1024)).rounded() / 1e4 && figures.conflicts.isEmpty)
  }

  /// ONNXim, commit a1e86296, one core of 128 x 128: its cycles and the percentage of them with a GEMM in the array, as
  /// printed. The array is as long at work alone as in the whole machine, where its operands come from memory.
  @Test(arguments: [
    (shape: "128 128 128", cycles: 907, active: 42.12), (shape: "512 512 512", cycles: 9393, active: 89.92),
    (shape: "1 1024 1024", cycles: 9154, active: 90.91),
  ])
  func pipelinedTilesTakeONNXimsCycles(row: (shape: String, cycles: Int, active: Double)) throws {
    let machine = "--config configs/reference/onnxim-4x128.toml --set grid.columns=1 --set grid.rows=1"
    for mode in ["--compute-only", "", "--ideal hbm,noc,sram,dispatch"] {
      let figures = try gemm("\(row.shape) \(machine) \(mode)")
      let share = (1e4 * Double(figures.compute_cycles) / Double(row.cycles)).rounded() / 100
      #expect(share == row.active, "\(mode): \(figures.compute_cycles) cycles")
    }
  }

  /// 512 blocks on four cores; an array that waits for operands drains, which counts as activity.
  @Test func aProductIsDealtToAllTiles() throws {
    let figures = try gemm("1024 1024 1024 --config configs/reference/onnxim-4x128.toml")
    #expect(figures.folds == 512 && figures.macs == 1 << 30 && figures.mapping_efficiency == 100)
    #expect(figures.compute_cycles >= 127 * 128 + 254 + 128)
  }

  @Test func otherDataflowsRunOnTheWholeMachine() throws {
    for dataflow in ["output-stationary", "input-stationary"] {
      let figures = try gemm("40 24 70 --config configs/tiny.toml --dataflow \(dataflow)")
      #expect(figures.macs == 40 * 24 * 70 && figures.total_cycles > figures.compute_cycles)
    }
  }

  @Test func aPortLessIsSeen() throws {
    let options = "64 64 64 --config configs/tiny.toml --dataflow output-stationary --compute-only --serial-folds"
    let two = try gemm(options)
    let one = try gemm(options + " --buffer-ports 1rw")
    #expect(two.compute_cycles == 16 * (64 + 30) && one.compute_cycles == two.compute_cycles + 16 * 64)
  }

  @Test func conflictsNameBanksAndRequesters() throws {
    let figures = try gemm(
      "64 64 64 --config configs/tiny.toml --dataflow output-stationary --compute-only --scratchpad")
    let conflict = try #require(figures.conflicts.first)
    #expect(conflict.requester == "mac0" && conflict.held_by.map(\.requester) == ["mac0"])
    #expect(conflict.banks.reduce(0) { $0 + $1.cycles } == figures.conflict_cycles && figures.conflict_cycles > 1000)
    let hashed = try gemm(
      "64 64 64 --config configs/tiny.toml --dataflow output-stationary --compute-only --scratchpad "
        + "--set tile.sram.interleave=hashed")
    #expect(hashed.conflict_cycles < figures.conflict_cycles)
  }

  @Test func badInputIsSaid() throws {
    let cases = [
      ("0 1 1 --config configs/tiny.toml", Int32(64), "M is 0, expected 1 to 1048576"),
      ("1 1 1 --config configs/tiny.toml --rows 5000", 64, "--rows is 5000, expected 1 to 4096"),
      ("1 1 1 --config configs/tiny.toml --scratchpad", 64, "--scratchpad needs --compute-only"),
      ("1 1 1 --config configs/tiny.toml --ideal hmb", 64, "'hmb' is not a part"),
      ("1 1 1 --config no.toml", 66, "no.toml"),
    ]
    for (arguments, code, message) in cases {
      let outcome = try Binary.run(["gemm"] + arguments.split(separator: " ").map(String.init))
      #expect(outcome.code == code && outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
    }
  }
}
