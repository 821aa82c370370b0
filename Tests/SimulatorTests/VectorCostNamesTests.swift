import Architecture
import Foundation
import InstructionTrace
import Testing

@Suite("Costs of vector functions")
struct VectorCostNamesTests {
  @Test("A configuration has a cost for each function a trace can name, and for conversion, and no other")
  func names() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let spec = try Configuration.load(path: root.appendingPathComponent("configs/tiny.toml").path)
    let functions = VectorFunction.allCases.map { "\($0)" } + ["convert"]
    #expect(spec.tiles[0].vector.cost.keys.sorted() == functions.sorted())
  }
}
