import InstructionTrace

/// What a layer computes, with its sizes for one batch element.
public enum Operator: Equatable, Sendable {
  case conv(Window, filters: Int)
  case depthwise(Window)
  /// Output (m x n) = input (m x k) times weights (k x n).
  case gemm(m: Int, n: Int, k: Int)
  case attention(heads: Int, headSize: Int, query: Int, keyValue: Int)
  case add(Shape)
  case pool(PoolKind, Window)
  case norm(NormKind, Shape)
  case softmax(Shape)
  case activation(VectorFunction, Shape)
  case embedding(vocabulary: Int, rows: Int, width: Int)
}

public enum PoolKind: String, CaseIterable, Sendable {
  case max
  case average = "avg"
  case global
}

public enum NormKind: String, CaseIterable, Sendable {
  case layer = "layernorm"
  case batch = "batchnorm"
}

/// An operation on a matrix or depthwise layer's results while they are in the accumulator.
public enum Epilogue: Equatable, Sendable {
  /// Adds one value a channel.
  case bias
  /// Multiplies by and adds one value a channel: inference with folded statistics.
  case batchnorm
  case activation(VectorFunction)

  /// Values of each channel it needs.
  var parametersPerChannel: Int {
    switch self {
    case .bias: 1
    case .batchnorm: 2
    case .activation: 0
    }
  }
}

extension VectorFunction {
  /// Activation functions a layer table may name.
  public static let activations: [(name: String, function: VectorFunction)] = [
    ("relu", .relu), ("relu6", .clamp), ("gelu", .gelu), ("silu", .silu), ("sigmoid", .sigmoid), ("tanh", .tanh),
  ]
}

extension Operator {
  /// The word for it in layer tables and region marks.
  public var name: String {
    switch self {
    case .conv: "conv"
    case .depthwise: "depthwise"
    case .gemm: "gemm"
    case .attention: "attention"
    case .add: "add"
    case .pool: "pool"
    case .norm: "norm"
    case .softmax: "softmax"
    case .activation: "activation"
    case .embedding: "embedding"
    }
  }

  /// Every operator word.
  public static let names = [
    "conv", "depthwise", "gemm", "attention", "add", "pool", "norm", "softmax", "activation", "embedding",
  ]

  /// Shape of what it reads from the layer before; nil for one that starts a network.
  public var inputShape: Shape? {
    switch self {
    case .conv(let w, _), .depthwise(let w), .pool(_, let w): w.input
    case .gemm(let m, _, let k): Shape(height: m, width: 1, channels: k)
    case .attention(let heads, let size, let query, _): Shape(height: query, width: 1, channels: 3 * heads * size)
    case .add(let s), .norm(_, let s), .softmax(let s), .activation(_, let s): s
    case .embedding: nil
    }
  }

  public var outputShape: Shape {
    switch self {
    case .conv(let w, let filters): Shape(height: w.outputHeight, width: w.outputWidth, channels: filters)
    case .depthwise(let w), .pool(_, let w):
      Shape(height: w.outputHeight, width: w.outputWidth, channels: w.input.channels)
    case .gemm(let m, let n, _): Shape(height: m, width: 1, channels: n)
    case .attention(let heads, let size, let query, _): Shape(height: query, width: 1, channels: heads * size)
    case .add(let s), .norm(_, let s), .softmax(let s), .activation(_, let s): s
    case .embedding(_, let rows, let width): Shape(height: rows, width: 1, channels: width)
    }
  }

  /// Multiply-accumulates of one batch element; element-wise operators have none.
  public var macs: Int {
    switch self {
    case .conv(let w, let filters): outputShape.rows * filters * w.taps * w.input.channels
    case .depthwise(let w): outputShape.elements * w.taps
    case .gemm(let m, let n, let k): m * n * k
    case .attention(let heads, let size, let query, let keyValue): 2 * heads * size * query * keyValue
    case .add, .pool, .norm, .softmax, .activation, .embedding: 0
    }
  }

  /// Weights in the array's format (filters, matrices, embedding rows).
  public var weights: Int {
    switch self {
    case .conv(let w, let filters): filters * w.taps * w.input.channels
    case .depthwise(let w): w.taps * w.input.channels
    case .gemm(_, let n, let k): n * k
    case .embedding(let vocabulary, _, let width): vocabulary * width
    case .attention, .add, .pool, .norm, .softmax, .activation: 0
    }
  }
}
