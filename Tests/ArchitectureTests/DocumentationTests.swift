import Testing

@testable import Architecture

@Suite("What is said of the keys")
struct DocumentationTests {
  @Test("docs/configuration.md is what the code says; renew it with `palsim config docs`")
  func reference() throws {
    #expect(try Shipped.text("docs/configuration.md") == Configuration.reference)
  }

  @Test("Every key has a sentence, and a default that it accepts itself")
  func defaults() throws {
    for key in Catalogue.shared.sections.flatMap(\.keys) {
      #expect(key.meaning.hasSuffix("."), "\(key.path)")
      guard let initial = key.initial, !initial.hasPrefix("(") else { continue }
      let source = SourceText("value = \(initial)", named: "default")
      let node = try #require(source.root["value"])
      let value = try key.kind.decode(node, clocks: [:])
      #expect(key.kind.text(value) == initial, "\(key.path)")
    }
  }

  @Test("Every key and section can be explained")
  func explain() throws {
    for section in Catalogue.shared.sections {
      for key in section.keys { #expect(try Configuration.explain(key.path).contains(key.meaning), "\(key.path)") }
      if !section.path.isEmpty { #expect(try Configuration.explain(section.path).contains(section.meaning)) }
    }
  }

  @Test("An explanation, word for word")
  func explanation() throws {
    #expect(
      try Configuration.explain("bank_width") == """
        tile.sram.bank_width
          Bytes a bank delivers in a cycle.
          Allowed: 1 B to 4 KiB in B, KB, KiB, MB, MiB, GB, GiB, TB or TiB, such as "64 KiB".
          Default: "32 B".

        """)
    #expect(try Configuration.explain("tile_override.sram.banks") == Configuration.explain("tile.sram.banks"))
  }

  @Test("A preset and a standard say where they come from and how they deviate", arguments: ["preset", "standard"])
  func provenance(key: String) throws {
    let text = try Configuration.explain("hbm.\(key)")
    for preset in HBMPreset.all where key == "preset" {
      #expect(text.contains("\n  \(preset.name): \(preset.meaning)\n"))
    }
    for standard in DRAMStandard.all {
      #expect(text.contains(standard.meaning) && text.contains("\n    Source: \(standard.source).\n"))
      for deviation in standard.deviations { #expect(text.contains("\n    Deviation: \(deviation).\n")) }
    }
    #expect(try Configuration.explain(key) == text)
  }

  @Test(
    "The nearest key when there is none of that name",
    arguments: [
      ("tile.sram.bnaks", "tile.sram.bnaks: no such key; did you mean tile.sram.banks?"),
      ("nCl", "nCl: no such key; did you mean hbm.nCL?"),
      ("", ": no such key; docs/configuration.md lists all keys"),
      ("qqqqqqqq", "qqqqqqqq: no such key; docs/configuration.md lists all keys"),
    ])
  func unknown(key: String, message: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try Configuration.explain(key) }
    #expect(error.description == message && error.exitCode == 64)
  }

  @Test("A summary, word for word")
  func summary() throws {
    #expect(
      try Configuration.load(path: Shipped.path("tpu-v4")).summary.split(separator: "\n").dropLast() == [
        "  tiles        2 x 1 at 1.05 GHz",
        "  peak BF16    275.2 TOPS",
        "  peak INT8    275.2 TOPS",
        "  HBM          64 channels, 1200.0 GB/s, 32 GiB",
        "  scratchpad   160 MiB",
        "  accumulator  16 MiB",
        "  power        n/a (depends on the work; see a run)",
      ])
  }

  @Test("Differences of two machines, key by key")
  func difference() throws {
    let old = LoadedConfiguration.machine(try Configuration.load(text: Faulty.legal))
    let new = LoadedConfiguration.machine(
      try Configuration.load(
        text: Faulty.legal + "\n[[tile_override]]\ntiles = [1]\nkind = \"other\"", overrides: ["grid.rows=1"]))
    let lines = Configuration.difference(from: old, to: new).split(separator: "\n")
    #expect(Configuration.difference(from: old, to: old) == "")
    #expect(lines.prefix(2) == ["- grid.rows = 2", "+ grid.rows = 1"])
    #expect(lines.contains("+ tile_override[0].kind = \"other\""))
  }

  @Test("The digest is FNV-1a of the resolved text, and tells machines apart")
  func digest() throws {
    let spec = try Configuration.load(text: Faulty.legal)
    #expect(spec.digest.count == 16)
    #expect(try Configuration.load(text: Faulty.legal + "\n# a remark").digest == spec.digest)
    #expect(try Configuration.load(text: Faulty.legal, overrides: ["tile.sram.banks=4"]).digest != spec.digest)
    #expect(Digest.fnv1a("") == 0xcbf2_9ce4_8422_2325)
    #expect(Digest.fnv1a("a") == 0xaf63_dc4c_8601_ec8c)
    #expect(Digest.fnv1a("foobar") == 0x8594_4171_f739_67e8)
  }
}
