import InstructionTrace

/// Element-wise layers, norms and softmax: rows of values, each independent.
///
/// Pieces: inputs, per-channel values, work, squares, statistics, output.
struct RowKernel: ItemKernel {
  private let layer: Layer
  private let operands: LayerOperands
  private let sumBytes: Int
  private let columns: Int
  private let size: Int
  let items: [[Range<Int>]]

  /// - Throws: `CompileError.doesNotFit` when one row does not fit.
  init(_ layer: Layer, operands: LayerOperands, target: Target) throws(CompileError) {
    self.layer = layer
    self.operands = operands
    sumBytes = target.accumulatorElementBytes
    let shape = layer.operation.outputShape
    let (rows, columns) = Self.cut(layer.operation, shape, batch: layer.batch)
    self.columns = columns
    let parts = Split.even(rows, parts: min(target.tiles.count, rows))
    let size = ItemSize.rows(share: parts[0].count, rowElements: columns) { rows in
      LocalNeeds(
        pieces: Self.pieces(layer, operands, rows: rows, columns: columns, sumBytes: target.accumulatorElementBytes)
      )
      .fits(target)
    }
    guard let size else {
      throw .doesNotFit(layer: layer.name, reason: "a row of \(columns) values is larger than a tile's memories")
    }
    self.size = size
    items = parts.map { Split.chunks($0, size: size) }
  }

  /// Rows and columns; element-wise layers may be cut anywhere.
  private static func cut(_ operation: Operator, _ shape: Shape, batch: Int) -> (Int, Int) {
    let elements = shape.elements * batch
    switch operation {
    case .add, .activation: if elements % 64 == 0 { return (elements / 64, 64) }
    default: break
    }
    return (shape.rows * batch, shape.channels)
  }

  private static func pieces(
    _ layer: Layer, _ operands: LayerOperands, rows: Int, columns: Int, sumBytes: Int
  ) -> [LocalNeeds.Piece] {
    let bytes = rows * columns * operands.elementBytes
    let squares = if case .norm(.layer, _) = layer.operation { rows * columns * sumBytes } else { 0 }
    return [
      .init(bytes: LocalNeeds.aligned(bytes) * operands.inputs.count, copies: 2),
      .init(bytes: layer.parameterRows * columns * sumBytes, copies: 1),
      .init(bytes: rows * columns * sumBytes, copies: 2, inAccumulator: true),
      .init(bytes: squares, copies: 1, inAccumulator: true),
      .init(bytes: rows * sumBytes, copies: 1, inAccumulator: true),
      .init(bytes: bytes, copies: 2),
    ]
  }

  var pieces: [LocalNeeds.Piece] {
    Self.pieces(layer, operands, rows: size, columns: columns, sumBytes: sumBytes)
  }

  var tiling: (partition: String, chunk: String) { ("\(items.count)x1", "\(size)x\(columns)") }

  private func bytes(_ rows: Range<Int>) -> Int { rows.count * columns * operands.elementBytes }

  private func offset(_ rows: Range<Int>) -> Int64 { Int64(rows.lowerBound * columns * operands.elementBytes) }

  /// Local address of operand number `index`.
  private func input(_ index: Int, _ bases: [Int64]) -> Int64 {
    bases[0] + Int64(index * LocalNeeds.aligned(size * columns * operands.elementBytes))
  }

  func constantLoads(_ bases: [Int64]) -> [Instruction] {
    guard let parameters = operands.parameters else { return [] }
    let size = Int32(layer.parameterRows * columns * sumBytes)
    return [.load(parameters, .contiguous(0, size), to: .contiguous(bases[1], size))]
  }

  func loads(_ rows: Range<Int>, _ bases: [Int64]) -> [ItemLoad] {
    operands.inputs.enumerated().map { index, tensor in
      let size = Int32(bytes(rows))
      return ItemLoad(
        .load(tensor, .contiguous(offset(rows), size), to: .contiguous(input(index, bases), size)))
    }
  }

  func work(_ rows: Range<Int>, _ bases: [Int64]) -> [Instruction] {
    let math = RowMath(
      format: operands.accumulatorFormat, rows: rows.count, columns: columns, base: bases[2],
      pitch: columns * sumBytes, elementBytes: sumBytes, statistics: bases[4])
    let result = StridedView.contiguous(bases[5], Int32(bytes(rows)))
    let conversion = Instruction.convert(
      operands.accumulatorFormat, operands.format, elements: math.elements, math.view, to: result)
    return first(math, rows, bases) + rest(math, bases) + [conversion]
  }

  /// Brings operands from their format into the accumulator.
  private func first(_ math: RowMath, _ rows: Range<Int>, _ bases: [Int64]) -> [Instruction] {
    let sources = operands.inputs.indices.map { StridedView.contiguous(input($0, bases), Int32(bytes(rows))) }
    func start(_ function: VectorFunction, _ second: StridedView = .none) -> Instruction {
      .vector(function, operands.format, elements: math.elements, sources[0], second, to: math.view)
    }
    switch layer.operation {
    case .add: return [start(.add, sources[1])]
    case .activation(let function, _): return [start(function)]
    default:
      let widen = Instruction.convert(
        operands.format, operands.accumulatorFormat, elements: math.elements, sources[0], to: math.view)
      return [widen]
    }
  }

  private func rest(_ math: RowMath, _ bases: [Int64]) -> [Instruction] {
    let scale = math.apply(.multiply, math.channel(bases[1]))
    let shift = math.apply(.add, math.channel(bases[1] + Int64(columns * sumBytes)))
    switch layer.operation {
    case .softmax: return math.softmax()
    case .norm(.layer, _): return math.normalise(squares: bases[3]) + [scale, shift]
    case .norm(.batch, _): return [scale, shift]
    default:
      return layer.epilogue.compactMap { operation in
        if case .activation(let function) = operation { math.apply(function) } else { nil }
      }
    }
  }

  func stores(_ rows: Range<Int>, _ bases: [Int64]) -> [Instruction] {
    let size = Int32(bytes(rows))
    return [.store(.contiguous(bases[5], size), operands.output, .contiguous(offset(rows), size))]
  }
}
