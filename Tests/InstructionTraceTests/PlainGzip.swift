/// Makes single-member gzip files, and an independent twin of the digest, by the specification alone.
enum PlainGzip {
  /// One member of stored (uncompressed) deflate blocks.
  static func of(_ content: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var at = 0
    repeat {
      let size = min(65535, content.count - at)
      let isLast = at + size == content.count
      out += [isLast ? 1 : 0, UInt8(size & 255), UInt8(size >> 8), ~UInt8(size & 255), ~UInt8(size >> 8)]
      out += content[at..<at + size]
      at += size
    } while at < content.count
    return out + little(crc(content[...])) + little(UInt32(content.count))
  }

  /// The decoded stream with the digest in its footer made to fit; unchanged when it has no blocks to speak of.
  static func resealed(_ decoded: [UInt8]) -> [UInt8] {
    guard let blocks = blocks(decoded), blocks.count >= 2 else { return decoded }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    let ordered = blocks.dropLast().enumerated().sorted {
      ($0.offset == 0 ? -1 : stream(decoded, $0.element), $0.offset)
        < ($1.offset == 0 ? -1 : stream(decoded, $1.element), $1.offset)
    }
    for (_, range) in ordered {
      for byte in little(crc(decoded[range])) + little(UInt32(range.count)) {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    let footer = blocks[blocks.count - 1]
    guard footer.count >= 40 else { return decoded }
    var out = decoded
    for b in 0..<8 { out[footer.upperBound - 8 + b] = UInt8(truncatingIfNeeded: hash >> UInt64(8 * b)) }
    return out
  }

  /// The digest that stands in the footer.
  static func digest(_ decoded: [UInt8]) -> UInt64 {
    decoded.suffix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func blocks(_ decoded: [UInt8]) -> [Range<Int>]? {
    var ranges: [Range<Int>] = []
    var at = 0
    while at < decoded.count {
      guard at + 32 <= decoded.count else { return nil }
      let end = at + 32 + word(decoded, at + 8)
      guard end <= decoded.count else { return nil }
      ranges.append(at..<end)
      at = end
    }
    return ranges
  }

  private static func stream(_ decoded: [UInt8], _ block: Range<Int>) -> Int { word(decoded, block.lowerBound + 4) }
  private static func word(_ bytes: [UInt8], _ at: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
  }
  private static func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static let table: [UInt32] = (0..<256).map { start in
    (0..<8).reduce(UInt32(start)) { value, _ in value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
  }

  static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
  }
}
