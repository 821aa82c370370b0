import Foundation
import Testing

/// Traces whose checksums are right but whose words no machine can follow: one message and exit code 65, never a trap.
@Suite struct ImpossibleTraceTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func expectRefused(replacing found: String, with put: String, saying message: String) throws {
    let text = try String(contentsOfFile: "\(Binary.root)/traces/micro/matmul.txt", encoding: .utf8)
    let source = try directory.write(text.replacingOccurrences(of: found, with: put), to: "odd.txt")
    let trace = directory.path("odd.pal.gz")
    let assembled = try Binary.run("trace", "assemble", source, "-o", trace)
    #expect(assembled.code == 0, "\(assembled.errors)")
    let outcome = try Binary.run("run", trace, "--config", "configs/tiny.toml")
    #expect(outcome.code == 65 && outcome.errors.contains(message), "\(outcome.code) \(outcome.errors)")
  }

  @Test(arguments: [
    ("stream 0.0", "stream 9.99", "a stream of chip 9 tile 99"),
    ("stream 0.0", "stream 0.4294967295", "a stream of chip 0 tile 4294967295"),
    ("at 0x1000", "at 0xffffffffffffffff", "tensor input lies at 18446744073709551615"),
    ("weights\" weight format 0", "weights\" weight format 9", "tensor weights has format 9"),
  ])
  func headersThatContradictThemselves(found: String, put: String, message: String) throws {
    try expectRefused(replacing: found, with: put, saying: message)
  }

  /// Counts whose product is beyond 64 bits, and amounts that do not fit each other.
  @Test(arguments: [
    ("run 16 x32/64 -> 0x200", "run 16 x2000000000/0 x2000000000/0 x2000000000/0 -> 0x200", "pieces"),
    ("0x200 run 256 -> acc:0x0 run 1024 after 2", "0x200 run 256 x200000000/0 -> acc:0x0 run 1024 after 2", "pieces"),
    ("x32/64 -> 0x200 run 512", "x32/64 -> 0x200 run 500", "512 bytes do not fit the 500"),
    ("INT8 256 acc:0x0", "INT8 4000000000 acc:0x0", "4000000000 elements, expected 1 to 2147483647"),
  ])
  func recordsThatCannotBe(found: String, put: String, message: String) throws {
    try expectRefused(replacing: found, with: put, saying: message)
  }

  /// Refreshes that leave no time for an access would never let a run end: they are refused.
  @Test func refreshesThatLeaveNoTime() throws {
    for (interval, cycles) in [(10, 9), (300, 260), (3, 1)] {
      let outcome = try Binary.run(
        "run", "traces/micro/store.pal.gz", "--config", "configs/tiny.toml", "--set", "hbm.nREFI=\(interval) cycles",
        "--set", "hbm.nRFC=\(cycles) cycles")
      #expect(outcome.code == 78, "every \(interval), for \(cycles): \(outcome.errors)")
      #expect(outcome.errors.contains("hbm.nREFI: found \(interval) cycles"), "\(outcome.errors)")
    }
  }
}
