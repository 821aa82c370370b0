import CZlib

/// Turns any gzip of a decoded trace (one member, or members cut elsewhere) into palsim's members, once, in a scratch
/// file. Memory: one block.
struct Reblocker {
  private let file: InputFile
  private let scratch: ScratchFile
  private var written: Int64 = 0
  private var decoded: [UInt8] = []
  private var start = 0
  private var blocks = 0
  private var ended = false

  static func reblock(_ file: InputFile) throws(TraceError) -> InputFile {
    var reblocker = try Reblocker(file)
    try reblocker.run()
    return InputFile(path: file.path, descriptor: reblocker.scratch.descriptor, size: reblocker.written)
  }

  private init(_ file: InputFile) throws(TraceError) {
    self.file = file
    scratch = try ScratchFile()
  }

  private mutating func run() throws(TraceError) {
    var inflater = GzipInflater()
    defer { inflater.close() }
    var offset: Int64 = 0
    while offset < file.size {
      let input = try file.read(at: offset, count: 1 << 18)
      if input.isEmpty { break }
      offset += Int64(input.count)
      guard inflater.inflate(input, into: &decoded) else {
        throw fault(.damaged, "damaged trace: the gzip data are altered near byte \(offset - Int64(input.count))")
      }
      try cutBlocks()
    }
    guard inflater.isBetweenMembers, ended, start == decoded.count else {
      throw fault(
        .damaged,
        ended
          ? "bytes of something else follow the end of the trace"
          : "truncated trace: the file ends at byte \(file.size) after \(max(0, blocks - 1)) whole record blocks")
    }
  }

  /// Writes the whole blocks that are there.
  private mutating func cutBlocks() throws(TraceError) {
    while decoded.count - start >= BlockHeader.size {
      if blocks == 0 { try checkBeginning() }
      if ended { throw fault(.damaged, "damaged trace: something follows the footer inside the gzip data") }
      let block = try blockHeader()
      let size = BlockHeader.size + Int(block.payloadBytes)
      guard decoded.count - start >= size else { break }
      let bytes = Array(decoded[start..<start + size])
      if blocks == 0 { try checkVersion(bytes[BlockHeader.size...]) }
      let member = Gzip.member(block: bytes, tag: MemberTag(of: block), level: 1)
      try scratch.write(member.bytes)
      written += Int64(member.bytes.count)
      start += size
      blocks += 1
      ended = block.kind == .footer
    }
    decoded.removeFirst(start)
    start = 0
  }

  private func blockHeader() throws(TraceError) -> BlockHeader {
    do {
      return try BlockHeader.decode(decoded[start..<start + BlockHeader.size])
    } catch {
      throw fault(.damaged, "damaged trace: in block \(blocks), \(error.message)")
    }
  }

  /// A newer version may differ in everything after its header.
  private func checkVersion(_ payload: ArraySlice<UInt8>) throws(TraceError) {
    do {
      _ = try HeaderCodec.decode(payload)
    } catch {
      throw fault(error.category, error.message)
    }
  }

  private func checkBeginning() throws(TraceError) {
    guard decoded.starts(with: Array("PALH".utf8)) else {
      throw fault(.wrongFormat, "not a palsim trace: gzip data, but inside is \(FileKind.describe(decoded))")
    }
  }

  private func fault(_ category: TraceError.Category, _ message: String) -> TraceError {
    TraceError(category, message, path: file.path)
  }
}

/// Inflates concatenated gzip members given in pieces.
private struct GzipInflater {
  private let stream = ZStream.make()
  private(set) var isBetweenMembers = true
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)

  init() { precondition(palsim_inflateInit2(stream, 31) == Z_OK, "zlib could not start: out of memory") }

  func close() {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Appends what `input` decodes to; false when the data are damaged.
  mutating func inflate(_ input: [UInt8], into output: inout [UInt8]) -> Bool {
    var input = input
    return input.withUnsafeMutableBufferPointer { source in
      stream.pointee.next_in = source.baseAddress
      stream.pointee.avail_in = UInt32(source.count)
      while stream.pointee.avail_in > 0 {
        isBetweenMembers = false
        if !step(into: &output) { return false }
      }
      return true
    }
  }

  private mutating func step(into output: inout [UInt8]) -> Bool {
    repeat {
      let status = buffer.withUnsafeMutableBufferPointer { target in
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(target.count)
        return CZlib.inflate(stream, Z_NO_FLUSH)
      }
      output += buffer[0..<(buffer.count - Int(stream.pointee.avail_out))]
      if status == Z_STREAM_END {
        isBetweenMembers = true
        return inflateReset(stream) == Z_OK
      }
      if status == Z_BUF_ERROR { return true }
      if status != Z_OK { return false }
    } while stream.pointee.avail_out == 0
    return true
  }
}
