import Foundation
import InstructionTrace
import Testing

@testable import Architecture

@Suite("Costs of vector functions")
struct VectorCostNamesTests {
  @Test("A configuration has a cost for each function a trace can name, and for conversions, and no other")
  func names() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let spec = try Configuration.load(path: root.appendingPathComponent("configs/tiny.toml").path)
    let functions = VectorFunction.allCases.map { "\($0)" } + ["convert", "encode", "decode"]
    let vector = spec.tiles[0].vector
    for table in [vector.cost, vector.logCost, vector.extraLatency] {
      #expect(table.keys.sorted() == functions.sorted())
    }
  }

  @Test("Logarithmic shortcuts hold for PAL formats only, and formats may take longer")
  func formats() {
    var vector = VectorSpec(lanes: 1, latency: 1, cost: ["multiply": 2, "exponential": 4])
    vector.logCost = ["multiply": 1, "exponential": 0]
    vector.formatFactor = ["FP32": 2]
    let format = NumberFormatCatalogue.format(named:)
    #expect(vector.cycles("multiply", format: format("pal8")) == 1 && vector.cycles("multiply", format: nil) == 2)
    #expect(vector.cycles("multiply", format: format("fp32")) == 4 && vector.cycles("add", format: format("fp32")) == 2)
    #expect(vector.cycles("exponential", format: format("pal16")) == 4)
  }
}
