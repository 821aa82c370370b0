import Architecture
import InstructionTrace

/// A network mapped to a machine: tensors in memory, one lowering a layer.
struct NetworkPlan {
  let model: Model
  let target: Target
  private(set) var formats = NumberFormats()
  private(set) var tensors = TensorTable()
  private(set) var lowerings: [any LayerLowering] = []
  private(set) var operands: [LayerOperands] = []
  private var plans: MatrixPlans

  /// - Throws: `CompileError.doesNotFit` for a layer the machine cannot hold or do.
  ///
  /// - Parameters:
  ///   - cuts: Those of the first matrix products; others are made.
  ///   - stopwatch: Times cuts that may be the fastest; nil: the estimate decides.
  ///   - goesOn: Asked before each layer, with how many are mapped and of how many.
  init(
    _ model: Model, target: Target, cuts: [MatrixPlan] = [], stopwatch: Stopwatch? = nil,
    goesOn: (Int, Int) -> Bool = { _, _ in true }
  ) throws(CompileError) {
    self.model = model
    self.target = target
    plans = MatrixPlans(target: target, given: cuts, stopwatch: stopwatch)
    for (index, layer) in model.layers.enumerated() {
      guard goesOn(index, model.layers.count) else { throw .interrupted }
      if let fault = LayerSize.fault(layer) { throw .doesNotFit(layer: layer.name, reason: fault) }
      let operands = try place(layer)
      self.operands.append(operands)
      if tensors.bytes > UInt64(target.hbmBytes) {
        let reason = "with it the tensors take \(tensors.bytes) bytes of HBM, there are \(target.hbmBytes)"
        throw .doesNotFit(layer: layer.name, reason: reason)
      }
      lowerings.append(try lower(layer, operands))
    }
  }

  private mutating func place(_ layer: Layer) throws(CompileError) -> LayerOperands {
    let format = try format(of: layer)
    let bytes = formats.bytes(format)
    let sums = formats.accumulator(bytes: target.accumulatorElementBytes)
    let inputs = inputs(of: layer, format: format, bytes: bytes)
    let weights = weights(of: layer, format: format, bytes: bytes)
    let parameters = parameters(of: layer, format: sums)
    let caches = caches(of: layer, format: format, bytes: bytes)
    let shape = layer.operation.outputShape
    let output = tensors.add(
      layer.name, shape: [layer.batch, shape.height, shape.width, shape.channels], format: format, elementBytes: bytes,
      kind: isRead(layer) ? .intermediate : .output)
    return LayerOperands(
      inputs: inputs, output: output, weights: weights, parameters: parameters, caches: caches, format: format,
      elementBytes: bytes, accumulatorFormat: sums)
  }

  private mutating func format(of layer: Layer) throws(CompileError) -> UInt8 {
    let accepted = target.array.formats
    let name = layer.format ?? accepted.first ?? ""
    guard accepted.contains(name) else {
      let hint = NearestWord.hint(name, in: accepted)
      throw .doesNotFit(
        layer: layer.name, reason: "its arrays take \(accepted.joined(separator: ", ")), not '\(name)'\(hint)")
    }
    if let index = formats.index(of: name) { return index }
    let known = NumberFormats.names.joined(separator: ", ")
    throw .doesNotFit(layer: layer.name, reason: "nothing is known of the format '\(name)'; known are \(known)")
  }

  private mutating func inputs(of layer: Layer, format: UInt8, bytes: Int) -> [UInt32] {
    guard let shape = layer.operation.inputShape else { return [] }
    return layer.inputs.enumerated().map { index, input in
      switch input {
      case .layer(let source): return operands[source].output
      case .external:
        return tensors.add(
          "\(layer.name).input\(index == 0 ? "" : String(index + 1))",
          shape: [layer.batch, shape.height, shape.width, shape.channels], format: format, elementBytes: bytes,
          kind: .input)
      }
    }
  }

  private mutating func weights(of layer: Layer, format: UInt8, bytes: Int) -> UInt32? {
    let shape: [Int]
    switch layer.operation {
    case .conv(let window, let filters):
      shape = [window.kernelHeight, window.kernelWidth, window.input.channels, filters]
    case .depthwise(let window): shape = [window.kernelHeight, window.kernelWidth, window.input.channels]
    case .gemm(_, let n, let k): shape = [k, n]
    case .embedding(let vocabulary, _, let width): shape = [vocabulary, width]
    default: return nil
    }
    return tensors.add("\(layer.name).weights", shape: shape, format: format, elementBytes: bytes, kind: .weight)
  }

