import Testing

@testable import Architecture

@Suite("Rules between keys")
struct RuleTests {
  struct Case: CustomTestStringConvertible {
    let old: String
    let new: String
    let fault: String
    var testDescription: String { fault }
    init(_ old: String, _ new: String, _ fault: String) { (self.old, self.new, self.fault) = (old, new, fault) }
  }

  private static let hbm = #"preset = "hbm2-2000""#

  static let cases: [Case] = [
    Case(
      #"bytes = "16 KiB""#, #"bytes = "1000 B""#,
      "t.toml:10: tile.sram.bytes: found 1000 B; allowed: a multiple of banks x bank_width, 128 B"),
    Case(
      #"bytes = "4 KiB""#, #"bytes = "8 B""#,
      "t.toml:14: tile.accumulator.bytes: found 8 B; allowed: at least one row of the widest array, 16 B"),
    Case(
      "rows = 4", "rows = 4096\nvector_width = 2",
      "t.toml:10: tile.sram.bytes: found 16 KiB; allowed: at least one stationary block of the largest array, 32 KiB"),
    Case(
      "[tile.sram]", "[tile.dma]\nsram_bandwidth = \"129 B/cycle\"\n[tile.sram]",
      "t.toml:10: tile.dma.sram_bandwidth: found 129 B/cycle; allowed: at most what the banks deliver, 128 B/cycle"),
    Case(
      "[tile.sram]", "[tile.dma]\nrequest_bytes = 100\n[tile.sram]",
      "t.toml:10: tile.dma.request_bytes: found 100 B; allowed: a multiple of hbm.access_bytes, 32 B"),
    Case(
      hbm, hbm + "\ninterleave_bytes = 16",
      "t.toml:21: hbm.interleave_bytes: found 16 B; allowed: from hbm.access_bytes, 32 B, to a pseudo channel's 512 MiB"
    ),
    Case(
      hbm, hbm + "\ninterleave_bytes = \"1 GiB\"",
      "t.toml:21: hbm.interleave_bytes: found 1 GiB; allowed: from hbm.access_bytes, 32 B, to a pseudo channel's 512 MiB"
    ),
    Case(
      hbm, hbm + "\nnRFC = 3900", "t.toml:21: hbm.nRFC: found 3900 cycles; allowed: less than nREFI, 3900 cycles"),
    Case(
      hbm, hbm + "\nattachment = [0, 4]", "t.toml:21: hbm.attachment: found node 4; allowed: nodes 0 to 3 of the grid"),
    Case(
      hbm, "stacks = 2\nchannels = 1", "t.toml:20: hbm.stacks: counts the stacks of a preset; give hbm.preset too"),
    Case(
      hbm, hbm + "\n[[tile_override]]\ntiles = [1, \"2-4\"]",
      "t.toml:22: tile_override[0].tiles: found tile 4; allowed: tiles 0 to 3 of the grid"),
    Case(
      hbm, hbm + "\n[[tile_override]]\nsram.banks = 4",
      "t.toml:21: tile_override[0].tiles: missing; allowed: a list of tile indices and ranges such as [0, \"4-7\"]"),
    Case(
      hbm, hbm + "\n[[tile_override]]\ntiles = [3]\nsram.bytes = 200",
      "t.toml:23: tile_override[0].sram.bytes: found 200 B; allowed: a multiple of banks x bank_width, 128 B"),
    Case(
      hbm, hbm + "\n[[tile_override]]\ntiles = [\"3-1\"]",
      "t.toml:22: tile_override[0].tiles: found \"3-1\"; allowed: a list of tile indices and ranges such as [0, \"4-7\"]"
    ),
  ]

  @Test("A broken rule is reported at the key that breaks it", arguments: cases)
  func rule(_ rule: Case) {
    #expect(Faulty.faults(replacing: rule.old, with: rule.new).contains(rule.fault))
  }

  @Test("At most 64 arrays in a tile")
  func arrays() {
    let second = "formats = [\"PAL8\"]\ncount = 64\n[[tile.array]]\nrows = 1\ncolumns = 1\nformats = [\"INT8\"]"
    #expect(
      Faulty.faults(replacing: #"formats = ["PAL8"]"#, with: second) == [
        "t.toml:15: tile.array: found 65 arrays; allowed: 1 to 64 in a tile"
      ])
  }

  @Test("Rules about faulty keys are not judged")
  func untrusted() {
    let text = Faulty.legal.replacing("banks = 8", with: "banks = 0").replacing("\"16 KiB\"", with: "\"1000 B\"")
    #expect(Faulty.faults(of: text) == ["t.toml:11: tile.sram.banks: found 0; allowed: a power of two from 1 to 64"])
  }

  @Test("Tiles may differ, and the later override wins")
  func overrides() throws {
    let text =
      Faulty.legal + """

        [[tile_override]]
        tiles = [0, "2-3"]
        kind = "wide"
        [tile_override.sram]
        bytes = "32 KiB"
        [[tile_override.array]]
        count = 2
        rows = 8
        columns = 8
        formats = ["bf16"]
        [[tile_override]]
        tiles = [3]
        vector.lanes = 7
        """
    let spec = try Configuration.load(text: text)
    #expect(spec.tiles.map(\.kind) == ["wide", "compute", "wide", "wide"])
    #expect(spec.tiles.map(\.sram.bytes) == [32 << 10, 16 << 10, 32 << 10, 32 << 10])
    #expect(spec.tiles.map(\.arrays.count) == [2, 1, 2, 2])
    #expect(spec.tiles[0].arrays[1].formats == ["BF16"])
    #expect(spec.tiles.map(\.vector.lanes) == [64, 64, 64, 7])
    #expect(try Configuration.load(text: Configuration.resolvedTOML(spec)) == spec)
  }
}
