import Foundation
import Testing

/// Traces whose checksums are right but whose words no machine can follow: one message and exit code 65, never a trap.
@Suite struct ImpossibleTraceTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: [
    ("stream 0.0", "stream 9.99", "a stream of chip 9 tile 99"),
    ("stream 0.0", "stream 0.4294967295", "a stream of chip 0 tile 4294967295"),
    ("at 0x1000", "at 0xffffffffffffffff", "tensor input lies at 18446744073709551615"),
    ("weights\" weight format 0", "weights\" weight format 9", "tensor weights has format 9"),
  ])
  func headersThatContradictThemselves(found: String, put: String, message: String) throws {
    let text = try String(contentsOfFile: "\(Binary.root)/traces/micro/matmul.txt", encoding: .utf8)
    let source = try directory.write(text.replacingOccurrences(of: found, with: put), to: "odd.txt")
    let trace = directory.path("odd.pal.gz")
    let assembled = try Binary.run("trace", "assemble", source, "-o", trace)
    #expect(assembled.code == 0, "\(assembled.errors)")
    let outcome = try Binary.run("run", trace, "--config", "configs/tiny.toml")
    #expect(outcome.code == 65 && outcome.errors.contains(message), "\(outcome.code) \(outcome.errors)")
  }

  /// Refreshes that take almost all the time, so that some are still due when the run ends.
  @Test func refreshesThatAreStillDueAtTheEnd() throws {
    for (interval, cycles) in [(10, 9), (30, 29), (3, 1), (2, 1)] {
      let outcome = try Binary.run(
        "run", "traces/micro/store.pal.gz", "--config", "configs/tiny.toml", "--set", "hbm.nREFI=\(interval) cycles",
        "--set", "hbm.nRFC=\(cycles) cycles")
      #expect(outcome.code == 0, "every \(interval), for \(cycles): \(outcome.errors)")
    }
  }
}
