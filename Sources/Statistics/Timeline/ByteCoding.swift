/// Appends varints and strings to bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func unsigned(_ number: some BinaryInteger) {
    var rest = UInt64(number)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func signed(_ number: Int64) { unsigned(UInt64(bitPattern: (number << 1) ^ (number >> 63))) }

  mutating func string(_ text: String) {
    unsigned(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }
}

/// Reads them back; every failure is nil, never a trap, whatever the bytes are.
struct ByteReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Bytes not read yet: no count in a file can be larger than this.
  var remaining: Int { bytes.count - offset }

  mutating func unsigned() -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count, shift < 64 {
      let byte = bytes[offset]
      offset += 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    return nil
  }

  mutating func signed() -> Int64? {
    unsigned().map { Int64(bitPattern: $0 >> 1) ^ -Int64(bitPattern: $0 & 1) }
  }

  /// A number that is at least 0 as Int64.
  mutating func natural() -> Int64? { unsigned().flatMap { Int64(exactly: $0) } }

  /// How many things follow, each of at least one byte.
  mutating func count() -> Int? {
    guard let count = natural(), count <= Int64(remaining) else { return nil }
    return Int(count)
  }

  mutating func string() -> String? {
    guard let length = count() else { return nil }
    defer { offset += length }
    return String(decoding: bytes[offset..<offset + length], as: UTF8.self)
  }
}
