import Foundation
import Testing

@testable import Architecture

@Suite struct ConfigurationKeyTests {
  private static let configs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("configs").path

  private func key(_ path: String) throws -> ConfigurationKey { try ConfigurationKey(path, origin: .argument(path)) }

  private func node(_ toml: String) -> Node { SourceText("value = \(toml)", named: "").root["value"]! }

  @Test(arguments: [
    ("tile.sram.bytes", "65536", "64 KiB"), ("clocks.tile", "1000000000", "1 GHz"), ("tile.array.rows", "16", "16"),
    ("tile.array[0].dataflow", "", "weight-stationary"), ("grid.columns", "2", "2"), ("energy.node", "7", "7 nm"),
    ("tile.dispatch.sync_latency", "5", "5 cycles"), ("hbm.preset", "", ""),
  ])
  func readsWhatAMachineHas(_ path: String, _ number: String, _ text: String) throws {
    let machine = try Configuration.load(path: "\(Self.configs)/tiny.toml")
    let setting = try key(path).setting(in: machine)
    #expect(setting?.text ?? "" == text)
    #expect(setting?.number.map { "\($0)" } ?? "" == number)
  }

  @Test func judgesWrittenValues() throws {
    let machine = try Configuration.load(path: "\(Self.configs)/tiny.toml")
    #expect(try key("tile.sram.bytes").setting(node("\"2 MiB\""), on: machine).number == 2 << 20)
    #expect(try key("tile.sram.latency").setting(node("\"2500 ps\""), on: machine).number == 3, "of the tile's clock")
    #expect(try key("tile.array.formats").setting(node("[\"PAL8\", \"INT8\"]"), on: machine).text == "PAL8+INT8")
    let fault = #expect(throws: ConfigurationError.self) {
      try key("tile.sram.banks").setting(node("3"), on: machine)
    }
    #expect(fault?.faults.map(\.message) == ["found 3; allowed: a power of two from 1 to 64"])
  }

  @Test(arguments: [
    ("clocks.tle", "clocks.tile"), ("tile.array[0].row", "tile.array.rows"), ("link_lateny", "noc.link_latency"),
  ])
  func namesTheNearestKey(_ path: String, _ near: String) {
    let fault = #expect(throws: ConfigurationError.self) { try key(path) }
    #expect(fault?.description.contains("did you mean \"\(near)\"?") == true, "\(fault?.description ?? "")")
  }

  @Test func aBaseLoadsLikeItsFile() throws {
    for name in ["tiny", "big-int8", "tpu-v4"] {
      let path = "\(Self.configs)/\(name).toml"
      let base = try ConfigurationBase(path: path)
      for overrides in [[], ["clocks.tile=900 MHz"], ["hbm.preset=hbm2-2000", "hbm.stacks=1"]] {
        let whole = Result { try Configuration.load(path: path, overrides: overrides) }
        let again = Result { try base.machine(overrides: overrides) }
        #expect((try? whole.get()) == (try? again.get()), "\(name) \(overrides)")
        #expect(Self.message(whole) == Self.message(again))
      }
    }
    #expect(
      try ConfigurationBase(path: "\(Self.configs)/big-int8.toml").files.map { $0.split(separator: "/").last } == [
        "big-int8.toml", "big.toml",
      ])
  }

  private static func message(_ result: Result<MachineSpec, any Error>) -> String {
    if case .failure(let error) = result { "\(error)" } else { "" }
  }

  @Test(arguments: [("64 KiB", 65536.0), ("1.5 GHz", 1.5e9), ("12", 12), ("819 GB/s", 819e9), ("-3", -3)])
  func measuresHaveUnits(_ text: String, _ value: Double) { #expect(Measure.value(text) == value) }

  @Test(arguments: ["64 kib", "GHz", "", "1 2"])
  func otherWordsAreNoMeasures(_ text: String) { #expect(Measure.value(text) == nil) }
}
