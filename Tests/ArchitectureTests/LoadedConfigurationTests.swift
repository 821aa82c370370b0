import Foundation
import Testing

@testable import Architecture

@Suite("What a file describes")
struct LoadedConfigurationTests {
  @Test("Every shipped memory is shown whole, and reads back the same", arguments: ["2_1pc", "2_8ch", "3_16ch"])
  func shippedMemories(name: String) throws {
    let path = Shipped.path("reference/hbm\(name)")
    let memory = try Configuration.loadMemory(path: path)
    #expect(try Configuration.loadAny(path: path) == .memory(memory))
    let text = Configuration.resolvedTOML(.memory(memory))
    #expect(text.contains("nRCDRD = \"\(memory.hbm.device[.nRCDRD]) cycles\"\n"))
    #expect(try Configuration.loadMemory(text: text) == memory)
  }

  @Test("Every preset at every density reads back from its resolved text", arguments: HBMPreset.all.map(\.name))
  func presets(name: String) throws {
    for density in try #require(HBMPreset.named(name)).standard.densities {
      let memory = try Configuration.loadMemory(
        text: "[hbm]\npreset = \"\(name)\"\ndensity = \"\(density.name)\"\naddress_hash = [\"bank ^ row\"]")
      #expect(try Configuration.loadMemory(text: Configuration.resolvedTOML(.memory(memory))) == memory)
    }
  }

  @Test("A memory says what it amounts to")
  func summary() throws {
    #expect(
      try Configuration.loadAny(path: Shipped.path("reference/hbm2_8ch")).summary == """
          memory       HBM2 at 1 GHz, by itself
          channels     8 of 2 pseudo channels, 256.0 GB/s, 8 GiB
          banks        16 a pseudo channel, rows of 1 KiB
          controller   policy ramulator2, fr-fcfs, rows open, refresh all-bank

        """)
  }

  @Test("Settings change a memory and what is wrong with it, not that it is one")
  func overrides() throws {
    let path = Shipped.path("reference/hbm2_1pc")
    let loaded = try Configuration.loadAny(path: path, overrides: ["hbm.nRFC=300 ns", "tile.sram.banks=4"])
    guard case .memory(let memory) = loaded else { return #expect(Bool(false), "\(loaded.summary)") }
    #expect(memory.hbm.device[.nRFC] == 300)
    #expect(
      Configuration.difference(from: try Configuration.loadAny(path: path), to: loaded)
        == "- hbm.nRFC = \"260 cycles\"\n+ hbm.nRFC = \"300 cycles\"\n")
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration.loadAny(path: path, overrides: ["hbm.nRTW=3"])
    }
    #expect(error?.faults.map(\.key) == ["hbm.nRTW"])
  }

  @Test("A machine's file is a machine, and so is one with two of its parts: the rest is missing")
  func machines() throws {
    let big = Shipped.path("big")
    #expect(try Configuration.loadAny(path: big) == .machine(Configuration.load(path: big)))
    let part = ConfigurationPart.alone
    for (text, alone) in [
      ("[hbm]\n[noc]", nil), ("[hbm]", ConfigurationPart.Alone.memory), ("[noc]\n[energy]", .network), ("", nil),
      ("[hbm]\n[tile]", nil), ("[noc]\n[grid]", nil),
    ] {
      #expect(part(Document(text: text, name: "part.toml", overrides: []).root) == alone, "\(text)")
    }
  }
}
