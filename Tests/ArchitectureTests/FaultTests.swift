import Testing

@testable import Architecture

@Suite("Faults of values and keys")
struct FaultTests {
  @Test("The text the other tests spoil is legal")
  func legal() { #expect(Faulty.faults(of: Faulty.legal) == []) }

  struct Case: CustomTestStringConvertible {
    let old: String
    let new: String
    let fault: String
    var testDescription: String { new }
    init(_ old: String, _ new: String, _ fault: String) { (self.old, self.new, self.fault) = (old, new, fault) }
  }

  private static let frequency = #"allowed: 1 MHz to 16 GHz in Hz, kHz, MHz or GHz, such as "1.05 GHz""#
  private static let bytes = #"in B, KB, KiB, MB, MiB, GB, GiB, TB or TiB, such as "64 KiB""#
  private static let formats =
    "allowed: a list of number formats: PAL4, PAL8, PAL8F, PAL14, PAL16, PAL16F, INT4, INT8, FP4E2M1, FP8E4M3, FP8E5M2, "
    + "BF16, FP16, FP32"

  static let single: [Case] = [
    Case(#"name = "t""#, "name = 3", "t.toml:2: system.name: found 3; allowed: a text in quotes"),
    Case(#"name = "t""#, "name = [1]", "t.toml:2: system.name: found a list of 1; allowed: a text in quotes"),
    Case(
      #"name = "t""#, "name = 2020-01-01T00:00:00Z",
      "t.toml:2: system.name: found a date-time; allowed: a text in quotes"),
    Case(
      #"name = "t""#, "name = true", "t.toml:2: system.name: found the truth value true; allowed: a text in quotes"),
    Case(#"name = "t""#, "", "t.toml:1: system.name: missing; allowed: a text in quotes"),
    Case(
      #"name = "t""#, "name = \"t\"\nsources = [1]",
      "t.toml:3: system.sources: found 1; allowed: a list of texts in quotes"),
    Case(#"tile = "1 GHz""#, "tile = 1", "t.toml:4: clocks.tile: found 1; \(frequency)"),
    Case(
      #"tile = "1 GHz""#, "tile = 1.05", "t.toml:4: clocks.tile: found the floating-point number 1.05; \(frequency)"),
    Case(#"tile = "1 GHz""#, #"tile = "1.05 GB""#, #"t.toml:4: clocks.tile: found "1.05 GB"; \#(frequency)"#),
    Case(#"tile = "1 GHz""#, #"tile = "1.05""#, #"t.toml:4: clocks.tile: found "1.05" without a unit; \#(frequency)"#),
    Case(
      #"tile = "1 GHz""#, #"tile = "1 ghz""#,
      #"t.toml:4: clocks.tile: found "1 ghz" (did you mean GHz?); \#(frequency)"#),
    Case(
      #"tile = "1 GHz""#, #"tile = "1.5000000001 GHz""#,
      #"t.toml:4: clocks.tile: found "1.5000000001 GHz", no whole number of Hz; \#(frequency)"#),
    Case(#"tile = "1 GHz""#, #"tile = "100 GHz""#, #"t.toml:4: clocks.tile: found "100 GHz"; \#(frequency)"#),
    Case(#"tile = "1 GHz""#, #"tile = "-1 GHz""#, #"t.toml:4: clocks.tile: found "-1 GHz"; \#(frequency)"#),
    Case(#"tile = "1 GHz""#, #"tile = "fast""#, #"t.toml:4: clocks.tile: found "fast"; \#(frequency)"#),
    Case(
      #"tile = "1 GHz""#, #"tile = "99999999999999999999999999999e60 GHz""#,
      #"t.toml:4: clocks.tile: found "99999999999999999999999999999e60 GHz"; \#(frequency)"#),
    Case("columns = 2", "columns = 0", "t.toml:7: grid.columns: found 0; allowed: a whole number from 1 to 64"),
    Case(
      "columns = 2", "columns = -9223372036854775808",
      "t.toml:7: grid.columns: found -9223372036854775808; allowed: a whole number from 1 to 64"),
    Case(
      "columns = 2", "columns = nan",
      "t.toml:7: grid.columns: found the floating-point number nan; allowed: a whole number from 1 to 64"),
    Case(
      "columns = 2", #"columns = "2""#, #"t.toml:7: grid.columns: found "2"; allowed: a whole number from 1 to 64"#),
    Case(
      #"bytes = "16 KiB""#, #"bytes = "16 kib""#,
      #"t.toml:10: tile.sram.bytes: found "16 kib" (did you mean KiB?); allowed: 64 B to 4 GiB \#(bytes)"#),
    Case(
      #"bytes = "16 KiB""#, #"bytes = "16.00001 KB""#,
      #"t.toml:10: tile.sram.bytes: found "16.00001 KB", no whole number of B; allowed: 64 B to 4 GiB \#(bytes)"#),
    Case("banks = 8", "banks = 12", "t.toml:11: tile.sram.banks: found 12; allowed: a power of two from 1 to 64"),
    Case("banks = 8", "banks = 128", "t.toml:11: tile.sram.banks: found 128; allowed: a power of two from 1 to 64"),
    Case(
      #"formats = ["PAL8"]"#, #"formats = ["PAL9"]"#,
      #"t.toml:18: tile.array[0].formats: found "PAL9" (did you mean "PAL4"?); \#(formats)"#),
    Case(
      #"formats = ["PAL8"]"#, "formats = []", "t.toml:18: tile.array[0].formats: found an empty list; \(formats)"),
    Case(
      #"formats = ["PAL8"]"#, #"formats = ["PAL8", "pal8"]"#,
      #"t.toml:18: tile.array[0].formats: found "PAL8" twice; each format is named once"#),
    Case(
      #"formats = ["PAL8"]"#, "formats = [\"PAL8\"]\ndataflow = \"weight-stationery\"",
      #"t.toml:19: tile.array[0].dataflow: found "weight-stationery" (did you mean "weight-stationary"?); "#
        + #"allowed: "weight-stationary", "output-stationary" or "input-stationary""#),
    Case(
      #"preset = "hbm2-2000""#, "preset = \"hbm2-2000\"\nnCL = \"14 MHz\"",
      #"t.toml:21: hbm.nCL: found "14 MHz"; allowed: 1 to 10000 cycles, or a time in ps, ns, us or ms, such as "#
        + #""20 cycles" or "2 ns""#),
    Case(
      #"preset = "hbm2-2000""#, "preset = \"hbm2-2000\"\nattachment = \"edge\"",
      #"t.toml:21: hbm.attachment: found "edge" (did you mean "edges"?); allowed: "edges", "all" or a list of NoC nodes "#
        + "such as [0, 3]"),
    Case(
      "[tile.sram]", "[tile.dma]\nsram_bandwidth = \"1.5 GB/s\"\n[tile.sram]",
      #"t.toml:10: tile.dma.sram_bandwidth: found "1.5 GB/s", no whole number of bytes a cycle at 1 GHz; allowed: "#
        + #"1 to 65536 B/cycle, or a bandwidth of whole bytes a cycle, such as "64 B/cycle" or "64 GB/s""#),
    Case(
      "[tile.sram]", "[tile.dispatch]\nwindow = 0\n[tile.sram]",
      "t.toml:10: tile.dispatch.window: found 0; allowed: a whole number from 1 to 65536"),
  ]

  @Test("A wrong value is one fault", arguments: single)
  func value(_ fault: Case) { #expect(Faulty.faults(replacing: fault.old, with: fault.new) == [fault.fault]) }

  @Test("An unknown preset is named, and what it would have set is missing")
  func preset() {
    let faults = Faulty.faults(replacing: "hbm2-2000", with: "hbm2-2001")
    #expect(
      faults.contains(
        #"t.toml:20: hbm.preset: found "hbm2-2001" (did you mean "hbm2-2000"?); allowed: "hbm1-1000", "hbm1-2000", "#
          + #""hbm-legacy-1000", "hbm-legacy-2000", "hbm2-1600", "hbm2-2000", "hbm2-2400", "hbm3-6400", "hbm4-8000" "#
          + #"or "hbm4-16000""#))
  }

  static let names: [Case] = [
    Case("columns = 2", "columns = 2\ncolums = 3", #"t.toml:8: grid.colums: unknown key; did you mean "columns"?"#),
    Case("[tile.sram]", "[tile.sramm]\n[tile.sram]", #"t.toml:9: tile.sramm: unknown section; did you mean "sram"?"#),
    Case("[system]", "[sytem]\n[system]", #"t.toml:1: sytem: unknown section; did you mean "system"?"#),
    Case(
      "[tile.sram]", "[tile]\nlanes = 3\n[tile.sram]",
      #"t.toml:10: tile.lanes: unknown key here; did you mean "tile.vector.lanes"?"#),
    Case(
      "rows = 2", "rows = 2\nwhatever = 1", "t.toml:9: grid.whatever: unknown key; allowed here: columns, rows"),
    Case(
      "[tile.sram]", "[tile]\n\"sram.banks\" = 3\n[tile.sram]",
      #"t.toml:10: tile."sram.banks": unknown key here; did you mean "tile.sram.banks"?"#),
  ]

  @Test("An unknown name is one fault with the nearest legal name", arguments: names)
  func name(_ fault: Case) { #expect(Faulty.faults(replacing: fault.old, with: fault.new) == [fault.fault]) }

  @Test("Sections and lists written as something else")
  func shapes() {
    let text = "tile = 3\nhbm = []\n[system]\nname = \"\"\n[[grid]]\n[tile_override]\n[clocks.tile]\n"
    #expect(
      Faulty.faults(of: text) == [
        "t.toml: clocks.hbm: missing; \(Self.frequency)",
        "t.toml: clocks.noc: missing; \(Self.frequency)",
        "t.toml:1: tile: found 3; allowed: a section: [tile]",
        "t.toml:2: hbm: found an empty list; allowed: a section: [hbm]",
        "t.toml:5: grid: found a list of 1; allowed: a section: [grid]",
        "t.toml:6: tile_override: found a section; allowed: a list of sections: [[tile_override]]",
        "t.toml:7: clocks.tile: found a section; \(Self.frequency)",
      ])
  }

  @Test("An empty file misses every required key, each once")
  func empty() {
    let faults = Faulty.faults(of: "")
    let required = Catalogue.shared.sections.flatMap(\.keys).filter {
      $0.isRequired && !$0.path.contains("[]") && !$0.path.contains("*")
    }
    #expect(faults.count == required.count + 1)  // and an array
    for key in required { #expect(faults.contains("t.toml: \(key.path): missing; allowed: \(key.kind.allowed)")) }
  }

  @Test("All faults are listed at once, in order of lines")
  func several() {
    let text = Faulty.legal.replacing("columns = 2", with: "columns = 99").replacing("banks = 8", with: "bancs = 8")
      .replacing("tile = \"1 GHz\"", with: "tile = \"1 s\"")
    let keys = Faulty.faults(of: text).map { $0.split(separator: " ")[1] }
    #expect(keys == ["clocks.tile:", "grid.columns:", "tile.sram.bancs:"])
  }
}
