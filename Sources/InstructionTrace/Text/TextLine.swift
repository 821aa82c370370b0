/// One line of the text twin, cut into words; remembers columns for messages.
struct TextLine {
  struct Word {
    var text: String
    /// Counted from 1.
    var column: Int
    var isQuoted = false
  }

  let source: String
  let number: Int
  private(set) var words: [Word] = []
  private var next = 0
  private let end: Int

  /// Words are separated by blanks; a comma is a word of its own; `#` begins a comment.
  init(_ text: Substring, number: Int, source: String) throws(TraceError) {
    self.number = number
    self.source = source
    end = text.count + 1
    try cut(Array(text.unicodeScalars))
  }

  var isEmpty: Bool { words.isEmpty }
  var isAtEnd: Bool { next == words.count }
  var first: String { words.first.map { $0.isQuoted ? "" : $0.text } ?? "" }

  private mutating func cut(_ scalars: [Unicode.Scalar]) throws(TraceError) {
    var at = 0
    while at < scalars.count {
      switch scalars[at] {
      case " ", "\t", "\r": at += 1
      case "#": return
      case ",":
        words.append(Word(text: ",", column: at + 1))
        at += 1
      case "\"": at = try cutString(scalars, at)
      default:
        let start = at
        while at < scalars.count, !Self.endsWord(scalars[at]) { at += 1 }
        words.append(Word(text: string(scalars[start..<at]), column: start + 1))
      }
    }
  }

  private static func endsWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "," || scalar == "#" || scalar == "\""
  }

  private func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  private mutating func cutString(_ scalars: [Unicode.Scalar], _ start: Int) throws(TraceError) -> Int {
    var text = String.UnicodeScalarView()
    var at = start + 1
    while at < scalars.count, scalars[at] != "\"" {
      guard scalars[at] == "\\" else {
        text.append(scalars[at])
        at += 1
        continue
      }
      let (scalar, length) = try escape(scalars, at)
      text.append(scalar)
      at += length
    }
    guard at < scalars.count else { throw fault("expected a closing double quote", column: start + 1) }
    words.append(Word(text: String(text), column: start + 1, isQuoted: true))
    return at + 1
  }

  private func escape(_ scalars: [Unicode.Scalar], _ at: Int) throws(TraceError) -> (Unicode.Scalar, Int) {
    switch at + 1 < scalars.count ? scalars[at + 1] : " " {
    case "n": return ("\n", 2)
    case "t": return ("\t", 2)
    case "\"": return ("\"", 2)
    case "\\": return ("\\", 2)
    case "u":
      if let close = scalars[at...].firstIndex(of: "}"), close > at + 3, scalars[at + 2] == "{",
        let value = UInt32(string(scalars[(at + 3)..<close]), radix: 16), let scalar = Unicode.Scalar(value)
      {
        return (scalar, close + 1 - at)
      }
      throw fault("expected \\u{HEX}", column: at + 1)
    default: throw fault("expected one of the escapes \\\" \\\\ \\n \\t \\u{HEX}", column: at + 1)
    }
  }
}

extension TextLine {
  /// The message for a place of this line.
  func fault(_ message: String, column: Int) -> TraceError {
    TraceError(.badText, message, path: "\(source):\(number):\(column)")
  }

  /// The message for the word that comes next.
  func fault(expected: String, legal: [String] = []) -> TraceError {
    guard next < words.count else { return fault("expected \(expected), found the end of the line", column: end) }
    let word = words[next]
    var message = "expected \(expected), found \(word.isQuoted ? "a string" : word.text)"
    if let near = NearestWord.of(word.text, among: legal) { message += "; the nearest legal word is \(near)" }
    return fault(message, column: word.column)
  }

  func peek(_ text: String) -> Bool { next < words.count && !words[next].isQuoted && words[next].text == text }

  /// The next word as it is, if it is a plain word.
  var upcoming: String? { next < words.count && !words[next].isQuoted ? words[next].text : nil }

  mutating func skip() { next += 1 }

  mutating func take(_ text: String) -> Bool {
    guard peek(text) else { return false }
    next += 1
    return true
  }

  mutating func require(_ text: String) throws(TraceError) {
    if !take(text) { throw fault(expected: text, legal: [text]) }
  }

  mutating func string(_ what: String) throws(TraceError) -> String {
    guard next < words.count, words[next].isQuoted else { throw fault(expected: "\(what) in double quotes") }
    next += 1
    return words[next - 1].text
  }

  /// A number in decimal, or in hexadecimal after 0x.
  mutating func number<T: FixedWidthInteger>(_: T.Type, _ what: String) throws(TraceError) -> T {
    guard let word = upcoming, let value = T(literal: word) else {
      throw fault(expected: "\(what) (a number \(T.min)...\(T.max))")
    }
    next += 1
    return value
  }

  mutating func numbers<T: FixedWidthInteger>(_ type: T.Type, _ what: String) throws(TraceError) -> [T] {
    var values = [try number(type, what)]
    while take(",") { values.append(try number(type, what)) }
    return values
  }

  /// Numbers joined by x, such as 16x8x32.
  mutating func product<T: FixedWidthInteger>(_: T.Type, count: Int?, _ what: String) throws(TraceError) -> [T] {
    let parts = (upcoming ?? "").split(separator: "x", omittingEmptySubsequences: false).map { T(String($0)) }
    let values = parts.compactMap { $0 }
    guard values.count == parts.count, !values.isEmpty, count == nil || values.count == count else {
      throw fault(expected: what)
    }
    next += 1
    return values
  }

  mutating func choice<T>(_ choices: [(String, T)], _ what: String) throws(TraceError) -> T {
    guard let word = upcoming, let found = choices.first(where: { $0.0 == word }) else {
      throw fault(expected: what, legal: choices.map(\.0))
    }
    next += 1
    return found.1
  }

  func requireEnd(_ legal: [String] = []) throws(TraceError) {
    let also = legal.isEmpty ? "" : ", or one of: " + legal.joined(separator: ", ")
    if !isAtEnd { throw fault(expected: "the end of the line" + also, legal: legal) }
  }
}

extension FixedWidthInteger {
  /// Decimal, or hexadecimal after 0x, with an optional sign before.
  init?(literal: String) {
    var digits = Substring(literal)
    var sign = ""
    if let first = digits.first, first == "-" || first == "+" {
      sign = String(first)
      digits = digits.dropFirst()
    }
    // A second sign would be read by the initialiser.
    guard let first = digits.utf8.first, 0x30...0x39 ~= first else { return nil }
    let isHex = digits.hasPrefix("0x")
    if isHex { digits = digits.dropFirst(2) }
    guard let head = digits.utf8.first, head != 0x2B, head != 0x2D else { return nil }
    guard let value = Self(sign + digits, radix: isHex ? 16 : 10) else { return nil }
    self = value
  }
}
