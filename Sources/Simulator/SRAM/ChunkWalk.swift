import InstructionTrace

/// A vector operand cut into steps: after e of `elements` elements, ⌊e/elements of its bytes⌋ have been touched, in the
/// order of the view.
struct ChunkWalk {
  let view: StridedView
  let bytes: Int64
  let lanes: Int64
  let elements: Int64

  init(_ view: StridedView, lanes: Int64, elements: Int64) {
    self.view = view
    bytes = view.bytes
    self.lanes = lanes
    self.elements = elements
  }

  /// Bytes touched before step `step`.
  @inline(__always)
  func boundary(_ step: Int64) -> Int64 {
    bytes * min(step * lanes, elements) / elements
  }

  /// Bytes a step touches, all but the last alike; nil when they differ.
  var evenChunk: Int64? {
    if elements <= lanes { return bytes }
    return bytes * lanes % elements == 0 ? bytes * lanes / elements : nil
  }

  /// One contiguous piece, cut evenly.
  var isRegular: Bool {
    view.count1 == 1 && view.count2 == 1 && view.count3 == 1 && evenChunk != nil
  }

  /// Address of run `index` of the view.
  @inline(__always)
  func address(ofRun index: Int64) -> Int64 {
    let count1 = Int64(view.count1)
    let outer = index / count1
    return view.base + index % count1 * view.stride1 + outer % Int64(view.count2) * view.stride2
      + outer / Int64(view.count2) * view.stride3
  }
}
