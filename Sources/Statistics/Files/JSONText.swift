/// Writes JSON with keys in the order they are given and fixed indentation: the same value gives the same bytes.
public struct JSONText {
  public private(set) var text = ""
  private var depth = 0
  private var isFirst = true

  public init() {}

  /// An object (`key` nil: the document itself or an element of a list).
  public mutating func object(_ key: String? = nil, _ body: (inout JSONText) -> Void) {
    nest(key, "{", "}", body)
  }

  public mutating func list(_ key: String, _ body: (inout JSONText) -> Void) { nest(key, "[", "]", body) }

  /// An object on one line.
  public mutating func row(_ fields: [(key: String, value: Scalar)]) {
    begin(nil)
    text += "{" + fields.map { Self.quoted($0.key) + ": " + $0.value.text }.joined(separator: ", ") + "}"
  }

  public mutating func field(_ key: String?, _ value: Scalar) {
    begin(key)
    text += value.text
  }

  /// A value without parts.
  public struct Scalar: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    let text: String
    public init(stringLiteral value: String) { text = JSONText.quoted(value) }
    public static func string(_ value: String) -> Scalar { Scalar(stringLiteral: value) }
    public static func number(_ value: some BinaryInteger) -> Scalar { Scalar(raw: String(value)) }
    public static func number(_ value: FixedDecimal) -> Scalar { Scalar(raw: value.description) }
    /// A number as it is written.
    public static func decimal(_ digits: String) -> Scalar { Scalar(raw: digits) }
    public static func flag(_ value: Bool) -> Scalar { Scalar(raw: value ? "true" : "false") }
    private init(raw: String) { text = raw }
  }

  private mutating func nest(_ key: String?, _ open: String, _ close: String, _ body: (inout JSONText) -> Void) {
    begin(key)
    text += open
    depth += 1
    isFirst = true
    body(&self)
    depth -= 1
    if !isFirst { newLine() }
    text += close
    isFirst = false
  }

  private mutating func begin(_ key: String?) {
    if !isFirst { text += "," }
    if depth > 0 { newLine() }
    if let key { text += Self.quoted(key) + ": " }
    isFirst = false
  }

  private mutating func newLine() { text += "\n" + String(repeating: "  ", count: depth) }

  static func quoted(_ string: String) -> String {
    let isPlain = string.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
    return isPlain ? "\"\(string)\"" : escaped(string)
  }

  private static func escaped(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
