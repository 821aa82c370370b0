/// FNV-1a, 64 bits, over (CRC-32, decoded size) of each member: header first, then stream by stream.
///
/// Compressed bytes do not enter, nor does the order in which members of different streams lie in the file.
struct DigestHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(crc: UInt32, size: UInt32) {
    for byte in 0..<4 { add(UInt8(truncatingIfNeeded: crc >> UInt32(8 * byte))) }
    for byte in 0..<4 { add(UInt8(truncatingIfNeeded: size >> UInt32(8 * byte))) }
  }

  private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

  /// Digest of the header's and all streams' members, given as (crc, size) in block order.
  static func digest(header: MemberSum, streams: [[MemberSum]]) -> TraceDigest {
    var hash = DigestHash()
    hash.add(crc: header.crc, size: header.size)
    for stream in streams {
      for member in stream { hash.add(crc: member.crc, size: member.size) }
    }
    return TraceDigest(value: hash.value)
  }
}

/// What the digest takes from one member.
struct MemberSum {
  var crc: UInt32
  var size: UInt32
}
