import Foundation
import Testing

@testable import Architecture

@Suite("Files, extends and overrides")
struct SourceTests {
  /// A folder of files that is gone after the test.
  private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try body(folder.path)
  }

  private func error(_ path: String) throws -> ConfigurationError {
    try #require(throws: ConfigurationError.self) { try Configuration.load(path: path) }
  }

  @Test("A chain of files: the nearest value wins, and a fault names the file it is in")
  func chain() throws {
    let files = [
      "base/a.toml": Faulty.legal + "\ninterleave_bytes = 16",
      "b.toml": "extends = \"base/a.toml\"\n[grid]\nrows = 3\n",
      "c.toml": "extends = \"b.toml\"\n[grid]\ncolums = 4\n",
      "d.toml": "extends = \"b.toml\"\n[hbm]\ninterleave_bytes = 64",
    ]
    try withFiles(files) { folder in
      #expect(
        try error("\(folder)/c.toml").faults.map(\.description) == [
          "\(folder)/c.toml:3: grid.colums: unknown key; did you mean \"columns\"?",
          "\(folder)/base/a.toml:21: hbm.interleave_bytes: found 16 B; allowed: from hbm.access_bytes, 32 B, to a "
            + "pseudo channel's 512 MiB",
        ])
      let spec = try Configuration.load(path: "\(folder)/d.toml")
      #expect(spec.grid == GridSpec(columns: 2, rows: 3))
      #expect(spec.hbm.interleaveBytes == 64)
    }
  }

  @Test("A circle of extends is printed")
  func circle() throws {
    try withFiles(["a.toml": "extends = \"b.toml\"", "b.toml": "extends = \"./a.toml\""]) { folder in
      let error = try error("\(folder)/a.toml")
      #expect(
        error.faults.map(\.description) == [
          "\(folder)/b.toml:1: extends: extends itself: \(folder)/a.toml -> \(folder)/b.toml -> \(folder)/./a.toml"
        ])
      #expect(error.exitCode == 78)
    }
  }

  @Test("Files that are missing, no text, or too large")
  func unreadable() throws {
    let bad = String(repeating: "# x\n", count: 1 << 19)
    try withFiles(["a.toml": "extends = \"none.toml\"", "large.toml": bad, "zero.toml": "a = 1\0"]) { folder in
      let missing = try error("\(folder)/none.toml")
      #expect(missing.description == "\(folder)/none.toml: cannot be read: No such file or directory")
      #expect(missing.exitCode == 66)
      #expect(try error(folder).description == "\(folder): cannot be read: Is a directory")
      let base = try error("\(folder)/a.toml")
      #expect(
        base.description
          == "\(folder)/a.toml:1: extends: \(folder)/none.toml cannot be read: No such file or directory")
      #expect(base.exitCode == 78)
      #expect(try error("\(folder)/large.toml").faults[0].message == "is larger than 1 MiB: this is no configuration")
      #expect(try error("\(folder)/zero.toml").faults[0].message == "contains a zero byte: this is no TOML text")
      try Data([0x61, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: "\(folder)/binary.toml"))
      #expect(
        try error("\(folder)/binary.toml").faults[0].message == "is not UTF-8 text: this is no TOML file")
    }
  }

  @Test("Syntax faults and duplicates are listed with everything else")
  func syntax() {
    let text = Faulty.legal.replacing("rows = 2", with: "rows = = 2\nrows = 77\ncolumns = 3")
      .replacing("name = \"t\"", with: "name = 'unfinished")
    let faults = Faulty.faults(of: text)
    #expect(faults.count == 4)
    #expect(faults.first?.hasPrefix("t.toml:2: column ") == true)
    #expect(faults.contains { $0.hasPrefix("t.toml:8: column 8: not TOML: ") })
    #expect(faults.contains("t.toml:9: grid.rows: found 77; allowed: a whole number from 1 to 64"))
    #expect(faults.contains("t.toml:10: grid.columns: set twice, first on line 7"))
  }

  @Test("Sections without a name", arguments: ["[,]", "[[ =]]", "[ \n", "[é]", "[[", "[.a]"])
  func namelessSection(header: String) {
    let faults = Faulty.faults(adding: header)
    #expect(faults.count == 1 && faults[0].hasPrefix("t.toml:21: "), "\(faults)")
  }

  @Test(
    "Values that the parser must not see", arguments: ["[ } ]", "[\u{2028}]", "[1, \u{85}]", "{ a = [ } ]", "é", "]"])
  func flawedValue(value: String) {
    let message = "brackets do not match, or a character outside quotes cannot stand in a value"
    #expect(Faulty.faults(adding: "nRP = \(value) # é }") == ["t.toml:21: not TOML: \(message)"])
  }

  @Test("Quotes at the end of a multi-line string do not hide what follows")
  func quotes() {
    #expect(
      Faulty.faults(adding: "[system]\n[x]\ny = [\"\"\"a\"\"\"\"\"]\n[,]\n").map { String($0.prefix(10)) } == [
        "t.toml:21:", "t.toml:22:", "t.toml:24:",
      ])
  }

  @Test("A section twice")
  func duplicateSection() {
    #expect(
      Faulty.faults(adding: "[grid]\nrows = 99\n[noc]\nlink_latency = 0") == [
        "t.toml:21: grid: set twice, first on line 6",
        "t.toml:24: noc.link_latency: found 0; allowed: 1 to 64 cycles, or a time in ps, ns, us or ms, such as "
          + "\"20 cycles\" or \"2 ns\"",
      ])
  }

  @Test("A deeply dotted key is refused before it can exhaust the stack", arguments: ["", "x = {", "["])
  func deep(prefix: String) {
    let faults = Faulty.faults(of: prefix + String(repeating: "a.", count: 100_000) + "b = 1")
    #expect(faults == ["t.toml: has a key of more than 32 dots: this is no configuration"])
  }

  @Test("Overrides: plain texts, lists, one array, all arrays, and they come last")
  func overrides() throws {
    let text = Faulty.legal.replacing(
      "[hbm]", with: "[[tile.array]]\nrows = 1\ncolumns = 1\nformats = [\"INT8\"]\n[hbm]")
    let spec = try Configuration.load(
      text: text,
      overrides: [
        "clocks.tile=1.2 GHz", "grid.rows = 1", "tile.array.rows=2", "tile.array[1].columns=3", "system.name=\"new\"",
        "hbm.attachment=[1, 0]", "energy.override.\"mac.pal8\".value=0.055 pJ",
        "energy.override.\"mac.pal8\".grade=derived",
        "energy.override.\"mac.pal8\".source=x = y", "tile.dispatch.sync_latency=10 ns",
      ])
    #expect(spec.clocks.tile.hertz == 1_200_000_000)
    #expect(spec.grid.rows == 1 && spec.name == "new")
    #expect(spec.tiles[0].arrays.map(\.rows) == [2, 2] && spec.tiles[0].arrays.map(\.columns) == [4, 3])
    #expect(spec.hbm.attachment.prefix(3) == [1, 0, 1])
    #expect(spec.energy.overrides == ["mac.pal8": GradedValue(value: 55_000, grade: .derived, source: "x = y")])
    #expect(spec.tiles[0].dispatch.syncLatency == 12)
  }

  @Test(
    "Faults of overrides cite them",
    arguments: [
      ("tile.sram.banks=3", "--set tile.sram.banks=3: tile.sram.banks: found 3; allowed: a power of two from 1 to 64"),
      ("tile.sramm.banks=4", "--set tile.sramm.banks=4: tile.sramm: unknown section; did you mean \"sram\"?"),
      ("grid.rows", "--set grid.rows: expected key=value, for example tile.sram.banks=32"),
      ("=3", "--set =3: expected key=value, for example tile.sram.banks=32"),
      ("grid..rows=1", "--set grid..rows=1: expected key=value, for example tile.sram.banks=32"),
      (
        "tile.array[7].rows=1",
        "--set tile.array[7].rows=1: leads to no element: there is no such list element, or a value stands where a section "
          + "should"
      ),
      ("grid=3", "--set grid=3: grid: found 3; allowed: a section: [grid]"),
      (
        "grid.rows.x=3",
        "--set grid.rows.x=3: leads to no element: there is no such list element, or a value stands where a section should"
      ),
      ("extends=other.toml", "--set extends=other.toml: extends: can only stand in a file"),
    ])
  func overrideFaults(setting: String, fault: String) {
    #expect(Faulty.faults(of: Faulty.legal, overrides: [setting]) == [fault])
  }

  @Test("Presets: a layer's preset wins over the layers below it, never over its own keys")
  func presets() throws {
    let base = Faulty.legal + "\nnCL = 99\nnRP = 20"
    #expect(try Configuration.load(text: base).hbm.device[.nCL] == 99)
    let changed = try Configuration.load(text: base, overrides: ["hbm.preset=hbm2-2400"])
    #expect(changed.hbm.device[.nCL] == 17 && changed.clocks.hbm.hertz == 1_200_000_000)
    let stacked = try Configuration.load(text: base, overrides: ["hbm.stacks=2"])
    #expect(stacked.hbm.pseudoChannelCount == 32 && stacked.hbm.bytes == 16 << 30 && stacked.hbm.device[.nCL] == 99)
  }
}
