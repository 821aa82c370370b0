import Architecture
import InstructionTrace

/// The records of one tile's one step of a matrix product.
struct MatrixStep {
  let shape: MatrixShape
  let target: Target
  let operands: LayerOperands
  let rows: RowChunk
  let columns: Range<Int>
  let blocks: [ReductionBlock]
  /// Bytes from one row of A to the next.
  let movingPitch: Int
  /// B lies column by column, not row by row.
  let isByColumns: Bool
  /// Local addresses.
  let moving: Int64
  let stationary: Int64
  let parameters: Int64
  let accumulator: Int64
  let output: Int64

  private var bytes: Int { operands.elementBytes }
  /// Rows of results.
  private var m: Int { rows.count * shape.unitRows }
  private var sumBytes: Int { target.accumulatorElementBytes }
  private var sumPitch: Int { AccumulatorPitch.bytes(columns: columns.count, elementBytes: sumBytes) }
  /// Reduction elements of the step.
  private var reduction: Int { blocks.reduce(0) { $0 + $1.count } }

  /// Preloads and multiplications, side by side over the arrays. `isFirst`: the sums start here.
  func arrayOperations(isFirst: Bool) -> [Instruction] {
    switch target.array.dataflow {
    case .weightStationary: weightStationary(isFirst)
    case .outputStationary: outputStationary(isFirst)
    case .inputStationary: inputStationary(isFirst)
    }
  }

  /// Column blocks in groups, one for each array.
  private var columnGroups: [[Range<Int>]] {
    let blocks = Split.chunks(0..<columns.count, size: target.blockColumns)
    return Split.chunks(0..<blocks.count, size: target.units).map { Array(blocks[$0]) }
  }

  // MARK: Weight-stationary

  private func weightStationary(_ isFirst: Bool) -> [Instruction] {
    var records: [Instruction] = []
    for group in columnGroups {
      for (index, block) in blocks.enumerated() {
        for (unit, n) in group.enumerated() {
          records.append(preload(block, n, unit))
          records.append(stream(block, n, unit, accumulate: !isFirst || index > 0))
        }
      }
    }
    return records
  }

  private func preload(_ block: ReductionBlock, _ n: Range<Int>, _ unit: Int) -> Instruction {
    var record = Instruction(.preload)
    record.unit = UInt8(unit)
    record.format = operands.format
    record.rows = UInt32(block.count)
    record.columns = UInt32(n.count)
    record.source = stationaryRows(block, n)
    return record
  }

  /// k rows of n elements of B.
  private func stationaryRows(_ block: ReductionBlock, _ n: Range<Int>) -> StridedView {
    let first = (block.first - blocks[0].first) * columns.count + n.lowerBound
    return StridedView(
      base: stationary + Int64(first * bytes), run: Int32(n.count * bytes), count1: Int32(block.count),
      stride1: Int64(columns.count * bytes))
  }

  private func stream(_ block: ReductionBlock, _ n: Range<Int>, _ unit: Int, accumulate: Bool) -> Instruction {
    var record = multiply(m: m, n: n, k: block.count, unit, accumulate)
    record.source = movingRows(block)
    return record
  }

  /// m steps of k elements of A.
  private func movingRows(_ block: ReductionBlock) -> StridedView {
    guard case .windows(let window) = shape.kind else {
      let offset = Int64((block.first - blocks[0].first) * bytes)
      return StridedView(
        base: moving + offset, run: Int32(block.count * bytes), count2: Int32(m), stride2: Int64(reduction * bytes))
    }
    let pixel = window.input.channels * bytes
    let pitch = window.paddedWidth * pixel
    let line = window.kernelWidth * pixel
    let first = block.first * bytes
    return StridedView(
      base: moving + Int64(first / line * pitch + first % line), run: Int32(block.count / block.lines * bytes),
      count1: Int32(block.lines), stride1: block.lines > 1 ? Int64(pitch) : 0, count2: Int32(window.outputWidth),
      stride2: Int64(window.strideX * pixel), count3: Int32(rows.count), stride3: Int64(window.strideY * pitch))
  }

  private func multiply(m: Int, firstRow: Int = 0, n: Range<Int>, k: Int, _ unit: Int, _ accumulate: Bool)
    -> Instruction
  {
    var record = Instruction(.matmul)
    record.unit = UInt8(unit)
    record.format = operands.format
    record.m = UInt32(m)
    record.n = UInt32(n.count)
    record.k = UInt32(k)
    record.accumulate = accumulate
    record.destination = StridedView(
      base: accumulator + Int64(firstRow * sumPitch + n.lowerBound * sumBytes), run: Int32(n.count * sumBytes),
      count1: Int32(m), stride1: m > 1 ? Int64(sumPitch) : 0)
    return record
  }

  // MARK: Output- and input-stationary (plain matrices)

  private func outputStationary(_ isFirst: Bool) -> [Instruction] {
    var records: [Instruction] = []
    let groups = blocks.flatMap(wholeGroups)
    for rows in Split.chunks(0..<m, size: target.array.rows) {
      for group in columnGroups {
        for (index, block) in groups.enumerated() {
          for (unit, n) in group.enumerated() {
            let accumulate = !isFirst || index > 0
            var record = multiply(m: rows.count, firstRow: rows.lowerBound, n: n, k: block.count, unit, accumulate)
            record.source = rowGroups(rows, block)
            record.source2 = columnGroups(n, block)
            records.append(record)
          }
        }
      }
    }
    return records
  }

