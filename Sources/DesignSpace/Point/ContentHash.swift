/// FNV-1a, 128 bits: names of points and requests. Parts are length-prefixed, so that no two lists of parts look alike.
struct ContentHash {
  private var value: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
  private static let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B

  mutating func add(_ part: String) {
    for byte in "\(part.utf8.count):".utf8 { add(byte) }
    for byte in part.utf8 { add(byte) }
  }

  mutating func add(_ parts: [String]) {
    add("\(parts.count)")
    for part in parts { add(part) }
  }

  private mutating func add(_ byte: UInt8) { value = (value ^ UInt128(byte)) &* Self.prime }

  /// 32 hexadecimal digits.
  var digits: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}
