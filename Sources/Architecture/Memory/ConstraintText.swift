/// Reads timing constraints as standards print them, one a line:
///
///     PC   RD,RDA -> RD,RDA   max(nBL, nCCDS)
///     PC   ACT -> ACT         nFAW  window 4
///     other SID  RD -> RD     nCCDR
///
/// Scope (`channel`, `PC`, `SID`, `BG`, `bank`; after `other`: between different ones of the same parent), first
/// commands, later commands, and the cycles of CK between them as a timing expression. `#` starts a comment.
public enum ConstraintText {
  /// Why a line is no constraint, and which line of the text it is, from 1.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    public var line: Int
    public var message: String
    public var description: String { "line \(line): \(message)" }
  }

  /// All constraints of a text.
  ///
  /// - Throws: `Fault` with the first line that cannot be read.
  public static func parse(_ text: String) throws(Fault) -> [TimingConstraint] {
    var constraints: [TimingConstraint] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      var parser = ConstraintLine(line.prefix { $0 != "#" })
      if parser.isEmpty { continue }
      do {
        constraints.append(try parser.constraint())
      } catch {
        throw Fault(line: index + 1, message: error.message)
      }
    }
    return constraints
  }

  /// The text of one constraint; reads back as the same.
  public static func text(_ constraint: TimingConstraint) -> String {
    let scope = (constraint.isSibling ? "other " : "") + ConstraintLine.name(of: constraint.scope)
    let from = constraint.from.map { "\($0)" }.joined(separator: ",")
    let to = constraint.to.map { "\($0)" }.joined(separator: ",")
    let window = constraint.window == 1 ? "" : " window \(constraint.window)"
    return "\(scope) \(from) -> \(to) \(constraint.latency)\(window)"
  }
}

extension TimingExpression: CustomStringConvertible {
  public var description: String {
    let sums = sums.map(\.description)
    return sums.count == 1 ? sums[0] : "max(\(sums.joined(separator: ", ")))"
  }
}

extension TimingExpression.Sum: CustomStringConvertible {
  public var description: String {
    var text = plus.map(\.rawValue).joined(separator: " + ")
    if constant > 0 || (constant == 0 && text.isEmpty) { text += text.isEmpty ? "\(constant)" : " + \(constant)" }
    if constant < 0 { text += text.isEmpty ? "\(constant)" : " - \(-constant)" }
    return text + minus.map { " - \($0.rawValue)" }.joined()
  }
}

/// One line, word by word.
struct ConstraintLine {
  private let words: [Substring]
  private var next = 0

  private static let scopes: [(name: String, scope: DRAMScope)] = [
    ("channel", .channel), ("PC", .pseudoChannel), ("SID", .stackID), ("BG", .bankGroup), ("bank", .bank),
  ]

  static func name(of scope: DRAMScope) -> String { scopes.first { $0.scope == scope }?.name ?? "channel" }

  /// By name. Made once: asking a command for its name is slow, and the tables of all standards are read at every start.
  private static let commands = DRAMCommand.allCases.map { (name: "\($0)", command: $0) }

  /// Words are names and numbers; `,` `(` `)` `+` and `-` stand alone, `->` is one word.
  init(_ line: Substring) {
    var words: [Substring] = []
    var rest = line.unicodeScalars.drop { $0.properties.isWhitespace }
    while !rest.isEmpty {
      let length = rest.starts(with: "->".unicodeScalars) ? 2 : max(1, rest.prefix(while: \.isWordPart).count)
      words.append(Substring(rest.prefix(length)))
      rest = rest.dropFirst(length).drop { $0.properties.isWhitespace }
    }
    self.words = words
  }

  /// A comment, or nothing.
  var isEmpty: Bool { words.isEmpty }

  mutating func constraint() throws(Refusal) -> TimingConstraint {
    let isSibling = take("other")
    let scope = try scope()
    let from = try commands()
    try expect("->")
    let to = try commands()
    let latency = try expression()
    let window = take("window") ? try number(1...16) : 1
    guard next == words.count else { throw found("the end of the line") }
    return TimingConstraint(scope: scope, isSibling: isSibling, from: from, to: to, latency: latency, window: window)
  }

  private mutating func scope() throws(Refusal) -> DRAMScope {
    guard let word = word(), let match = Self.scopes.first(where: { $0.name == word }) else {
      let names = Self.scopes.map(\.name)
      throw found("a scope: \(Words.alternatives(names))", near: names)
    }
    next += 1
    return match.scope
  }

  private mutating func commands() throws(Refusal) -> [DRAMCommand] {
    var commands: [DRAMCommand] = []
    repeat {
      guard let word = word(), let match = Self.commands.first(where: { $0.name == word }) else {
        let names = Self.commands.map(\.name)
        throw found("a command: \(Words.alternatives(names))", near: names)
      }
      next += 1
      commands.append(match.command)
    } while take(",")
    return commands
  }

  private mutating func expression() throws(Refusal) -> TimingExpression {
    guard take("max") else { return TimingExpression([try sum()]) }
    try expect("(")
    var sums = [try sum()]
    while take(",") { sums.append(try sum()) }
    try expect(")")
    return TimingExpression(sums)
  }

  private mutating func sum() throws(Refusal) -> TimingExpression.Sum {
    var sum = TimingExpression.Sum(plus: [])
    var isMinus = take("-")
    while true {
      try addTerm(to: &sum, isMinus: isMinus)
      if take("+") { isMinus = false } else if take("-") { isMinus = true } else { return sum }
    }
  }

  private mutating func addTerm(to sum: inout TimingExpression.Sum, isMinus: Bool) throws(Refusal) {
    if let word = word(), let timing = DRAMTiming(rawValue: String(word)) {
      next += 1
      if isMinus { sum.minus.append(timing) } else { sum.plus.append(timing) }
    } else if let word = word(), word.allSatisfy(\.isNumber) {
      let value = try number(0...1_000_000)
      sum.constant += isMinus ? -value : value
    } else {
      throw found("a timing such as nRCDRD or a number of cycles", near: DRAMTiming.allCases.map(\.rawValue))
    }
  }

  private mutating func number(_ range: ClosedRange<Int>) throws(Refusal) -> Int {
    guard let word = word(), let value = Int(word), range.contains(value) else {
      throw found("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    next += 1
    return value
  }

  private func word() -> Substring? { next < words.count ? words[next] : nil }

  private mutating func take(_ word: String) -> Bool {
    guard self.word() == word[...] else { return false }
    next += 1
    return true
  }

  private mutating func expect(_ word: String) throws(Refusal) {
    guard take(word) else { throw found(TOMLText.quoted(word)) }
  }

  private func found(_ expected: String, near names: [String] = []) -> Refusal {
    guard let word = word() else { return Refusal(message: "found the end of the line; allowed: \(expected)") }
    let nearest = Words.nearest(to: String(word), among: names).map { " (did you mean \(TOMLText.quoted($0))?)" } ?? ""
    return Refusal(message: "found \(TOMLText.quoted(String(word)))\(nearest); allowed: \(expected)")
  }
}

extension Unicode.Scalar {
  fileprivate var isWordPart: Bool {
    isASCII && (properties.isAlphabetic || "0"..."9" ~= self || self == "_")
  }
}
