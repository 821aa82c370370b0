extension Expression {
  /// The value with each name looked up.
  /// - Throws: `ExpressionFault` when operands are of the wrong kind.
  func value(_ lookup: (String) -> ExpressionValue?) throws(ExpressionFault) -> ExpressionValue {
    switch self {
    case .constant(let value): return value
    case .name(let name, _):
      guard let value = lookup(name) else { throw ExpressionFault(message: "nothing is known of '\(name)'") }
      return value
    case .not(let inner): return .flag(try !inner.flag(lookup))
    case .negative(let inner): return .number(try -inner.number(lookup))
    case .operation(.or, let left, let right):
      return try left.flag(lookup) ? .flag(true) : .flag(try right.flag(lookup))
    case .operation(.and, let left, let right):
      return try left.flag(lookup) ? .flag(try right.flag(lookup)) : .flag(false)
    case .operation(let operation, let left, let right):
      return try Self.apply(operation, try left.value(lookup), try right.value(lookup))
    }
  }

  /// The value of a condition.
  func flag(_ lookup: (String) -> ExpressionValue?) throws(ExpressionFault) -> Bool {
    let value = try value(lookup)
    guard case .flag(let flag) = value else { throw ExpressionFault(message: "\(value.kind) is no condition") }
    return flag
  }

  private func number(_ lookup: (String) -> ExpressionValue?) throws(ExpressionFault) -> Double {
    let value = try value(lookup)
    guard case .number(let number) = value else { throw ExpressionFault(message: "\(value.kind) is no number") }
    return number
  }

  private static func apply(
    _ operation: Operator, _ left: ExpressionValue, _ right: ExpressionValue
  ) throws(ExpressionFault) -> ExpressionValue {
    switch (left, right) {
    case (.number(let a), .number(let b)): return apply(operation, a, b)
    case (.text(let a), .text(let b)) where operation == .equal: return .flag(a.lowercased() == b.lowercased())
    case (.text(let a), .text(let b)) where operation == .unequal: return .flag(a.lowercased() != b.lowercased())
    default:
      throw ExpressionFault(message: "\(left.kind) \(operation.rawValue) \(right.kind) has no meaning")
    }
  }

  private static func apply(_ operation: Operator, _ a: Double, _ b: Double) -> ExpressionValue {
    switch operation {
    case .less: .flag(a < b)
    case .atMost: .flag(a <= b)
    case .more: .flag(a > b)
    case .atLeast: .flag(a >= b)
    case .equal: .flag(a == b)
    case .unequal: .flag(a != b)
    case .plus: .number(a + b)
    case .minus: .number(a - b)
    case .times: .number(a * b)
    case .over: .number(a / b)
    case .modulo: .number(a.truncatingRemainder(dividingBy: b))
    case .or, .and: .flag(false)
    }
  }
}
