import Foundation
import Testing

/// `palsim run --bottleneck`: for traces bound by one part by construction, that part is the one named.
@Suite struct BottleneckTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Assembles `streams` below a header for `tiles` tiles and searches on the tiny machine.
  private func search(_ streams: String, tiles: Int = 1, extra: [String] = []) throws -> Binary.Outcome {
    let text = try directory.write(Self.header(tiles: tiles) + streams, to: "bound.txt")
    let trace = directory.path("bound.pal.gz")
    let assembled = try Binary.run("trace", "assemble", text, "-o", trace)
    #expect(assembled.code == 0, "\(assembled.errors)")
    let validated = try Binary.run("trace", "validate", trace)
    #expect(validated.code == 0, "\(validated.output)")
    return try Binary.run(["run", trace, "--config", "configs/tiny.toml", "--bottleneck"] + extra)
  }

  private func expect(_ part: String, of streams: String, tiles: Int = 1) throws {
    let outcome = try search(streams, tiles: tiles)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("The bottleneck is \(part)."), "\(outcome.output)")
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(outcome.output)")
  }

  private static func header(tiles: Int) -> String {
    """
    palsim-trace 1.0
    producer "palsim tests"
    command ""
    requires chips 1 tiles \(tiles) sram 65536 accumulator 16384 hbm 1048576
    array 16x16x1 "weight-stationary" "INT8"
    format "INT8" 8 "s1 i7"
    tensor "input" input format 0 at 0x0 bytes 1048576 shape 1024x1024

    """
  }

  /// Each 32-byte access opens another row: the row cycle of the memory is all there is.
  @Test func scatteredLoadsAreBoundByHBM() throws {
    try expect(
      "hbm",
      of: """
        stream 0.0
          repeat 8 {
            load input +0x0 run 32 x32/32768 -> 0x0 run 1024 after 1
          }
        """)
  }

  /// One block of weights, reused for 1,024 rows.
  @Test func manyRowsOfOneBlockAreBoundByTheArray() throws {
    try expect(
      "mac",
      of: """
        stream 0.0
          load input +0x0 run 256 -> 0x0 run 256
          preload 0 INT8 16x16 0x0 run 256 after 1
          repeat 16 {
            matmul 0 INT8 64x16x16 accumulate 0x0 run 1024 -> acc:0x0 run 4096 after 1
          }
        """)
  }

  /// Thousands of elements through four lanes.
  @Test func aChainOfVectorOperationsIsBoundByTheVectorUnit() throws {
    try expect(
      "vector",
      of: """
        stream 0.0
          load input +0x0 run 1024 -> 0x0 run 1024
          repeat 4 {
            vector gelu INT8 1024 0x0 run 1024 -> 0x1000 run 1024 after 1
          }
        """)
  }

  /// Each copy waits for the acknowledgement of the one before, across the whole grid.
  @Test func aChainOfSmallCopiesIsBoundByTheNetwork() throws {
    try expect(
      "noc",
      of: """
        stream 0.0
          repeat 32 {
            copy 0x0 run 16 -> tile 3 0x400 run 16 after 1
          }
        stream 0.1
        stream 0.2
        stream 0.3
        """, tiles: 4)
  }

  @Test func tokensToAndFroAreBoundBySynchronisation() throws {
    let first = (0..<16).map { "  signal \(2 * $0) after 1\n  wait \(2 * $0 + 1) signals 1 waiters 1 after 1\n" }
    let second = (0..<16).map { "  wait \(2 * $0) signals 1 waiters 1 after 1\n  signal \(2 * $0 + 1) after 1\n" }
    try expect("sync", of: "stream 0.0\n\(first.joined())stream 0.1\n\(second.joined())", tiles: 2)
  }

  /// Runs cut at the same cycle would all be equally long, and say nothing.
  @Test func aRunCutShortHasNoBottleneck() throws {
    let outcome = try search(
      "stream 0.0\n  load input +0x0 run 1024 -> 0x0 run 1024\n", extra: ["--limit-cycles", "10"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Bottleneck: not searched, the run did not complete."), "\(outcome.output)")
  }
}
