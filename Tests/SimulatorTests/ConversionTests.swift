import Architecture
import InstructionTrace
import Testing

@testable import Simulator

/// Conversions at the edges of arrays cost what their direction costs.
@Suite struct ConversionTests {
  private static let formats = ["INT32", "PAL8", "PAL16", "FP16"]

  /// Cycles of a run of one conversion of 64 elements on 8 lanes.
  private func cycles(from source: Int, to destination: Int, _ change: (inout VectorSpec) -> Void = { _ in }) throws
    -> Int64
  {
    var tile = TestMachine.tile
    change(&tile.vector)
    var convert = Instruction(.convert)
    (convert.format, convert.outputFormat, convert.elements) = (UInt8(source), UInt8(destination), 64)
    convert.source = StridedView(base: 0, run: 256)
    convert.destination = StridedView(base: 4096, run: 128)
    let trace = try TestMachine.trace([[convert]], formats: Self.formats)
    var machine = try Machine(spec: TestMachine.machine(tile: tile, columns: 1, rows: 1), trace: trace)
    return try machine.run().domains[0].cycles
  }

  @Test func eachDirectionHasItsOwnCostAndLatency() throws {
    let kinds = ["encode": (0, 1), "decode": (2, 3), "convert": (1, 2)]
    for (name, (source, destination)) in kinds {
      let plain = try cycles(from: source, to: destination)
      for (other, expected) in kinds.keys.map({ ($0, $0 == name ? plain + 8 * 2 : plain) }) {
        #expect(try cycles(from: source, to: destination) { $0.cost[other] = 3 } == expected, "\(name), \(other)")
      }
      #expect(try cycles(from: source, to: destination) { $0.extraLatency[name] = 7 } == plain + 7, "\(name)")
    }
  }

  @Test func aFormatOutsideTheCatalogueIsLinear() {
    let (unknown, log) = (VectorUnit.formatIndex("mine"), VectorUnit.formatIndex("pal8"))
    #expect(VectorOperation.conversionCost(from: unknown, to: log) == VectorOperation.encodeCost)
    #expect(VectorOperation.conversionCost(from: log, to: unknown) == VectorOperation.decodeCost)
    #expect(VectorOperation.conversionCost(from: log, to: log) == VectorOperation.convertCost)
    #expect(VectorOperation.conversionCost(from: unknown, to: unknown) == VectorOperation.convertCost)
  }
}
