import Architecture

/// Reads expressions: precedence climbing over a list of tokens.
struct ExpressionParser {
  private struct Token: Equatable {
    enum Kind: Equatable {
      case number, name, text, symbol
      /// Behind the last.
      case end
    }
    var kind: Kind
    var text: String
    var column: Int
  }

  private var tokens: [Token] = []
  private var position = 0

  /// - Throws: `ExpressionFault` with the column.
  static func parse(_ text: String) throws(ExpressionFault) -> Expression {
    var parser = ExpressionParser()
    try parser.scan(Array(text))
    let expression = try parser.expression(strength: 0)
    guard parser.next.kind == .end else { throw parser.unexpected("an operator") }
    return expression
  }

  private var next: Token { tokens[position] }

  private mutating func take() -> Token {
    defer { position = min(position + 1, tokens.count - 1) }
    return next
  }

  private func unexpected(_ wanted: String) -> ExpressionFault {
    let found = next.kind == .end ? "the end" : "'\(next.text)'"
    return ExpressionFault(message: "column \(next.column): found \(found), expected \(wanted)")
  }

  // MARK: Grammar

  private mutating func expression(strength: Int) throws(ExpressionFault) -> Expression {
    var left = try operand()
    while next.kind != .text, let operation = Expression.Operator(rawValue: next.text), operation.strength > strength {
      _ = take()
      left = .operation(operation, left, try expression(strength: operation.strength))
    }
    return left
  }

  private mutating func operand() throws(ExpressionFault) -> Expression {
    switch (next.kind, next.text) {
    case (.symbol, "("):
      _ = take()
      let inner = try expression(strength: 0)
      guard next == Token(kind: .symbol, text: ")", column: next.column) else { throw unexpected("')'") }
      _ = take()
      return inner
    case (.symbol, "-"):
      _ = take()
      return .negative(try expression(strength: Expression.signStrength))
    case (.name, "not"):
      _ = take()
      return .not(try expression(strength: Expression.notStrength))
    case (.number, _): return .constant(.number(try number()))
    case (.text, _): return .constant(.text(take().text))
    case (.name, let name) where Expression.Operator(rawValue: name) == nil:
      return .name(name, column: take().column)
    default: throw unexpected("a number, a name or '('")
    }
  }

  /// A number, with the unit behind it if there is one.
  private mutating func number() throws(ExpressionFault) -> Double {
    let token = take()
    let unit = takeUnit()
    guard let value = Measure.value(unit.map { "\(token.text) \($0)" } ?? token.text) else {
      throw ExpressionFault(message: "column \(token.column): '\(token.text)' is no number")
    }
    return value
  }

  /// A unit, `GHz` or `GB/s`; a slash belongs to it when what it makes is a unit.
  private mutating func takeUnit() -> String? {
    guard next.kind == .name else { return nil }
    let ratio = tokens[position...].prefix(3).map(\.text)
    if ratio.count == 3, ratio[1] == "/", Measure.isUnit(ratio.joined()) {
      position += 3
      return ratio.joined()
    }
    return Measure.isUnit(next.text) ? take().text : nil
  }

  // MARK: Tokens

  private mutating func scan(_ text: [Character]) throws(ExpressionFault) {
    var start = 0
    while start < text.count {
      if text[start].isWhitespace {
        start += 1
      } else {
        let end = try end(of: text, from: start)
        let isText = Self.isQuote(text[start])
        let word = String(isText ? text[start + 1..<end - 1] : text[start..<end])
        tokens.append(Token(kind: Self.kind(text[start]), text: word, column: start + 1))
        start = end
      }
    }
    tokens.append(Token(kind: .end, text: "", column: text.count + 1))
  }

  private static func isQuote(_ character: Character) -> Bool { character == "\"" || character == "'" }

  private static func kind(_ first: Character) -> Token.Kind {
    if first.isNumber || first == "." { return .number }
    if first.isLetter || first == "_" { return .name }
    return isQuote(first) ? .text : .symbol
  }

  /// Where the token that begins at `start` ends.
  private func end(of text: [Character], from start: Int) throws(ExpressionFault) -> Int {
    let rest = text[(start + 1)...]
    switch Self.kind(text[start]) {
    case .number: return rest.firstIndex { !($0.isNumber || $0 == "." || $0 == "_") } ?? text.count
    case .name: return rest.firstIndex { !($0.isLetter || $0.isNumber || "_.[]".contains($0)) } ?? text.count
    case .text:
      guard let quote = rest.firstIndex(of: text[start]) else {
        throw ExpressionFault(message: "column \(start + 1): the text has no end")
      }
      return quote + 1
    case .symbol, .end:
      for length in [2, 1] {
        let symbol = String(text[start...].prefix(length))
        if "()".contains(symbol) && length == 1 || Expression.Operator(rawValue: symbol) != nil {
          return start + length
        }
      }
      throw ExpressionFault(message: "column \(start + 1): '\(text[start])' is no operator")
    }
  }
}
