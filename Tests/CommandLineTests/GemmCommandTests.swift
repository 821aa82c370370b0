import Foundation
import Testing

@testable import palsim

@Suite struct GemmCommandTests {
  private struct Figures: Decodable {
    struct Conflict: Decodable {
      struct Holder: Decodable { var requester: String, cycles: Int }
      struct Bank: Decodable { var bank: String, cycles: Int }
      var requester: String, cycles: Int, heldBy: [Holder], banks: [Bank]
    }
    var computeCycles: Int, totalCycles: Int, conflictCycles: Int
    var utilization: Double, mappingEfficiency: Double
    var sramReadsA: Int, sramReadsB: Int, sramWritesC: Int, folds: Int, macs: Int
    var conflicts: [Conflict]
  }

  private func gemm(_ arguments: String) throws -> Figures {
    let outcome = try Binary.run(["gemm"] + arguments.split(separator: " ").map(String.init) + ["--json"])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Figures.self, from: Data(outcome.output.utf8))
  }

  /// SCALE-Sim v3.0.0, commit 1d62b68a: 33 x 65 x 127 on 32 x 32, input-stationary.
  @Test func serialFoldsPrintWhatSCALESimPrints() throws {
    let figures = try gemm(
      "33 65 127 --config configs/tiny.toml --rows 32 --columns 32 --dataflow input-stationary --serial-folds "
        + "--compute-only")
    #expect(figures.computeCycles == 1272 && figures.mappingEfficiency == 51.1597 && figures.folds == 8)
    #expect(figures.sramReadsA == 4191 && figures.sramReadsB == 16510 && figures.sramWritesC == 8580)
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
      let share = (1e4 * Double(figures.computeCycles) / Double(row.cycles)).rounded() / 100
      #expect(share == row.active, "\(mode): \(figures.computeCycles) cycles")
    }
  }

  /// On this map an answer to what the network brings enters it before packets that are known of longer: the run once stopped there.
  @Test func answersOvertakePacketsKnownOfLonger() throws {
    let map = #"["column","bank_group:1","channel:3","pseudo_channel","channel","bank","bank_group","row"]"#
    let figures = try gemm(
      "128 128 32768 --config configs/reference/onnxim-4x128.toml --set grid.columns=1 --set grid.rows=1 "
        + "--set hbm.address_map=\(map) --set hbm.address_hash=[\"channel^row\",\"channel^bank\"]")
    #expect(figures.macs == 128 * 128 * 32768 && figures.totalCycles > figures.computeCycles)
  }

  /// 512 blocks on four cores; an array that waits for operands drains, which counts as activity.
  @Test func aProductIsDealtToAllTiles() throws {
    let figures = try gemm("1024 1024 1024 --config configs/reference/onnxim-4x128.toml")
    #expect(figures.folds == 512 && figures.macs == 1 << 30 && figures.mappingEfficiency == 100)
    #expect(figures.computeCycles >= 127 * 128 + 254 + 128)
  }

  @Test func otherDataflowsRunOnTheWholeMachine() throws {
    for dataflow in ["output-stationary", "input-stationary"] {
      let figures = try gemm("40 24 70 --config configs/tiny.toml --dataflow \(dataflow)")
      #expect(figures.macs == 40 * 24 * 70 && figures.totalCycles > figures.computeCycles)
    }
  }

  @Test func aPortLessIsSeen() throws {
    let options = "64 64 64 --config configs/tiny.toml --dataflow output-stationary --compute-only --serial-folds"
    let two = try gemm(options)
    let one = try gemm(options + " --buffer-ports 1rw")
    #expect(two.computeCycles == 16 * (64 + 30) && one.computeCycles == two.computeCycles + 16 * 64)
  }

  @Test func conflictsNameBanksAndRequesters() throws {
    let figures = try gemm(
      "64 64 64 --config configs/tiny.toml --dataflow output-stationary --compute-only --scratchpad")
    let conflict = try #require(figures.conflicts.first)
    #expect(conflict.requester == "mac0" && conflict.heldBy.map(\.requester) == ["mac0"])
    #expect(conflict.banks.reduce(0) { $0 + $1.cycles } == figures.conflictCycles && figures.conflictCycles > 1000)
    let hashed = try gemm(
      "64 64 64 --config configs/tiny.toml --dataflow output-stationary --compute-only --scratchpad "
        + "--set tile.sram.interleave=hashed")
    #expect(hashed.conflictCycles < figures.conflictCycles)
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
