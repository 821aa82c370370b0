/// An open trace: header, member table and digest; the records are decoded by cursors, lazily.
public final class TraceFile: Sendable {
  public let path: String
  public let header: TraceHeader
  public let streams: [StreamInfo]
  public let digest: TraceDigest
  /// What a user should know of how the file was read, in sentences.
  public let notices: [String]

  let file: InputFile
  let members: MemberTable

  /// Opens a trace and reads header, member table and footer, not the records. Any gzip of the same decoded bytes is
  /// accepted: when its members are not palsim's, it is re-blocked once into an unlinked temporary file, and a notice
  /// says so.
  /// - Throws: `cannotOpen`, `wrongFormat`, `unsupportedVersion`, `damaged`.
  public init(path: String) throws(TraceError) {
    var file = try InputFile(path: path)
    var notices: [String] = []
    try Self.checkMagic(file)
    if try MemberScanner.tag(of: file.read(at: 0, count: MemberTag.headerBytes)) == nil {
      file = try Reblocker.reblock(file)
      notices.append(
        "\(path) is a gzip file without palsim's block marks; it was re-blocked into a temporary file "
          + "(palsim trace dump and assemble write one that opens at once)")
    }
    // The header comes first: a newer version may differ in everything after it.
    let first = try MemberScanner.first(of: file)
    let (header, keys) = try Self.located(first, file) { block throws(TraceError) in
      try HeaderCodec.decode(block.payload)
    }
    let members = try MemberScanner.scan(file)
    let footer = try Self.footer(file, members)
    streams = try Self.streams(keys, file, members, footer)
    self.header = header
    digest = footer.digest
    self.path = path
    self.file = file
    self.members = members
    self.notices = notices
  }

  /// A cursor before the first record of a stream; it inflates nothing before it is asked.
  /// Precondition: `stream` is an index of `streams`.
  public func makeCursor(stream: Int) throws(TraceError) -> StreamCursor { StreamCursor(self, stream: stream) }

  private static func checkMagic(_ file: InputFile) throws(TraceError) {
    let head = try file.read(at: 0, count: 512)
    if head.starts(with: [0x1F, 0x8B]) { return }
    throw TraceError(
      .wrongFormat, "not a palsim trace: the file is \(FileKind.describe(head)), expected gzip data (.pal.gz)",
      path: file.path)
  }

  private static func footer(_ file: InputFile, _ members: MemberTable) throws(TraceError) -> Footer {
    let footer = try located(members.footer, file) { block throws(TraceError) in
      try Footer.decode(block.payload)
    }
    guard footer.members == UInt32(members.count - 1), footer.digest == members.digest else {
      throw TraceError(
        .damaged, "damaged trace: the footer's counts or digest do not match the members of the file", path: file.path,
        byteOffset: members.footer.offset)
    }
    return footer
  }

  private static func streams(
    _ keys: [StreamKey], _ file: InputFile, _ members: MemberTable, _ footer: Footer
  ) throws(TraceError) -> [StreamInfo] {
    guard keys == footer.streams.map(\.key) else {
      throw TraceError(
        .damaged, "damaged trace: header and footer name different streams", path: file.path, byteOffset: 0)
    }
    var streams: [StreamInfo] = []
    for (index, stream) in footer.streams.enumerated() {
      let found = index < members.streams.count ? members.streams[index] : []
      var sum: UInt64 = 0
      for member in found { sum &+= member.tag.dynamicRecords }
      let records = found.reduce(UInt64(0)) { $0 + UInt64($1.tag.staticRecords) }
      guard found.count == stream.members, sum == stream.dynamicRecords, records == stream.staticRecords else {
        throw TraceError(
          .damaged, "damaged trace: the footer's counts differ from what the members hold", path: file.path,
          stream: index, byteOffset: members.footer.offset)
      }
      streams.append(
        StreamInfo(
          key: stream.key, staticRecords: stream.staticRecords, dynamicRecords: stream.dynamicRecords,
          members: found.count))
    }
    guard members.streams.dropFirst(keys.count).allSatisfy(\.isEmpty) else {
      throw TraceError(.damaged, "damaged trace: a member belongs to no stream of the header", path: file.path)
    }
    return streams
  }

  /// Decodes a block's payload, adding the file and the place to whatever is thrown.
  private static func located<T>(
    _ member: MemberTable.Member, _ file: InputFile, _ decode: (DecodedBlock) throws(TraceError) -> T
  ) throws(TraceError) -> T {
    do {
      return try decode(try DecodedBlock(member, of: file))
    } catch {
      var placed = error
      placed.path = file.path
      placed.byteOffset = placed.byteOffset ?? member.offset
      throw placed
    }
  }
}

/// A block inflated and checked against what its member's tag says.
struct DecodedBlock {
  let header: BlockHeader
  private let bytes: [UInt8]

  var payload: ArraySlice<UInt8> { bytes[BlockHeader.size...] }

  init(_ member: MemberTable.Member, of file: InputFile) throws(TraceError) {
    let size = Int(member.sum.size)
    var compressed = try file.read(at: member.offset, count: Int(member.tag.compressedBytes))
    var bytes = [UInt8](repeating: 0, count: size)
    let isWhole = compressed.withUnsafeMutableBufferPointer { source in
      bytes.withUnsafeMutableBufferPointer { Gzip.inflate(member: source, into: $0.baseAddress!, size: size) }
    }
    guard isWhole else {
      throw TraceError(
        .damaged, "damaged trace: a member's data or checksum is altered", path: file.path, byteOffset: member.offset)
    }
    header = try BlockHeader.decode(bytes[..<BlockHeader.size])
    guard Int(header.payloadBytes) == size - BlockHeader.size, MemberTag(of: header).agrees(with: member.tag) else {
      throw TraceError(
        .damaged, "damaged trace: a member's extra field contradicts its block", path: file.path,
        byteOffset: member.offset)
    }
    self.bytes = bytes
  }
}

extension MemberTag {
  /// Equal but for the compressed size, which the block does not know.
  func agrees(with other: MemberTag) -> Bool {
    var copy = self
    copy.compressedBytes = other.compressedBytes
    return copy == other
  }
}
