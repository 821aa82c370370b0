/// A position in TOML text that counts lines and steps over tokens without judging them.
struct Cursor {
  private let bytes: [UInt8]
  private var index = 0
  private(set) var line = 1
  /// The most dots of one dotted key so far, inside values too.
  private(set) var mostDots = 0
  private var dots = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")
  private static let apostrophe = UInt8(ascii: "'")

  private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func advance() {
    if bytes[index] == Self.newline { line += 1 }
    index += 1
  }

  /// Counts the dots of a dotted key while it is stepped over.
  private mutating func count(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "."): dots += 1
    case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "{"), UInt8(ascii: "]"), Self.newline: dots = 0
    default: return
    }
    mostDots = max(mostDots, dots)
  }

  /// Steps over blanks, empty lines and comments; false at the end of the text.
  mutating func skipToEntry() -> Bool {
    while let byte = current {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), Self.newline: advance()
      case UInt8(ascii: "#"): skipLine()
      default: return true
      }
    }
    return false
  }

  /// Steps to the end of the line, before its newline.
  mutating func skipLine() { while let byte = current, byte != Self.newline { advance() } }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    advance()
    return true
  }

  /// Reads a dotted key up to `=`, the end of the line, or a closing bracket where that ends a header.
  mutating func names(inHeader: Bool = false) -> [String] {
    var names: [String] = []
    var name: [UInt8] = []
    dots = 0
    while let byte = current, byte != Self.newline, byte != UInt8(ascii: "=") {
      if inHeader, byte == UInt8(ascii: "]") { break }
      count(byte)
      switch byte {
      case Self.quote, Self.apostrophe: name += quoted()
      case UInt8(ascii: "."):
        names.append(String(decoding: name, as: UTF8.self))
        name = []
        advance()
      default:
        if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t"), byte != UInt8(ascii: "\r") { name.append(byte) }
        advance()
      }
    }
    return names + [String(decoding: name, as: UTF8.self)]
  }

  /// Steps over `= value`, which may span lines. False when brackets do not match or a letter beyond ASCII stands
  /// outside quotes and comments.
  mutating func skipValue() -> Bool {
    var open: [UInt8] = []
    var isSound = true
    while let byte = current {
      count(byte)
      switch byte {
      case Self.quote, Self.apostrophe:
        _ = quoted()
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): open.append(byte)
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        // In ASCII a closing bracket is its opening one plus 2.
        if open.popLast() != byte - 2 { isSound = false }
      case UInt8(ascii: "#"):
        skipLine()
        continue
      case Self.newline where open.isEmpty: return isSound
      default: if byte >= 0x80 { isSound = false }
      }
      advance()
    }
    return isSound
  }

  /// Up to two quotes may stand right before the closing three: then those stepped over were not the last.
  private mutating func skipQuotesBeforeTheEnd(_ mark: UInt8) {
    for _ in 0..<2 where current == mark { advance() }
  }

  /// Whether a key could begin here, blanks aside.
  mutating func isAtKey() -> Bool {
    while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { advance() }
    guard let byte = current else { return false }
    return TOMLText.isBareByte(byte) || byte == Self.quote || byte == Self.apostrophe
  }

  /// Steps over a string of any of TOML's four kinds and returns what stands between its quotes.
  private mutating func quoted() -> [UInt8] {
    let mark = bytes[index]
    let isMultiline = index + 2 < bytes.count && bytes[index + 1] == mark && bytes[index + 2] == mark
    let width = isMultiline ? 3 : 1
    for _ in 0..<width { advance() }
    var content: [UInt8] = []
    while let byte = current, isMultiline || byte != Self.newline {
      if bytes[index...].prefix(width).elementsEqual(repeatElement(mark, count: width)) {
        for _ in 0..<width { advance() }
        if isMultiline { skipQuotesBeforeTheEnd(mark) }
        return content
      }
      if byte == UInt8(ascii: "\\"), mark == Self.quote, index + 1 < bytes.count,
        isMultiline || bytes[index + 1] != Self.newline
      {
        content.append(byte)
        advance()
      }
      content.append(bytes[index])
      advance()
    }
    return content
  }
}
