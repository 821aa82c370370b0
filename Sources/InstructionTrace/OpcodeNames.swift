extension Opcode {
  /// The word of the text twin and of messages.
  public var name: String {
    switch self {
    case .load: "load"
    case .store: "store"
    case .copy: "copy"
    case .preload: "preload"
    case .matmul: "matmul"
    case .vector: "vector"
    case .convert: "convert"
    case .reduce: "reduce"
    case .signal: "signal"
    case .wait: "wait"
    case .barrier: "barrier"
    case .regionBegin: "region-begin"
    case .regionEnd: "region-end"
    case .mark: "mark"
    case .repeat: "repeat"
    }
  }

  /// What to say of a byte that is no opcode of this version.
  static func complaint(about byte: UInt8) -> String {
    let hex = String(byte, radix: 16)
    if let name = reserved[byte] {
      return "opcode 0x\(hex) (\(name)) is reserved for a later version of the format"
    }
    let distance = { (opcode: Opcode) in abs(Int(opcode.rawValue) - Int(byte)) }
    let nearest = allCases.min { distance($0) < distance($1) }!
    return "0x\(hex) is no opcode; the nearest legal one is 0x\(String(nearest.rawValue, radix: 16)) (\(nearest.name))"
  }
}

extension VectorFunction {
  /// The word of the text twin and of messages, lower case with hyphens.
  public var name: String {
    switch self {
    case .add: "add"
    case .multiply: "multiply"
    case .subtract: "subtract"
    case .maximum: "maximum"
    case .minimum: "minimum"
    case .relu: "relu"
    case .fill: "fill"
    case .copy: "copy"
    case .exponential: "exponential"
    case .reciprocal: "reciprocal"
    case .reciprocalSquareRoot: "reciprocal-square-root"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .gelu: "gelu"
    case .silu: "silu"
    case .sum: "sum"
    case .scale: "scale"
    case .clamp: "clamp"
    }
  }
}
