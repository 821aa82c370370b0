/// Writes the few TOML forms a resolved configuration needs.
enum TOMLText {
  /// A basic string with everything escaped that TOML wants escaped.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += escape(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// A key as it must stand in a path: bare when it can be.
  static func key(_ name: String) -> String { isBare(name) ? name : quoted(name) }

  static func isBare(_ name: String) -> Bool { !name.isEmpty && name.utf8.allSatisfy(isBareByte) }

  static func isBareByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// A key path of table names.
  static func path(_ names: [String]) -> String { names.map(key).joined(separator: ".") }
}
