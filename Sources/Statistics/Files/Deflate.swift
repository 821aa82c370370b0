import CZlib

/// Compresses blocks one after the other, each a raw deflate stream of its own. Huffman codes only: the run waits for it,
/// and a series of small differences has few repeated strings. One zlib stream serves all blocks, because setting one up costs more than a small block.
final class BlockCompressor {
  private let stream: UnsafeMutablePointer<z_stream>
  private var output: [UInt8] = []

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    precondition(palsim_deflateInit2(stream, 1, Deflate.rawWindow) == Z_OK, "zlib has no memory for a stream")
    precondition(deflateParams(stream, 1, Z_HUFFMAN_ONLY) == Z_OK, "zlib refuses its own strategy")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Hands the compressed block to `body`.
  func compress<Result>(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    deflateReset(stream)
    let bound = Int(deflateBound(stream, UInt(bytes.count)))
    if output.count < bound { output = [UInt8](repeating: 0, count: bound) }
    let room = output.count
    return try output.withUnsafeMutableBytes { buffer in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
      stream.pointee.avail_in = UInt32(bytes.count)
      stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
      stream.pointee.avail_out = UInt32(room)
      precondition(deflate(stream, Z_FINISH) == Z_STREAM_END, "zlib's own bound was too small")
      return try body(UnsafeRawBufferPointer(rebasing: buffer[..<(room - Int(stream.pointee.avail_out))]))
    }
  }
}

/// Reads what `BlockCompressor` wrote.
enum Deflate {
  fileprivate static let rawWindow: Int32 = -15

  /// The `size` bytes a block inflates to; nil when it is damaged.
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
