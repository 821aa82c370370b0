import Foundation
import Testing

@testable import Architecture

@Suite("Shipped configurations")
struct ShippedConfigurationTests {
  @Test("Every machine under configs is in the list of tests; networks and memories alone have tests of their own")
  func complete() throws {
    let folder = Shipped.root.appendingPathComponent("configs")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
      $0.hasSuffix(".toml") && !$0.hasPrefix("reference/noc/") && !$0.hasPrefix("reference/hbm")
    }
    #expect(files.sorted() == Shipped.configurations.map { "\($0).toml" }.sorted())
  }

  @Test("Each loads, and its resolved text gives the same machine", arguments: Shipped.configurations)
  func roundTrip(name: String) throws {
    let spec = try Configuration.load(path: Shipped.path(name))
    let text = Configuration.resolvedTOML(spec)
    let again = try Configuration.load(text: text, name: "resolved")
    #expect(again == spec)
    #expect(Configuration.resolvedTOML(again) == text)
    #expect(again.digest == spec.digest)
    #expect(!spec.sources.isEmpty)
  }

  @Test("The scratchpad feeds array, vector unit and DMA at once", arguments: Shipped.configurations)
  func bandwidth(name: String) throws {
    let spec = try Configuration.load(path: Shipped.path(name))
    for tile in spec.tiles {
      let element = try tile.arrays.flatMap(\.formats).map { try elementBytes($0) }.max() ?? 1
      let arrays = tile.arrays.reduce(0) { $0 + ($1.reductionCapacity + $1.columns) * element }
      let demand = arrays + 3 * tile.vector.lanes * element + tile.dma.sramBytesPerCycle
      #expect(tile.sram.banks * tile.sram.bankWidth >= demand, "\(demand) B a cycle asked for")
    }
  }

  private func elementBytes(_ format: String) throws -> Int {
    (try #require(NumberFormatCatalogue.format(named: format)).bits + 7) / 8
  }

  @Test("Machines named after real chips say how they deviate", arguments: ["tpu-v4", "legacy-gpu", "edge"])
  func deviations(name: String) throws {
    #expect(try !Configuration.load(path: Shipped.path(name)).deviations.isEmpty)
  }

  @Test("TPU v4: 275 TFLOPS of BF16, 1,200 GB/s, 32 GiB")
  func tpuV4() throws {
    let spec = try Configuration.load(path: Shipped.path("tpu-v4"))
    #expect(spec.peakMACsPerSecond(format: "bf16") == 8 * 128 * 128 * 1_050_000_000)
    #expect(spec.hbmPeakBytesPerSecond == 1_200_000_000_000)
    #expect(spec.hbm.bytes == 32 << 30)
    #expect(spec.tiles.map(\.arrays.count) == [4, 4])
    #expect(spec.totalSRAMBytes == 160 << 20)
  }

  @Test("V100 class: 125 TFLOPS of FP16, 900 GB/s, 80 tiles")
  func legacyGPU() throws {
    let spec = try Configuration.load(path: Shipped.path("legacy-gpu"))
    #expect(spec.peakMACsPerSecond(format: "FP16") == 80 * 512 * 1_530_000_000)
    #expect(spec.hbmPeakBytesPerSecond == 900_000_000_000)
    #expect(spec.tiles.count == 80)
    #expect(spec.clocks.hbm.hertz == 878_906_250)
    #expect(spec.hbm.device[.nREFI] == 3428)  // 3.9 us x 878.90625 MHz = 3,427.7 cycles
  }

  @Test("The reference machine of the ONNXim comparison")
  func onnxim() throws {
    let spec = try Configuration.load(path: Shipped.path("reference/onnxim-4x128"))
    let tile = try #require(spec.tiles.first)
    #expect(spec.grid == GridSpec(columns: 2, rows: 2))
    #expect(tile.arrays.count == 1)
    #expect(tile.arrays[0].rows == 128 && tile.arrays[0].columns == 128 && tile.arrays[0].vectorWidth == 1)
    #expect(tile.arrays[0].dataflow == .weightStationary && tile.arrays[0].overlap == .pipelined)
    #expect(tile.arrays[0].minimumIssue == 4)
    #expect(tile.sram.bytes == 32 << 20 && tile.accumulator.bytes == 4 << 20)
    #expect(spec.clocks.tile.hertz == 1_000_000_000 && spec.clocks.hbm.hertz == 1_200_000_000)
    #expect(spec.hbm.pseudoChannelCount == 32 && spec.hbmPeakBytesPerSecond == 614_400_000_000)
    #expect(Set(tile.vector.cost.values) == [1])
  }

  @Test("The big machine and its relatives differ in their arrays only")
  func relatives() throws {
    let big = try Configuration.load(path: Shipped.path("big"))
    #expect(big.peakMACsPerSecond(format: "PAL8") == 64 * 16_384 * 1_000_000_000)
    #expect(big.hbm.pseudoChannelCount == 128 && big.hbmPeakBytesPerSecond == 3_276_800_000_000)
    #expect(big.hbm.bytes == 128 << 30 && big.hbm.device[.nRFC] == 720)
    for (name, format, share) in [("big-int8", "INT8", Int64(1)), ("big-bf16", "BF16", 2)] {
      var other = try Configuration.load(path: Shipped.path(name))
      #expect(other.peakMACsPerSecond(format: format) * share == big.peakMACsPerSecond(format: "PAL8"))
      #expect(other.formats == [format])
      for index in other.tiles.indices { other.tiles[index].arrays = big.tiles[index].arrays }
      (other.name, other.sources) = (big.name, big.sources)
      #expect(other == big)
    }
  }

  @Test("Preset values are those of the published tables")
  func presets() throws {
    #expect(try timings("tiny") == [14, 5, 14, 12, 14, 3900, 260])
    #expect(try timings("tpu-v4") == [17, 6, 17, 14, 17, 4682, 313])
    #expect(try timings("big") == [20, 10, 31, 15, 26, 6240, 720])
    let big = try Configuration.load(path: Shipped.path("big")).hbm
    #expect(big.attachment == (0..<128).map { $0 % 64 })
  }

  private func timings(_ name: String) throws -> [Int] {
    let hbm = try Configuration.load(path: Shipped.path(name)).hbm
    return [
      hbm.device[.nCL], hbm.device[.nCWL], hbm.device[.nRCDRD], hbm.device[.nRCDWR], hbm.device[.nRP],
      hbm.device[.nREFI], hbm.device[.nRFC],
    ]
  }
}
