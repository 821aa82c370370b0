/// How many scalar parameters of each width an operation stores.
struct ParameterLayout {
  var bytes: Int
  var words: Int
  var wide: Bool

  @inline(__always) static func of(_ operation: Int) -> ParameterLayout {
    switch operation {
    case OperationIndex.load: ParameterLayout(bytes: 0, words: 2, wide: false)
    case OperationIndex.store, OperationIndex.copy: ParameterLayout(bytes: 0, words: 1, wide: false)
    case OperationIndex.preload: ParameterLayout(bytes: 2, words: 2, wide: false)
    case OperationIndex.matmul: ParameterLayout(bytes: 2, words: 3, wide: false)
    case OperationIndex.reduce: ParameterLayout(bytes: 2, words: 1, wide: true)
    default: ParameterLayout(bytes: 2, words: 0, wide: true)
    }
  }
}

extension DeltaState.Parameters {
  /// Takes the parameters that operation stores out of a record.
  init(_ i: borrowing Instruction, operation: Int) {
    switch operation {
    case OperationIndex.load: words = [i.tensor, i.tileSet, 0, 0]
    case OperationIndex.store: words = [i.tensor, 0, 0, 0]
    case OperationIndex.copy: words = [i.tile, 0, 0, 0]
    case OperationIndex.preload:
      bytes = [i.unit, i.format, 0, 0]
      words = [i.k, i.n, 0, 0]
    case OperationIndex.matmul:
      bytes = [i.unit, i.format, 0, 0]
      words = [i.m, i.n, i.k, 0]
    case OperationIndex.convert:
      bytes = [i.format, i.outputFormat, 0, 0]
      wide = i.elements
    default:
      bytes = [i.function.rawValue, i.format, 0, 0]
      words = [operation == OperationIndex.reduce ? i.groups : 0, 0, 0, 0]
      wide = i.elements
    }
  }
}

extension Opcode {
  /// Index of the remembered state, or nil for records without operands.
  @inline(__always) var operation: Int? {
    switch self {
    case .load: OperationIndex.load
    case .store: OperationIndex.store
    case .copy: OperationIndex.copy
    case .preload: OperationIndex.preload
    case .matmul: OperationIndex.matmul
    case .vector: OperationIndex.vector
    case .convert: OperationIndex.convert
    case .reduce: OperationIndex.reduce
    default: nil
    }
  }
}
