/// A condition or number over names, such as `tiles * macs <= 65536 and clocks.tile >= 1 GHz`.
///
/// From weak to strong: `or`, `and`, `not`, comparisons, `+ -`, `* / %`, sign. Names are dotted; numbers may have a
/// unit; texts stand in quotes.
indirect enum Expression: Equatable, Sendable {
  case constant(ExpressionValue)
  /// With its column in the text, from 1.
  case name(String, column: Int)
  case not(Expression)
  case negative(Expression)
  case operation(Operator, Expression, Expression)

  enum Operator: String, CaseIterable, Sendable {
    case or, and
    case less = "<"
    case atMost = "<="
    case more = ">"
    case atLeast = ">="
    case equal = "=="
    case unequal = "!="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case modulo = "%"

    /// Stronger ones bind first.
    var strength: Int {
      switch self {
      case .or: 1
      case .and: 2
      case .less, .atMost, .more, .atLeast, .equal, .unequal: 4
      case .plus, .minus: 5
      case .times, .over, .modulo: 6
      }
    }
  }

  /// Of `not`: between `and` and the comparisons.
  static let notStrength = 3
  /// Of a sign.
  static let signStrength = 7

  /// Every name with its column, as written.
  var names: [(name: String, column: Int)] {
    switch self {
    case .constant: []
    case .name(let name, let column): [(name, column)]
    case .not(let inner), .negative(let inner): inner.names
    case .operation(_, let left, let right): left.names + right.names
    }
  }
}

/// What an expression is worth.
enum ExpressionValue: Equatable, Sendable {
  case number(Double)
  case text(String)
  case flag(Bool)

  var kind: String {
    switch self {
    case .number: "a number"
    case .text: "a text"
    case .flag: "a condition"
    }
  }
}

/// Why an expression cannot be read or has no value.
struct ExpressionFault: Error, Equatable {
  var message: String
}
