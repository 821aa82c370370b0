import CZlib

/// Gzip members: deflating a block into one, inflating one back.
enum Gzip {
  static let trailerBytes = 8

  /// One member holding `block`, with palsim's extra field.
  static func member(block: [UInt8], tag: MemberTag, level: Int32) -> (bytes: [UInt8], sum: MemberSum) {
    let data = deflate(block, level: level)
    let sum = MemberSum(crc: checksum(block), size: UInt32(block.count))
    var tag = tag
    tag.compressedBytes = UInt32(MemberTag.headerBytes + data.count + trailerBytes)
    var out = ByteWriter()
    // ID1 ID2, deflate, FEXTRA, no time, no level hint, unknown system: the same bytes on every machine.
    out.bytes = [0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 255]
    out.fixed(UInt16(4 + MemberTag.size))
    out.bytes += MemberTag.identifier
    out.fixed(UInt16(MemberTag.size))
    out.bytes += tag.encoded()
    out.bytes += data
    out.fixed(sum.crc)
    out.fixed(sum.size)
    return (out.bytes, sum)
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count))) }
  }

  private static func deflate(_ bytes: [UInt8], level: Int32) -> [UInt8] {
    var stream = z_stream()
    // Negative window bits: raw deflate, since the gzip header is written here.
    precondition(palsim_deflateInit2(&stream, level, -15) == Z_OK, "zlib could not start: out of memory")
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
    let written = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        precondition(CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END, "deflateBound is an upper bound")
        return target.count - Int(stream.avail_out)
      }
    }
    output.removeLast(output.count - written)
    return output
  }

  /// Inflates a whole member into exactly `size` bytes; nil when the data are damaged or the checksum differs.
  static func inflate(
    member: UnsafeMutableBufferPointer<UInt8>, into target: UnsafeMutablePointer<UInt8>, size: Int
  ) -> Bool {
    var stream = z_stream()
    // 16 + 15: expect a gzip header and check CRC-32 and length of the trailer.
    precondition(palsim_inflateInit2(&stream, 31) == Z_OK, "zlib could not start: out of memory")
    defer { inflateEnd(&stream) }
    stream.next_in = member.baseAddress
    stream.avail_in = UInt32(member.count)
    stream.next_out = target
    stream.avail_out = UInt32(size)
    return CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0
  }
}
