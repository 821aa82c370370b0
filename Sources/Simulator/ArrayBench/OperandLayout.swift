import InstructionTrace

/// Where one operand of a product lies, and the views by which an array reads it. An element has an index along the
/// reduction (0 ..< k) and one across it (a row of A, a column of B).
struct OperandLayout {
  /// Bytes of an element.
  let element: Int64
  /// First byte, and bytes from element to element across and along the reduction; one of the two is `element`.
  var base: Int64 = 0
  var across: Int64 = 0
  var along: Int64 = 0
  /// Instead of these: what a step reads is one word of so many bytes, and steps follow each other.
  var word: Int64?

  /// A word a step: the order of the array's edge, as a streaming buffer holds it.
  static func streamed(element: Int64, word: Int64) -> OperandLayout { OperandLayout(element: element, word: word) }

  /// A matrix in memory.
  static func stored(element: Int64, base: Int64, across: Int64, along: Int64) -> OperandLayout {
    OperandLayout(element: element, base: base, across: across, along: along)
  }

  /// The moving operand of a stationary array: step s reads `width` elements along the reduction, `count` steps across.
  func steps(from x: Int64, count: Int64, across k: Int64, width: Int64) -> StridedView {
    if let word { return .steps(base: 0, run: width * element, stride: word, count: count) }
    let start = base + x * across + k * along
    if along == element { return .steps(base: start, run: width * element, stride: across, count: count) }
    return .steps(base: start, run: element, runs: width, apart: along, stride: across, count: count)
  }

  /// A stationary block: row r holds `width` elements across, each followed by `indexBits`, `count` rows along the
  /// reduction.
  func block(from k: Int64, count: Int64, across x: Int64, width: Int64, indexBits: Int64 = 0) -> StridedView {
    let run = width * element + (width * indexBits + 7) / 8
    if let word { return .steps(base: 0, run: run, stride: word, count: count) }
    let start = base + x * across + k * along
    if across == element { return .steps(base: start, run: run, stride: along, count: count) }
    return .steps(base: start, run: element, runs: width, apart: across, stride: along, count: count)
  }

  /// A moving operand of an output-stationary array: step s reads `size` elements along the reduction of each of `width`
  /// across, until `length` are read; the last step reads as much as the others.
  func groups(of size: Int64, in length: Int64, across x: Int64, width: Int64) -> StridedView {
    let count = (length + size - 1) / size
    if let word { return .steps(base: 0, run: width * size * element, stride: word, count: count) }
    let start = base + x * across
    if along == element {
      return .steps(base: start, run: size * element, runs: width, apart: across, stride: size * along, count: count)
    }
    return .steps(base: start, run: width * element, runs: size, apart: along, stride: size * along, count: count)
  }
}

/// Where the two operands lie.
struct GEMMLayout {
  var a: OperandLayout
  var b: OperandLayout
}

extension StridedView {
  /// `count` steps `stride` apart, each of `runs` runs.
  fileprivate static func steps(
    base: Int64, run: Int64, runs: Int64 = 1, apart: Int64 = 0, stride: Int64, count: Int64
  ) -> StridedView {
    StridedView(
      base: base, run: Int32(run), count1: Int32(runs), stride1: apart, count2: Int32(count), stride2: stride)
  }
}
