import InstructionTrace
import Testing

@testable import Simulator

@Suite struct VectorFaultTests {
  private func copy(_ elements: Int64, from source: StridedView) -> VectorOperation {
    .function(.copy, elements: elements, source: source, destination: .contiguous(0, 8))
  }

  @Test func impossibleOperationsAreSaid() {
    #expect(copy(8, from: .contiguous(0, 8)).fault == nil)
    #expect(copy(0, from: .contiguous(0, 8)).fault == "elements is 0, but must be in 1...2147483647")
    #expect(copy(1 << 31, from: .contiguous(0, 8)).fault == "elements is 2147483648, but must be in 1...2147483647")
    #expect(copy(8, from: StridedView(base: 0, run: 8, count2: 0)).fault == "the source has an empty dimension")
  }
}
