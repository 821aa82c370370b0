/// Writes a trace: records of many streams, interleaved in any order, in bounded memory (one open block a stream).
///
/// The file appears under its name only when `finish` succeeds; a writer that is dropped or fails leaves nothing.
public struct TraceWriter: ~Copyable {
  private let path: String
  private let level: Int32
  private let file: OutputFile
  private var streams: [StreamEncoder]
  private let headerSum: MemberSum
  private var members: UInt32 = 1

  /// Creates the file `path` (under a temporary name beside it) for records of `streams`.
  /// - Parameter compressionLevel: zlib's, 1...9; does not change the digest.
  /// - Throws: `cannotCreate`, `invalidRecord` (duplicate stream), `writeFailed`.
  public init(
    path: String, header: TraceHeader, streams: [StreamKey], compressionLevel: Int32 = 6
  ) throws(TraceError) {
    // Everything that can fail comes before the first stored property: a half-made writer must not need destruction.
    let (file, sum) = try Self.begin(path, header, streams, Self.clamped(compressionLevel))
    self.path = path
    level = Self.clamped(compressionLevel)
    self.streams = streams.map { StreamEncoder(key: $0) }
    self.file = file
    headerSum = sum
  }

  private static func clamped(_ level: Int32) -> Int32 { min(max(level, 1), 9) }

  private static func begin(
    _ path: String, _ header: TraceHeader, _ streams: [StreamKey], _ level: Int32
  ) throws(TraceError) -> (OutputFile, MemberSum) {
    guard Set(streams).count == streams.count else {
      throw TraceError(.invalidRecord, "the list of streams names a (chip, tile) twice", path: path)
    }
    let payload = HeaderCodec.encode(header, streams: streams)
    guard payload.count <= BlockHeader.tableLimit else {
      throw TraceError(.invalidRecord, "the header takes \(payload.count) bytes, too many", path: path)
    }
    let file = try OutputFile(path: path)
    return (file, try write(BlockHeader(kind: .header), payload, level, to: file))
  }

  /// Adds a record to the stream of index `stream`. `strides` name levels of the repeats that are open there.
  /// Fields that the opcode does not use are not stored.
  /// - Throws: `invalidRecord` when the format cannot hold the record, `writeFailed`.
  public mutating func append(
    _ instruction: Instruction, strides: [OperandStride] = [], to stream: Int
  ) throws(TraceError) {
    if let fault = RecordRules.fault(instruction, strides: strides, depth: streams[stream].depth) {
      throw invalid("\(instruction.opcode.name): \(fault)", stream)
    }
    if let full = try streams[stream].append(instruction, strides: strides) { try write(full, stream) }
  }

  /// Opens a repeat: the records until `endRepeat` run `count` times (at least 1). Nests 4 deep.
  /// - Throws: `invalidRecord`.
  public mutating func beginRepeat(count: UInt32, stream: Int) throws(TraceError) {
    do { try streams[stream].beginRepeat(count: count) } catch { throw invalid(error.message, stream) }
  }

  /// Closes the innermost open repeat of a stream.
  /// - Throws: `invalidRecord` (nothing open, empty body, body over 64 KiB), `writeFailed`.
  public mutating func endRepeat(stream: Int) throws(TraceError) {
    let full: FullBlock?
    do { full = try streams[stream].endRepeat() } catch { throw invalid(error.message, stream) }
    if let full { try write(full, stream) }
  }

  /// Writes what is pending and the footer, and gives the file its name.
  /// - Throws: `invalidRecord` (a repeat is still open), `writeFailed`.
  public consuming func finish() throws(TraceError) -> TraceDigest {
    for stream in streams.indices {
      let full: FullBlock?
      do { full = try streams[stream].finish() } catch { throw invalid(error.message, stream) }
      if let full { try write(full, stream) }
    }
    let digest = DigestHash.digest(header: headerSum, streams: streams.map(\.sums))
    let counts = streams.map {
      Footer.Stream(
        key: $0.key, staticRecords: $0.staticRecords, dynamicRecords: $0.dynamicRecords, members: UInt32($0.sums.count))
    }
    let footer = Footer(streams: counts, members: members, digest: digest)
    _ = try Self.write(BlockHeader(kind: .footer), footer.encoded(), level, to: file)
    try file.publish()
    return digest
  }

  private mutating func write(_ full: FullBlock, _ stream: Int) throws(TraceError) {
    let encoder = streams[stream]
    let header = BlockHeader(
      kind: .records, stream: UInt32(stream), staticRecords: full.staticRecords,
      dynamicRecords: full.dynamicRecords, sequence: UInt32(encoder.sums.count))
    encoder.wrote(try Self.write(header, full.payload, level, to: file))
    members += 1
  }

  private static func write(
    _ header: BlockHeader, _ payload: [UInt8], _ level: Int32, to file: OutputFile
  ) throws(TraceError) -> MemberSum {
    var header = header
    header.payloadBytes = UInt32(payload.count)
    let member = Gzip.member(block: header.encoded() + payload, tag: MemberTag(of: header), level: level)
    try file.write(member.bytes)
    return member.sum
  }

  private func invalid(_ message: String, _ stream: Int) -> TraceError {
    TraceError(.invalidRecord, message, path: path, stream: stream)
  }
}

extension MemberTag {
  /// The tag of a block; its compressed size is filled in when it is known.
  init(of block: BlockHeader) {
    self.init(
      compressedBytes: 0, kind: block.kind, stream: block.stream, staticRecords: block.staticRecords,
      dynamicRecords: block.dynamicRecords)
  }
}
