import CZlib

/// Raw deflate of bytes in memory.
enum Deflate {
  private static let rawWindow: Int32 = -15

  /// The bytes compressed, quickly rather than well.
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    precondition(palsim_deflateInit2(&stream, 1, rawWindow) == Z_OK, "zlib has no memory for a stream")
    defer { deflateEnd(&stream) }
    var input = bytes
    return input.withUnsafeMutableBufferPointer { input in
      let bound = Int(deflateBound(&stream, UInt(input.count)))
      return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
        (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
        (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(bound))
        precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib's own bound was too small")
        count = Int(stream.total_out)
      }
    }
  }

  /// The `size` bytes that were compressed; nil when they are damaged.
  static func expand(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
    var stream = z_stream()
    guard palsim_inflateInit2(&stream, rawWindow) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var complete = false
    let result = [UInt8](unsafeUninitializedCapacity: max(1, size)) { output, count in
      stream.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
      stream.avail_in = UInt32(bytes.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(max(1, size))
      complete = inflate(&stream, Z_FINISH) == Z_STREAM_END && Int(stream.total_out) == size
      count = Int(stream.total_out)
    }
    return complete ? result : nil
  }
}

/// A gzip file written line by line, at level 1: six takes four times as long for a sixth less. No time stamp and no name in its header: the same text gives the same bytes.
final class GzipTextFile {
  private let file: OutputFile
  private var pending: [UInt8] = []
  private var stream: UnsafeMutablePointer<z_stream>
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  init(path: String) throws {
    file = try OutputFile(path: path)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    precondition(palsim_deflateInit2(stream, 1, 31) == Z_OK, "zlib has no memory for a stream")
    pending.reserveCapacity(1 << 17)
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) throws {
    pending.append(contentsOf: bytes)
    if pending.count >= 1 << 16 { try push(Z_NO_FLUSH) }
  }

  /// Writes what is left and the gzip trailer.
  func finish() throws { try push(Z_FINISH) }

  private func push(_ mode: Int32) throws {
    try pending.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      repeat {
        let room = output.count
        let filled = output.withUnsafeMutableBufferPointer { buffer in
          stream.pointee.next_out = buffer.baseAddress
          stream.pointee.avail_out = UInt32(room)
          deflate(stream, mode)
          return room - Int(stream.pointee.avail_out)
        }
        try file.write(Array(output[..<filled]))
      } while stream.pointee.avail_out == 0
    }
    pending.removeAll(keepingCapacity: true)
  }
}
