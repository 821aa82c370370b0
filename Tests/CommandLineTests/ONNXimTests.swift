import Foundation
import Testing

@testable import palsim

/// Whole products on the machine of ONNXim's configuration, one core, against runs of ONNXim (commit a1e86296) and of its core,
/// interconnect and memory sources behind a driver that makes one product's tiles (`docs/onnxim.md`).
@Suite struct ONNXimTests {
  struct Row: CustomTestStringConvertible {
    var m: Int, n: Int, k: Int
    /// Cycles of the run.
    var cycles: Int
    /// Cycles with a GEMM in the array; nil where it drains while it waits for memory.
    var active: Int?
    /// Percent by which a row differs for a reason that `docs/onnxim.md` names.
    var known: Double?
    var testDescription: String { "\(m)x\(n)x\(k)" }

    /// Percent that palsim may differ by; below 5,000 cycles 130 cycles, which is what starts and ends differ by.
    var tolerance: Double { known ?? (cycles >= 60_000 ? 1 : cycles >= 5_000 ? 3 : 13_000 / Double(cycles)) }
  }

  static let rows: [Row] = [
    Row(m: 64, n: 64, k: 64, cycles: 678, active: 318),
    Row(m: 128, n: 128, k: 128, cycles: 907, active: 382),
    Row(m: 100, n: 200, k: 300, cycles: 1624, active: 994),
    Row(m: 200, n: 512, k: 64, cycles: 1631, active: 1222),
    Row(m: 256, n: 256, k: 256, cycles: 1936, active: 1278),
    Row(m: 128, n: 128, k: 2048, cycles: 4806, active: 2302),
    Row(m: 128, n: 128, k: 4096, cycles: 8893, active: 4350),
    Row(m: 4096, n: 256, k: 128, cycles: 8965, active: 8446),
    Row(m: 1, n: 1024, k: 1024, cycles: 9154, active: 8322),
    Row(m: 1024, n: 1024, k: 128, cycles: 9324, active: 8446, known: 3.5),
    Row(m: 500, n: 500, k: 500, cycles: 9366, active: 8434),
    Row(m: 2048, n: 128, k: 512, cycles: 9379, active: 8446),
    Row(m: 1000, n: 1000, k: 64, cycles: 8907, active: 8422),
    Row(m: 700, n: 130, k: 50, cycles: 2077, active: 1722),
    Row(m: 512, n: 512, k: 512, cycles: 9393, active: 8446),
    Row(m: 384, n: 256, k: 1536, cycles: 11_426, active: 9470),
    Row(m: 64, n: 64, k: 8192, cycles: 12_179, active: 8382),
    Row(m: 128, n: 128, k: 8192, cycles: 18_034, active: 8700),
    Row(m: 96, n: 96, k: 8192, cycles: 14_540, active: 8636),
    Row(m: 128, n: 256, k: 8192, cycles: 25_616, active: 16_892),
    Row(m: 256, n: 128, k: 8192, cycles: 25_539, active: 16_892),
    Row(m: 128, n: 384, k: 8192, cycles: 33_207, active: 25_084),
    Row(m: 33, n: 1000, k: 2048, cycles: 18_181, active: 16_543),
    Row(m: 3072, n: 768, k: 128, cycles: 19_247, active: 18_686),
    Row(m: 128, n: 3072, k: 768, cycles: 19_961, active: 18_686),
    Row(m: 128, n: 768, k: 3072, cycles: 22_199, active: 18_686),
    Row(m: 128, n: 128, k: 16_384, cycles: 26_005),
    Row(m: 1, n: 4096, k: 1024, cycles: 33_745, active: 32_898),
    Row(m: 512, n: 2048, k: 512, cycles: 34_068, active: 33_022),
    Row(m: 64, n: 4096, k: 1024, cycles: 34_156, active: 32_958),
    Row(m: 197, n: 3072, k: 768, cycles: 38_261, active: 37_059),
    Row(m: 1, n: 128, k: 8192, cycles: 12_164, active: 8322),
    Row(m: 300, n: 700, k: 900, cycles: 19_870, active: 18_602),
    Row(m: 256, n: 256, k: 9000, cycles: 41_647, active: 36_606),
    Row(m: 640, n: 2560, k: 640, cycles: 65_406, active: 64_254),
    Row(m: 2048, n: 2048, k: 256, cycles: 66_574, active: 65_790),
    Row(m: 1000, n: 1000, k: 1000, cycles: 67_206, active: 65_766),
    Row(m: 1024, n: 1024, k: 1024, cycles: 67_284, active: 65_790),
    Row(m: 512, n: 512, k: 4096, cycles: 70_355, active: 65_790),
    Row(m: 768, n: 2304, k: 768, cycles: 84_504, active: 83_198),
    Row(m: 300, n: 300, k: 9000, cycles: 86_968, active: 81_962),
    Row(m: 16, n: 4096, k: 4096, cycles: 133_897, active: 131_214),
    Row(m: 256, n: 1024, k: 8192, cycles: 138_618, active: 131_326),
    Row(m: 2048, n: 2048, k: 2048, cycles: 527_158, active: 524_542),
    Row(m: 1, n: 8192, k: 8192, cycles: 528_234, active: 524_418),
  ]

  @Test(arguments: rows) func aProductTakesItsCycles(row: Row) throws {
    let options = "--config configs/reference/onnxim-4x128.toml --set grid.columns=1 --set grid.rows=1 --json"
    let arguments = ["gemm", "\(row.m)", "\(row.n)", "\(row.k)"] + options.split(separator: " ").map(String.init)
    let outcome = try Binary.run(arguments)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let (cycles, active) = (object?["total_cycles"] as? Int, object?["compute_cycles"] as? Int)
    let difference = 100 * Double(try #require(cycles) - row.cycles) / Double(row.cycles)
    #expect(abs(difference) <= row.tolerance, "\(cycles!) cycles: \(difference) %")
    #expect(row.active == nil || active == row.active)
  }
}
