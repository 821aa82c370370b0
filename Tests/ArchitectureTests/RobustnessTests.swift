import Testing

@testable import Architecture

@Suite("No text can break the reader")
struct RobustnessTests {
  /// Loads and checks what must hold of any text: a machine that round-trips, or at least one fault in the text's
  /// lines.
  private func check(_ text: String, overrides: [String] = [], _ note: String) throws {
    do {
      let spec = try Configuration.load(text: text, name: "t.toml", overrides: overrides)
      let resolved = Configuration.resolvedTOML(spec)
      #expect(try Configuration.load(text: resolved) == spec, "\(note)")
    } catch {
      #expect(!error.faults.isEmpty && error.exitCode == 78, "\(note)")
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
      for case .file(_, let line) in error.faults.map(\.origin) { #expect((0...lines).contains(line), "\(note)") }
    }
  }

  @Test("Bytes changed, removed and repeated at random", arguments: [UInt64(1), 2, 3])
  func mutations(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let original = Array(try Shipped.text("configs/tiny.toml").utf8)
    for round in 0..<150 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &random) { mutate(&bytes, &random) }
      try check(String(decoding: bytes, as: UTF8.self), "seed \(seed), round \(round)")
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    let index = Int.random(in: bytes.indices, using: &random)
    let alphabet = Array("[]{}\"'=.,#\n\\-0123456789aeKGBns \t".utf8)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes[index] = alphabet.randomElement(using: &random) ?? 0
    case 2: bytes.remove(at: index)
    default: bytes.insert(contentsOf: bytes[index..<min(index + 30, bytes.count)], at: index)
    }
  }

  /// Values no one should write, as TOML.
  private static let hostile = [
    "0", "-1", "9223372036854775807", "-9223372036854775808", "nan", "-inf", "1e308", "true", "\"\"", "\"nan GHz\"",
    "\"9223372036854775807 GiB\"", "\"-9223372036854775808\"", "\"1e60 s\"", "\"1e-60 ns\"", "[]", "[[]]", "[[[1]]]",
    "{}",
    "{ a = 1 }", "[{}]", "1979-05-27", "07:32:00", "1979-05-27T07:32:00-08:00", "\"\\u0000\"", "'''\n'''", "\"all\"",
    "[-1]",
    "[9223372036854775807]", "[\"0-9223372036854775807\"]", "[\"4095-0\"]", "64", "1024", "4096", "\"4 GiB\"",
    "\"16 TiB\"",
    "\"16 GHz\"", "\"10000 cycles\"", "\"0 ps\"", "0x7fffffffffffffff",
  ]

  @Test("Hostile values for every key, in the file and by override")
  func hostileValues() throws {
    let original = try Shipped.text("configs/tiny.toml")
    for key in Catalogue.shared.keyPaths {
      let path = key.replacing("[]", with: "").replacing("*", with: "x").replacing("tile_override.", with: "")
      for value in Self.hostile { try check(original, overrides: ["\(path)=\(value)"], "\(path) = \(value)") }
    }
  }

  @Test(
    "Hostile values for every section",
    arguments: ["", "tile", "tile.array", "tile_override", "energy.override", "hbm"])
  func hostileSections(path: String) throws {
    for value in Self.hostile {
      try check("\(path.isEmpty ? "x" : path) = \(value)", "\(path) = \(value)")
      try check(Faulty.legal, overrides: ["\(path)=\(value)"], "--set \(path)=\(value)")
    }
  }

  @Test("Random legal settings resolve and read back as the same machine", arguments: [UInt64(11), 12])
  func legalSettings(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let keys = Catalogue.shared.sections.flatMap(\.keys).filter {
      !$0.path.contains("*") && !$0.path.contains("override")
    }
    var accepted = 0
    for round in 0..<200 {
      let settings = (0..<4).compactMap { _ in keys.randomElement(using: &random).flatMap { setting($0, &random) } }
      if Faulty.faults(of: Faulty.legal, overrides: settings).isEmpty { accepted += 1 }
      try check(Faulty.legal, overrides: settings, "seed \(seed), round \(round): \(settings)")
    }
    #expect(accepted > 40, "seed \(seed)")
  }

  /// A random value in a key's range, written as configurations write it.
  private func setting(_ key: KeyDescription, _ random: inout SeededGenerator) -> String? {
    let path = key.path.replacing("[]", with: "")
    switch key.kind {
    case .integer(let range), .quantity(_, let range), .cycles(_, let range), .bytesPerCycle(_, let range):
      let value = Int64.random(in: range.lowerBound...min(range.upperBound, range.lowerBound + 4096), using: &random)
      return "\(path)=\(key.kind.text(.integer(value)))"
    case .choice(let words): return "\(path)=\(words.randomElement(using: &random) ?? "")"
    case .text: return path == "extends" ? nil : "\(path)=quote \" and \\ and é \u{1}"
    default: return nil
    }
  }
}
