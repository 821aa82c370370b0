import InstructionTrace

/// Depthwise convolutions and pools with a window, on the vector unit: one pass over the results for every tap.
///
/// Pieces: input rows, weights and per-channel values, sums, products (depthwise only), output.
struct TapKernel: ItemKernel {
  private let window: Window
  private let layer: Layer
  private let operands: LayerOperands
  private let sumBytes: Int
  private let size: Int
  let items: [[RowChunk]]

  /// - Throws: `CompileError.doesNotFit` when one row of results does not fit.
  init(_ window: Window, layer: Layer, operands: LayerOperands, target: Target) throws(CompileError) {
    self.window = window
    self.layer = layer
    self.operands = operands
    sumBytes = target.accumulatorElementBytes
    let shape = MatrixShape(windows: window, batch: layer.batch)
    let parts = Split.even(shape.rowUnits, parts: min(target.tiles.count, shape.rowUnits))
    let rowElements = window.outputWidth * window.input.channels
    let size = ItemSize.rows(share: parts[0].count, rowElements: rowElements) { rows in
      let pieces = Self.pieces(window, layer, operands, rows: rows, sumBytes: target.accumulatorElementBytes)
      return LocalNeeds(pieces: pieces).fits(target)
    }
    guard let size else {
      throw .doesNotFit(
        layer: layer.name, reason: "one row of \(rowElements) results and its input are larger than a tile's memories")
    }
    self.size = size
    items = parts.map { shape.chunks(of: $0, size: size) }
  }

  private static func pieces(
    _ window: Window, _ layer: Layer, _ operands: LayerOperands, rows: Int, sumBytes: Int
  ) -> [LocalNeeds.Piece] {
    let channels = window.input.channels
    let inputRows = (rows - 1) * window.strideY + window.kernelHeight
    let results = rows * window.outputWidth * channels
    let weights = LocalNeeds.aligned(layer.operation.weights * operands.elementBytes)
    return [
      .init(bytes: inputRows * window.paddedWidth * channels * operands.elementBytes, copies: 2),
      .init(bytes: weights + layer.parameterRows * channels * sumBytes, copies: 1),
      .init(bytes: results * sumBytes, copies: 2, inAccumulator: true),
      .init(bytes: operands.weights == nil ? 0 : results * sumBytes, copies: 1, inAccumulator: true),
      .init(bytes: results * operands.elementBytes, copies: 2),
    ]
  }

  var pieces: [LocalNeeds.Piece] { Self.pieces(window, layer, operands, rows: size, sumBytes: sumBytes) }

  var tiling: (partition: String, chunk: String) {
    ("\(items.count)x1", "\(size * window.outputWidth)x\(window.input.channels)x\(window.taps)")
  }

  private var channels: Int { window.input.channels }
  private var pixel: Int { channels * operands.elementBytes }
  private var parameterOffset: Int64 { Int64(LocalNeeds.aligned(layer.operation.weights * operands.elementBytes)) }

  func constantLoads(_ bases: [Int64]) -> [Instruction] {
    var loads: [Instruction] = []
    if let weights = operands.weights {
      let size = Int32(layer.operation.weights * operands.elementBytes)
      loads.append(.load(weights, .contiguous(0, size), to: .contiguous(bases[1], size)))
    }
    if let parameters = operands.parameters {
      let size = Int32(layer.parameterRows * channels * sumBytes)
      loads.append(.load(parameters, .contiguous(0, size), to: .contiguous(bases[1] + parameterOffset, size)))
    }
    return loads
  }

  private func image(_ rows: RowChunk) -> ImageRows { ImageRows(window, rows, elementBytes: operands.elementBytes) }

  var fillsAreApart: Bool { ImageRows.haloIsApart(pixel: pixel) }

  func fills(_ rows: RowChunk, _ bases: [Int64]) -> [Instruction] {
    image(rows).halo(at: bases[0], format: operands.format)
  }

  func loads(_ rows: RowChunk, _ bases: [Int64]) -> [ItemLoad] {
    image(rows).load(operands.inputs[0], to: bases[0]).map { [ItemLoad($0)] } ?? []
  }

  func work(_ rows: RowChunk, _ bases: [Int64]) -> [Instruction] {
    let positions = rows.count * window.outputWidth
    let math = RowMath(
      format: operands.accumulatorFormat, rows: positions, columns: channels, base: bases[2],
      pitch: channels * sumBytes, elementBytes: sumBytes, statistics: bases[2])
    var records = (0..<window.taps).flatMap { combine($0, source($0, rows, bases), math, bases) }
    if case .pool(.average, _) = layer.operation { records.append(math.apply(.scale)) }
    records += epilogue(math, bases)
    records.append(
      .convert(operands.accumulatorFormat, operands.format, elements: math.elements, math.view, to: result(rows, bases))
    )
    return records
  }

  /// What a tap sees: for every result position one pixel of the input.
  private func source(_ tap: Int, _ rows: RowChunk, _ bases: [Int64]) -> StridedView {
    let pitch = window.paddedWidth * pixel
    let offset = tap / window.kernelWidth * pitch + tap % window.kernelWidth * pixel
    return StridedView(
      base: bases[0] + Int64(offset), run: Int32(pixel), count1: Int32(window.outputWidth),
      stride1: Int64(window.strideX * pixel), count2: Int32(rows.count), stride2: Int64(window.strideY * pitch))
  }

  private func combine(_ tap: Int, _ source: StridedView, _ math: RowMath, _ bases: [Int64]) -> [Instruction] {
    func pass(_ function: VectorFunction, _ second: StridedView, to view: StridedView) -> Instruction {
      .vector(function, operands.format, elements: math.elements, source, second, to: view)
    }
    switch layer.operation {
    case .depthwise:
      let weight = StridedView(base: bases[1] + Int64(tap * pixel), run: Int32(pixel), count1: Int32(math.rows))
      if tap == 0 { return [pass(.multiply, weight, to: math.view)] }
      let products = StridedView.contiguous(bases[3], Int32(math.elements * sumBytes))
      return [pass(.multiply, weight, to: products), math.apply(.add, products)]
    default:
      if tap == 0 {
        return [.convert(operands.format, operands.accumulatorFormat, elements: math.elements, source, to: math.view)]
      }
      let isMaximum = if case .pool(.max, _) = layer.operation { true } else { false }
      return [pass(isMaximum ? .maximum : .add, math.view, to: math.view)]
    }
  }

  private func epilogue(_ math: RowMath, _ bases: [Int64]) -> [Instruction] {
    var row = 0
    func parameter() -> StridedView {
      defer { row += 1 }
      return math.channel(bases[1] + parameterOffset + Int64(row * channels * sumBytes))
    }
    return layer.epilogue.flatMap { operation -> [Instruction] in
      switch operation {
      case .bias: [math.apply(.add, parameter())]
      case .batchnorm: [math.apply(.multiply, parameter()), math.apply(.add, parameter())]
      case .activation(let function): [math.apply(function)]
      }
    }
  }

  private func result(_ rows: RowChunk, _ bases: [Int64]) -> StridedView {
    .contiguous(bases[4], Int32(rows.count * window.outputWidth * pixel))
  }

  func stores(_ rows: RowChunk, _ bases: [Int64]) -> [Instruction] {
    let first = rows.image * window.outputHeight + rows.first
    let view = result(rows, bases)
    return [.store(view, operands.output, .contiguous(Int64(first * window.outputWidth * pixel), view.run))]
  }
}
