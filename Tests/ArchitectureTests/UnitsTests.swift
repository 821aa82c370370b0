import Testing

@testable import Architecture

@Suite("Numbers and units")
struct UnitsTests {
  /// Reads a value with a kind, or gives what is said of it.
  private func read(_ text: String, _ kind: Kind, hertz: Int64 = 1_000_000_000) -> Result<Value, Refusal> {
    let node = Node(origin: .preset("test"), content: .scalar(.string(text)))
    return Result { () throws(Refusal) in try kind.decode(node, clocks: [.tile: hertz]) }
  }

  private static let any = 0...Int64.max

  @Test(
    "Quantities in base units",
    arguments: [
      (Dimension.frequency, "1.05 GHz", Int64(1_050_000_000)), (.frequency, "1171.875MHz", 1_171_875_000),
      (.frequency, "1e9 Hz", 1_000_000_000), (.frequency, "2.5e-1 GHz", 250_000_000), (.frequency, "+1 kHz", 1000),
      (.bytes, "64 KiB", 65_536), (.bytes, "64 KB", 64_000), (.bytes, "1.5 KiB", 1536), (.bytes, "16 TiB", 1 << 44),
      (.bytes, "1_000 B", 1000), (.bytes, "  7   B ", 7), (.voltage, "0.75 V", 750), (.length, "7 nm", 7),
      (.energy, "0.055 pJ", 55_000), (.energy, "3.9 pJ", 3_900_000), (.power, "1.5 mW", 1500),
      (.bandwidth, "819 GB/s", 819_000_000_000),
      (.bytes, "9223372036854775807 B", .max),
    ])
  func quantity(dimension: Dimension, text: String, value: Int64) {
    #expect(read(text, .quantity(dimension, Self.any)) == .success(.integer(value)))
  }

  @Test(
    "What is no quantity is refused",
    arguments: [
      "", " ", "B", "1", "1 b", "1 KiBs", "1.1 B", "1..2 KiB", "1. KiB", ".5 KiB", "1e KiB", "1e99 B", "0x10 B", "١ B",
      "1 K iB",
      "9223372036854775808 B", "-1 B", "1_ KiB", "_1 KiB", "1e-9223372036854775808 B",
      "1234567890123456789012345678901 B", "nan B",
      "inf B", "1 B 2 B", "1,5 KiB",
    ])
  func refused(text: String) {
    #expect(throws: Refusal.self) { try read(text, .quantity(.bytes, Self.any)).get() }
  }

  @Test(
    "Times become whole cycles, rounded up",
    arguments: [
      ("2 ns", Int64(1_000_000_000), Int64(2)), ("2 ns", 1_050_000_000, 3), ("14 ns", 1_200_000_000, 17),
      ("3.9 us", 1_000_000_000, 3900),
      ("3900 ns", 878_906_250, 3428), ("1 ps", 1_000_000, 1), ("0.5 ms", 2_000_000_000, 1_000_000),
      ("20 cycles", 5, 20),
      ("1 cycle", 5, 1), ("0 ns", 1_000_000_000, 0), ("833 ps", 1_200_000_000, 1), ("834 ps", 1_200_000_000, 2),
    ])
  func cycles(text: String, hertz: Int64, cycles: Int64) {
    #expect(read(text, .cycles(.tile, Self.any), hertz: hertz) == .success(.integer(cycles)))
  }

  @Test(
    "Bandwidths become whole bytes a cycle",
    arguments: [
      ("64 B/cycle", Int64(7), Int64(64)), ("64 GB/s", 1_000_000_000, 64), ("67.2 GB/s", 1_050_000_000, 64),
      ("1 KiB/s", 512, 2),
    ])
  func bytesPerCycle(text: String, hertz: Int64, bytes: Int64) {
    #expect(read(text, .bytesPerCycle(.tile, Self.any), hertz: hertz) == .success(.integer(bytes)))
  }

  @Test("Any value prints to a text that reads back as the same value")
  func printParse() throws {
    var random = SeededGenerator(seed: 20_261_121)
    for _ in 0..<4000 {
      let dimension = try #require(Dimension.allCases.randomElement(using: &random))
      let bits = Int.random(in: 0...62, using: &random)
      let value = Int64.random(in: 0...(1 << Int64(bits)), using: &random)
      let text = dimension.text(value)
      #expect(read(text, .quantity(dimension, Self.any)) == .success(.integer(value)), "seed 20261121: \(text)")
    }
  }

  @Test("Decimals agree with long division", arguments: [UInt64(7), 8])
  func decimals(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let whole = Int64.random(in: 0...999_999, using: &random)
      let places = Int.random(in: 1...9, using: &random)
      let digits = (0..<places).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
      let decimal = try #require(Decimal("\(whole).\(digits)"[...]))
      let scaled = try #require(decimal.scaled(by: 1_000_000_000))
      let expected = Int128(whole) * 1_000_000_000 + Int128(digits + String(repeating: "0", count: 9 - places))!
      #expect(scaled.numerator == expected * scaled.denominator, "seed \(seed): \(whole).\(digits)")
      #expect(
        Decimal(decimal.description[...])?.scaled(by: 1_000_000_000).map { $0.numerator / $0.denominator } == expected)
    }
  }

  @Test("Distance counts insertions, deletions, replacements and swaps")
  func distance() {
    func distance(_ a: String, _ b: String) -> Int { Words.distance(Array(a.utf8), Array(b.utf8)) }
    #expect(distance("banks", "banks") == 0)
    #expect(distance("bnaks", "banks") == 1)
    #expect(distance("bank", "banks") == 1)
    #expect(distance("bancs", "banks") == 1)
    #expect(distance("", "abc") == 3)
    #expect(distance("kitten", "sitting") == 3)
    #expect(Words.nearest(to: "colums", among: ["rows", "columns"]) == "columns")
    #expect(Words.distance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
    #expect(Words.nearest(to: "xyz", among: ["rows", "columns"]) == nil)
  }
}