  private mutating func parameters(of layer: Layer, format: UInt8) -> UInt32? {
    if layer.parameterRows == 0 { return nil }
    return tensors.add(
      "\(layer.name).parameters", shape: [layer.parameterRows, layer.operation.outputShape.channels], format: format,
      elementBytes: target.accumulatorElementBytes, kind: .weight)
  }

  private mutating func caches(of layer: Layer, format: UInt8, bytes: Int) -> (UInt32, UInt32)? {
    guard case .attention(let heads, let size, let query, let positions) = layer.operation, positions > query else {
      return nil
    }
    let shape = [layer.batch, heads, positions, size]
    let keys = tensors.add("\(layer.name).keys", shape: shape, format: format, elementBytes: bytes, kind: .input)
    let values = tensors.add("\(layer.name).values", shape: shape, format: format, elementBytes: bytes, kind: .input)
    return (keys, values)
  }

  private func isRead(_ layer: Layer) -> Bool {
    let index = operands.count
    return model.layers.contains { $0.inputs.contains(.layer(index)) }
  }

  /// How long before its start the next layer's weights are asked for. A layer without a matrix loads, computes and stores:
  /// eight round trips [assumed].
  private var lead: Double {
    guard let last = lowerings.last else { return 0 }
    return last.tail ?? 8 * target.roundTripCycles
  }

  private var context: LayerContext? {
    plans.areTimed
      ? LayerContext(lowerings.count, of: model, before: (lowerings.last as? MatrixLowering)?.plan) : nil
  }

  private mutating func lower(_ layer: Layer, _ operands: LayerOperands) throws(CompileError) -> any LayerLowering {
    switch layer.operation {
    case .conv(let window, let filters):
      let shape = MatrixShape(window, filters: filters, batch: layer.batch)
      return try MatrixLowering(shape, layer: layer, operands: operands, lead: lead, context: context, plans: &plans)
    case .gemm(let m, let n, let k):
      let shape = MatrixShape(m: m * layer.batch, n: n, k: k)
      return try MatrixLowering(shape, layer: layer, operands: operands, lead: lead, context: context, plans: &plans)
    case .attention(let heads, let size, let query, let keyValue):
      return ItemLowering(
        try AttentionKernel(
          heads: heads, size: size, query: query, keyValue: keyValue, layer: layer, operands: operands, target: target))
    case .embedding(let vocabulary, let rows, let width):
      return ItemLowering(
        try EmbeddingKernel(
          vocabulary: vocabulary, rows: rows, width: width, layer: layer, operands: operands, target: target))
    case .pool(.global, let window):
      return ItemLowering(try GlobalPoolKernel(window.input, layer: layer, operands: operands, target: target))
    case .depthwise(let window), .pool(_, let window):
      return ItemLowering(try TapKernel(window, layer: layer, operands: operands, target: target))
    case .add, .norm, .softmax, .activation:
      return ItemLowering(try RowKernel(layer, operands: operands, target: target))
    }
  }

  /// Bytes that must cross the memory interface at least: each operand and result once, of tables and caches what is used, of
  /// the input of windows narrower than their stride what they cover.
  func compulsoryBytes(_ index: Int) -> UInt64 {
    let layer = model.layers[index]
    let operands = operands[index]
    let needed = layer.operation.window?.neededPixels ?? (pixels: 1, of: 1)
    let inputs = Set(operands.inputs).reduce(0) { $0 + tensors.entries[Int($1)].bytes } / needed.of * needed.pixels
    let output = tensors.entries[Int(operands.output)].bytes
    let parameters = operands.parameters.map { tensors.entries[Int($0)].bytes } ?? 0
    var weights = operands.weights.map { tensors.entries[Int($0)].bytes } ?? 0
    if case .embedding(let vocabulary, let rows, let width) = layer.operation {
      weights = UInt64(min(vocabulary, rows) * width * operands.elementBytes)
    }
    let caches =
      operands.caches.map { tensors.entries[Int($0.keys)].bytes + tensors.entries[Int($0.values)].bytes } ?? 0
    return inputs + output + parameters + weights + caches
  }
}

extension Operator {
  fileprivate var window: Window? {
    switch self {
    case .conv(let window, _), .depthwise(let window), .pool(_, let window): window
    default: nil
    }
  }
}

extension Window {
  /// Pixels of the input that windows cover at least, and of how many.
  fileprivate var neededPixels: (pixels: UInt64, of: UInt64) {
    func covered(_ extent: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ windows: Int) -> UInt64 {
      UInt64(kernel < stride ? min(extent, max(0, windows * kernel - 2 * padding)) : extent)
    }
    let rows = covered(input.height, kernelHeight, strideY, paddingY, outputHeight)
    let columns = covered(input.width, kernelWidth, strideX, paddingX, outputWidth)
    return (rows * columns, UInt64(input.height * input.width))
  }
}
