import CZlib

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Text that people feed to a tool (packet lists, request streams): plain or gzip, told apart by its first bytes.
public enum TextInput {
  /// All bytes of a file, inflated when it is gzip, members one after the other; "-" is standard input.
  /// - Throws: `TraceError`: `.cannotOpen` when it cannot be read, `.damaged` when its gzip is, `.wrongFormat` when it is
  ///   some other known kind of file.
  public static func bytes(of path: String) throws(TraceError) -> [UInt8] {
    let bytes = try read(path)
    if bytes.starts(with: [0x1F, 0x8B]) { return try inflate(bytes, path) }
    if let kind = FileKind.binaryKind(bytes) {
      throw TraceError(.wrongFormat, "this is \(kind); expected text, plain or gzip", path: path)
    }
    return bytes
  }

  private static func read(_ path: String) throws(TraceError) -> [UInt8] {
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TraceError(.cannotOpen, "cannot be read: \(SystemFault.latest)", path: path) }
    defer { close(descriptor) }
    var status = stat()
    let expected = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected + 1)
    var room = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = room.withUnsafeMutableBytes { readSome(descriptor, $0) }
      if count < 0 { throw TraceError(.cannotOpen, "cannot be read: \(SystemFault.latest)", path: path) }
      if count == 0 { return bytes }
      bytes += room[..<count]
    }
  }

  private static func readSome(_ descriptor: Int32, _ room: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, room.baseAddress, room.count)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, room.baseAddress, room.count)
      #else
        let count = Darwin.read(descriptor, room.baseAddress, room.count)
      #endif
      if count >= 0 || errno != EINTR { return count }
    }
  }

  private static func inflate(_ compressed: [UInt8], _ path: String) throws(TraceError) -> [UInt8] {
    var input = compressed
    var output: [UInt8] = []
    let damage = input.withUnsafeMutableBufferPointer { source in
      Inflation(source).run { output += $0 }
    }
    if let damage {
      throw TraceError(.damaged, damage.reason, path: path, byteOffset: Int64(damage.byte))
    }
    return output
  }
}

/// One pass over gzip members in memory.
private struct Inflation {
  private let source: UnsafeMutableBufferPointer<UInt8>

  init(_ source: UnsafeMutableBufferPointer<UInt8>) { self.source = source }

  /// Hands on what is inflated, piece by piece; the damage found, if any.
  func run(_ body: (UnsafeMutableBufferPointer<UInt8>.SubSequence) -> Void) -> (reason: String, byte: Int)? {
    let stream = ZStream.make()
    // 16 + 15: expect gzip headers and check CRC-32 and length of each trailer.
    precondition(palsim_inflateInit2(stream, 31) == Z_OK, "zlib could not start: out of memory")
    let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
    defer {
      inflateEnd(stream)
      stream.deallocate()
      room.deallocate()
    }
    var place = 0
    while true {
      // zlib counts input in 32 bits.
      let part = min(source.count - place, 1 << 30)
      stream.pointee.next_in = source.baseAddress! + place
      stream.pointee.avail_in = UInt32(part)
      stream.pointee.next_out = room.baseAddress
      stream.pointee.avail_out = UInt32(room.count)
      let code = CZlib.inflate(stream, Z_NO_FLUSH)
      place += part - Int(stream.pointee.avail_in)
      body(room[..<(room.count - Int(stream.pointee.avail_out))])
      if code == Z_STREAM_END {
        if place == source.count { return nil }
        inflateReset(stream)
      } else if code != Z_OK && code != Z_BUF_ERROR {
        return ("the gzip data are damaged", place)
      } else if place == source.count && stream.pointee.avail_out != 0 {
        return ("the gzip data end too early: the file is truncated", place)
      }
    }
  }
}
