/// Where an operand of a layer comes from.
public enum LayerInput: Equatable, Sendable {
  /// A tensor nobody in the network writes.
  case external
  /// The output of a layer, by index.
  case layer(Int)
}

/// One row of a network.
public struct Layer: Equatable, Sendable {
  public var name: String
  /// Line of the table it stands in, counted from 1.
  public var line: Int
  public var operation: Operator
  /// One operand, two for `add`.
  public var inputs: [LayerInput]
  /// What happens to results in the accumulator before they are converted.
  public var epilogue: [Epilogue] = []
  /// Batch elements.
  public var batch = 1
  /// Number format of operands and result; nil: the array's first.
  public var format: String?

  /// Multiply-accumulates over the batch.
  public var macs: Int { operation.macs * batch }
  /// Learned values: weights, and one or two a channel for biases and norms.
  public var parameters: Int {
    operation.weights + parameterRows * operation.outputShape.channels
  }
  /// Rows of per-channel values kept beside the weights.
  var parameterRows: Int {
    let own = if case .norm = operation { 2 } else { 0 }
    return own + epilogue.reduce(0) { $0 + $1.parametersPerChannel }
  }
}

/// A network: its layers in the order they run.
public struct Model: Equatable, Sendable {
  public var name: String
  public var layers: [Layer]
  /// What the reader of the table decided, in words for the user.
  public var notices: [String] = []

  public var macs: Int { layers.reduce(0) { $0 + $1.macs } }
  public var parameters: Int { layers.reduce(0) { $0 + $1.parameters } }
}

extension Model {
  /// A network of one matrix product: output (m x n) = input (m x k) times weights (k x n).
  public static func gemm(m: Int, n: Int, k: Int) -> Model {
    Model(
      name: "gemm", layers: [Layer(name: "gemm", line: 1, operation: .gemm(m: m, n: n, k: k), inputs: [.external])])
  }
}
