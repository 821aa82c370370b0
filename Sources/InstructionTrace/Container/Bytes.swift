/// Little-endian bytes and varints, appended. For cold parts and the encoder.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func put(_ value: UInt8) { bytes.append(value) }

  mutating func fixed<T: FixedWidthInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// LEB128, seven bits a byte, least significant first.
  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Zig-zag: small magnitudes of either sign become small varints.
  mutating func signed(_ value: Int64) { varint(ZigZag.encode(value)) }

  mutating func string(_ text: String) {
    let utf8 = Array(text.utf8)
    varint(UInt64(utf8.count))
    bytes.append(contentsOf: utf8)
  }
}

enum ZigZag {
  @inline(__always) static func encode(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value << 1) ^ (value >> 63)) }
  @inline(__always) static func decode(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}

/// Reads what `ByteWriter` wrote from bytes that nobody vouches for: every length is checked against what is left.
struct ByteReader {
  let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var remaining: Int { bytes.endIndex - position }

  mutating func byte(_ what: String) throws(TraceError) -> UInt8 {
    guard remaining > 0 else { throw ended(what) }
    position += 1
    return bytes[position - 1]
  }

  mutating func fixed<T: FixedWidthInteger & UnsignedInteger>(_: T.Type, _ what: String) throws(TraceError) -> T {
    let size = T.bitWidth / 8
    guard remaining >= size else { throw ended(what) }
    var value: T = 0
    for i in 0..<size { value |= T(bytes[position + i]) << T(8 * i) }
    position += size
    return value
  }

  mutating func varint(_ what: String) throws(TraceError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let next = try byte(what)
      guard shift < 63 || next <= 1 else { break }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    throw TraceError(.damaged, "\(what): a number of more than 64 bits")
  }

  mutating func signed(_ what: String) throws(TraceError) -> Int64 { ZigZag.decode(try varint(what)) }

  /// A varint that must fit a narrower type.
  mutating func number<T: FixedWidthInteger>(_: T.Type, _ what: String) throws(TraceError) -> T {
    let value = try varint(what)
    guard let narrow = T(exactly: value) else {
      throw TraceError(.damaged, "\(what) is \(value), expected at most \(T.max)")
    }
    return narrow
  }

  /// How many entries follow: never more than the bytes left, since each takes at least one.
  mutating func count(_ what: String) throws(TraceError) -> Int {
    let value = try varint(what)
    guard value <= UInt64(remaining) else {
      throw TraceError(.damaged, "\(what): \(value) entries announced, but only \(remaining) bytes follow")
    }
    return Int(value)
  }

  mutating func string(_ what: String) throws(TraceError) -> String {
    String(decoding: try take(try count(what), what), as: UTF8.self)
  }

  mutating func take(_ size: Int, _ what: String) throws(TraceError) -> ArraySlice<UInt8> {
    guard size >= 0, size <= remaining else { throw ended(what) }
    position += size
    return bytes[position - size..<position]
  }

  private func ended(_ what: String) -> TraceError {
    TraceError(.damaged, "\(what): the block ends here, only \(remaining) bytes are left")
  }
}
