import CZlib

/// Gzip members: deflating a block into one, inflating one back.
enum Gzip {
  static let trailerBytes = 8
  /// Bytes 4 to 9 of every member: no time, no level hint, unknown system; the same bytes on every machine.
  static let fixedHeader: [UInt8] = [0, 0, 0, 0, 0, 255]

  /// One member holding `block`, with palsim's extra field.
  static func member(block: [UInt8], tag: MemberTag, level: Int32) -> (bytes: [UInt8], sum: MemberSum) {
    let data = deflate(block, level: level)
    let sum = MemberSum(crc: checksum(block), size: UInt32(block.count))
    var tag = tag
    tag.compressedBytes = UInt32(MemberTag.headerBytes + data.count + trailerBytes)
    var out = ByteWriter()
    // ID1 ID2, deflate, FEXTRA.
    out.bytes = [0x1F, 0x8B, 8, 4] + fixedHeader
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
    let stream = ZStream.make()
    // Negative window bits: raw deflate, since the gzip header is written here.
    precondition(palsim_deflateInit2(stream, level, -15) == Z_OK, "zlib could not start: out of memory")
    defer {
      deflateEnd(stream)
      stream.deallocate()
    }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(stream, UInt(bytes.count))))
    let written = input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.pointee.next_in = source.baseAddress
        stream.pointee.avail_in = UInt32(source.count)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        precondition(CZlib.deflate(stream, Z_FINISH) == Z_STREAM_END, "deflateBound is an upper bound")
        return target.count - Int(stream.pointee.avail_out)
      }
    }
    output.removeLast(output.count - written)
    return output
  }

  /// Inflates a whole member into exactly `size` bytes; false when the data are damaged or the checksum differs.
  static func inflate(
    member: UnsafeMutableBufferPointer<UInt8>, into target: UnsafeMutablePointer<UInt8>, size: Int
  ) -> Bool {
    let stream = ZStream.make()
    // 16 + 15: expect a gzip header and check CRC-32 and length of the trailer.
    precondition(palsim_inflateInit2(stream, 31) == Z_OK, "zlib could not start: out of memory")
    defer {
      inflateEnd(stream)
      stream.deallocate()
    }
    stream.pointee.next_in = member.baseAddress
    stream.pointee.avail_in = UInt32(member.count)
    stream.pointee.next_out = target
    stream.pointee.avail_out = UInt32(size)
    return CZlib.inflate(stream, Z_FINISH) == Z_STREAM_END && stream.pointee.avail_out == 0
      && stream.pointee.avail_in == 0
  }
}

/// zlib keeps a pointer back to the stream it was started with, so a stream must not move: it lives on the heap.
enum ZStream {
  static func make() -> UnsafeMutablePointer<z_stream> {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    return stream
  }
}