  /// The block's whole groups of V, of which a step takes one, and what is left over.
  private func wholeGroups(_ block: ReductionBlock) -> [ReductionBlock] {
    let whole = block.count / target.array.vectorWidth * target.array.vectorWidth
    let parts = [(block.first, whole), (block.first + whole, block.count - whole)]
    return parts.filter { $0.1 > 0 }.map { ReductionBlock(first: $0.0, count: $0.1, lines: 1) }
  }

  /// Elements of the reduction in a step.
  private func stepWidth(_ block: ReductionBlock) -> Int { min(target.array.vectorWidth, block.count) }

  /// In each step V elements of each of m rows of A, which lies row by row.
  private func rowGroups(_ rows: Range<Int>, _ block: ReductionBlock) -> StridedView {
    let width = stepWidth(block)
    let first = rows.lowerBound * movingPitch + (block.first - blocks[0].first) * bytes
    return StridedView(
      base: moving + Int64(first), run: Int32(width * bytes), count1: Int32(rows.count),
      stride1: Int64(movingPitch),
      count2: Int32(block.count / width), stride2: Int64(width * bytes))
  }

  /// In each step V rows of n elements of B.
  private func columnGroups(_ n: Range<Int>, _ block: ReductionBlock) -> StridedView {
    let width = stepWidth(block)
    let pitch = Int64(columns.count * bytes)
    return StridedView(
      base: stationaryRows(block, n).base, run: Int32(n.count * bytes), count1: Int32(width), stride1: pitch,
      count2: Int32(block.count / width), stride2: Int64(width) * pitch)
  }

  /// k rows of m elements of A, which lies row by row.
  private func transposedRows(_ rows: Range<Int>, _ block: ReductionBlock) -> StridedView {
    let first = rows.lowerBound * movingPitch + (block.first - blocks[0].first) * bytes
    return StridedView(
      base: moving + Int64(first), run: Int32(bytes), count1: Int32(rows.count),
      stride1: Int64(movingPitch),
      count2: Int32(block.count), stride2: Int64(bytes))
  }

  private func inputStationary(_ isFirst: Bool) -> [Instruction] {
    var records: [Instruction] = []
    let size = target.array.columns >= 8 ? target.blockColumns : target.array.columns
    let rowBlocks = Split.chunks(0..<m, size: size)
    for group in Split.chunks(0..<rowBlocks.count, size: target.units) {
      for (index, block) in blocks.enumerated() {
        for (unit, rows) in rowBlocks[group].enumerated() {
          records.append(preload(rows, block, unit))
          var record = multiply(
            m: rows.count, firstRow: rows.lowerBound, n: 0..<columns.count, k: block.count, unit, !isFirst || index > 0)
          record.source = columns(block)
          records.append(record)
        }
      }
    }
    return records
  }

  private func preload(_ rows: Range<Int>, _ block: ReductionBlock, _ unit: Int) -> Instruction {
    var record = Instruction(.preload)
    record.unit = UInt8(unit)
    record.format = operands.format
    record.rows = UInt32(block.count)
    record.columns = UInt32(rows.count)
    record.source = transposedRows(rows, block)
    return record
  }

  /// n steps of k elements of B.
  private func columns(_ block: ReductionBlock) -> StridedView {
    let first = block.first - blocks[0].first
    if isByColumns {
      return StridedView(
        base: stationary + Int64(first * bytes), run: Int32(block.count * bytes), count2: Int32(columns.count),
        stride2: Int64(reduction * bytes))
    }
    let pitch = columns.count * bytes
    return StridedView(
      base: stationary + Int64(first * pitch), run: Int32(bytes), count1: Int32(block.count), stride1: Int64(pitch),
      count2: Int32(columns.count), stride2: Int64(bytes))
  }

  // MARK: Results

  private var sums: StridedView { .rows(accumulator, run: columns.count * sumBytes, rows: m, pitch: sumPitch) }

  /// In place on the sums; per-channel values are read again for every row.
  func epilogue(_ operations: [Epilogue]) -> [Instruction] {
    var row = 0
    func parameter() -> StridedView {
      defer { row += 1 }
      let run = columns.count * sumBytes
      return StridedView(base: parameters + Int64(row * run), run: Int32(run), count1: Int32(m))
    }
    func record(_ function: VectorFunction, _ second: StridedView = .none) -> Instruction {
      .vector(function, operands.accumulatorFormat, elements: m * columns.count, sums, second, to: sums)
    }
    return operations.flatMap { operation -> [Instruction] in
      switch operation {
      case .bias: [record(.add, parameter())]
      case .batchnorm: [record(.multiply, parameter()), record(.add, parameter())]
      case .activation(let function): [record(function)]
      }
    }
  }

  var conversion: Instruction {
    .convert(
      operands.accumulatorFormat, operands.format, elements: m * columns.count, sums,
      to: .contiguous(output, Int32(m * columns.count * bytes)))
  }

  var store: Instruction {
    let run = columns.count * bytes
    let height = shape.rowUnits / shape.batch
    let firstRow = (rows.image * height + rows.first) * shape.unitRows
    return .store(
      .rows(output, run: run, rows: m, pitch: run), operands.output,
      .rows(
        Int64((firstRow * shape.n + columns.lowerBound) * bytes), run: run, rows: m, pitch: shape.n * bytes))
  }
}
