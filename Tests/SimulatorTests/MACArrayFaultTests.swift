import InstructionTrace
import Testing

@testable import Architecture
@testable import Simulator

@Suite struct MACArrayFaultTests {
  private func array(_ dataflow: Dataflow) -> MACArraySpec {
    MACArraySpec(
      rows: 4, columns: 8, vectorWidth: 2, dataflow: dataflow, overlap: .serial, formats: ["pal8"], minimumIssue: 4)
  }
  private let view = StridedView.contiguous(0, 8)

  @Test func largestOperationsFit() {
    #expect(ArrayOperation.preload(rows: 8, columns: 8, source: view).fault(in: array(.weightStationary)) == nil)
    #expect(ArrayOperation.matmul(m: 999, n: 8, k: 8, source: view).fault(in: array(.weightStationary)) == nil)
    #expect(ArrayOperation.matmul(m: 8, n: 999, k: 8, source: view).fault(in: array(.inputStationary)) == nil)
    #expect(ArrayOperation.matmul(m: 4, n: 8, k: 999, source: view).fault(in: array(.outputStationary)) == nil)
  }

  @Test func whatDoesNotFitIsSaidWithItsLimit() {
    let weight = array(.weightStationary)
    #expect(
      ArrayOperation.preload(rows: 9, columns: 8, source: view).fault(in: weight) == "k is 9, but must be in 1...8")
    #expect(
      ArrayOperation.matmul(m: 0, n: 8, k: 8, source: view).fault(in: weight) == "m is 0, but must be in 1...4294967295"
    )
    #expect(
      ArrayOperation.matmul(m: 9, n: 1, k: 8, source: view).fault(in: array(.inputStationary))
        == "m is 9, but must be in 1...8")
    #expect(
      ArrayOperation.matmul(m: 5, n: 1, k: 8, source: view).fault(in: array(.outputStationary))
        == "m is 5, but must be in 1...4")
    #expect(
      ArrayOperation.preload(rows: 1, columns: 1, source: view).fault(in: array(.outputStationary))
        == "an output-stationary array has no block to preload")
    #expect(
      ArrayOperation.matmul(m: 1, n: 1, k: 1, source: view, format: 1).fault(in: weight)
        == "format index 1, but the array has 1 formats")
    let empty = StridedView(base: 0, run: 4, count1: 0)
    #expect(
      ArrayOperation.matmul(m: 1, n: 1, k: 1, source: empty).fault(in: weight) == "the source has an empty dimension")
  }
}
