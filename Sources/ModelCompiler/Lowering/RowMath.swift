import InstructionTrace

/// Vector records over a block of rows in the accumulator.
struct RowMath {
  let format: UInt8
  let rows: Int
  let columns: Int
  let base: Int64
  let pitch: Int
  let elementBytes: Int
  /// One value a row, in the accumulator too.
  let statistics: Int64

  var elements: Int { rows * columns }
  var view: StridedView { .rows(base, run: columns * elementBytes, rows: rows, pitch: pitch) }
  /// The rows' statistics, one after the other.
  var values: StridedView { .contiguous(statistics, Int32(rows * elementBytes)) }
  /// Each row's statistic, once for every column.
  var spread: StridedView {
    StridedView(
      base: statistics, run: Int32(elementBytes), count1: Int32(columns), count2: Int32(rows),
      stride2: Int64(elementBytes))
  }

  /// One row of per-channel values, once for every row.
  func channel(_ start: Int64) -> StridedView {
    StridedView(base: start, run: Int32(columns * elementBytes), count1: Int32(rows))
  }

  func apply(_ function: VectorFunction, _ second: StridedView = .none) -> Instruction {
    .vector(function, format, elements: elements, view, second, to: view)
  }

  func applyToStatistics(_ function: VectorFunction) -> Instruction {
    .vector(function, format, elements: rows, values, to: values)
  }

  func reduce(_ function: VectorFunction, _ source: StridedView) -> Instruction {
    .reduce(function, format, elements: columns, groups: rows, source, to: values)
  }

  /// Softmax of each row, in place: maximum, difference, exponential, sum, reciprocal, product.
  func softmax() -> [Instruction] {
    [
      reduce(.maximum, view), apply(.subtract, spread), apply(.exponential), reduce(.sum, view),
      applyToStatistics(.reciprocal), apply(.multiply, spread),
    ]
  }

  /// Zero mean and unit variance of each row, in place; `squares` is room for as many values.
  func normalise(squares: Int64) -> [Instruction] {
    let room = StridedView.rows(squares, run: columns * elementBytes, rows: rows, pitch: pitch)
    return [
      reduce(.sum, view), applyToStatistics(.scale), apply(.subtract, spread),
      .vector(.multiply, format, elements: elements, view, view, to: room), reduce(.sum, room),
      applyToStatistics(.scale), applyToStatistics(.reciprocalSquareRoot), apply(.multiply, spread),
    ]
  }
}
