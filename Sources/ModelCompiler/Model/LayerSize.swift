/// Keeps sizes of layers where integer products cannot overflow.
enum LayerSize {
  /// Largest tensor in elements, and most multiply-accumulates of a layer over its batch: both far beyond any machine.
  static let elements = 0x1p40
  static let macs = 0x1p56

  /// Why a layer is too large to be meant, or nil. Computed without overflow for any sizes a table can hold.
  static func fault(_ layer: Layer) -> String? {
    let batch = Double(layer.batch)
    let operation = layer.operation
    let input = operation.inputShape.map(size) ?? 0
    let tensors = [input * batch, size(operation.outputShape) * batch, weights(operation), cache(operation) * batch]
    if let largest = tensors.max(), largest > elements {
      return "a tensor of '\(layer.name)' would have more than 2^40 elements"
    }
    return work(operation) * batch > macs ? "'\(layer.name)' would take more than 2^56 multiply-accumulates" : nil
  }

  private static func size(_ shape: Shape) -> Double {
    Double(shape.height) * Double(shape.width) * Double(shape.channels)
  }

  private static func taps(_ window: Window) -> Double { Double(window.kernelHeight) * Double(window.kernelWidth) }

  private static func weights(_ operation: Operator) -> Double {
    switch operation {
    case .conv(let w, let filters): taps(w) * Double(w.input.channels) * Double(filters)
    case .depthwise(let w): taps(w) * Double(w.input.channels)
    case .gemm(_, let n, let k): Double(n) * Double(k)
    case .embedding(let vocabulary, _, let width): Double(vocabulary) * Double(width)
    case .attention, .add, .pool, .norm, .softmax, .activation: 0
    }
  }

  private static func cache(_ operation: Operator) -> Double {
    guard case .attention(let heads, let size, _, let positions) = operation else { return 0 }
    return Double(heads) * Double(size) * Double(positions)
  }

  private static func work(_ operation: Operator) -> Double {
    switch operation {
    case .conv(let w, _): size(operation.outputShape) * taps(w) * Double(w.input.channels)
    case .depthwise(let w), .pool(_, let w): size(operation.outputShape) * taps(w)
    case .gemm(_, _, let k): size(operation.outputShape) * Double(k)
    case .attention(_, _, let query, _): 2 * cache(operation) * Double(query)
    case .add, .norm, .softmax, .activation, .embedding: size(operation.outputShape)
    }
  }
}
