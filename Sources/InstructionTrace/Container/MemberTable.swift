/// Where the members of a file lie, read by hopping from member to member without inflating any.
struct MemberTable {
  struct Member {
    var offset: Int64
    var tag: MemberTag
    var sum: MemberSum
  }

  var header: Member
  /// Members of each stream, in block order.
  var streams: [[Member]]
  /// Number in the file of each of them.
  var numbers: [[Int]]
  var footer: Member
  var count: Int

  var digest: TraceDigest {
    DigestHash.digest(header: header.sum, streams: streams.map { $0.map(\.sum) })
  }
}

/// Hops over a file.
struct MemberScanner {
  private static let mostStreams: UInt32 = 1 << 20

  let file: InputFile
  private var offset: Int64 = 0
  private var members: [MemberTable.Member] = []
  /// Dynamic records seen of each stream, to name the last good one.
  private var seen: [UInt32: UInt64] = [:]

  init(_ file: InputFile) { self.file = file }

  static func scan(_ file: InputFile) throws(TraceError) -> MemberTable {
    var scanner = MemberScanner(file)
    return try scanner.run()
  }

  /// The first member, which holds the header.
  static func first(of file: InputFile) throws(TraceError) -> MemberTable.Member { try MemberScanner(file).next() }

  private mutating func run() throws(TraceError) -> MemberTable {
    while true {
      let member = try next()
      members.append(member)
      if (member.tag.kind == .header) != (members.count == 1) {
        throw damaged("a header block where none belongs", at: member.offset)
      }
      offset += Int64(member.tag.compressedBytes)
      if member.tag.kind == .footer { break }
      seen[member.tag.stream, default: 0] &+= member.tag.dynamicRecords
    }
    guard offset == file.size else {
      throw damaged("\(file.size - offset) bytes of something else follow the end of the trace", at: offset)
    }
    return sorted()
  }

  private func next() throws(TraceError) -> MemberTable.Member {
    let head = try file.read(at: offset, count: MemberTag.headerBytes)
    guard let tag = try Self.tag(of: head) else {
      if head.count < MemberTag.headerBytes { throw truncated() }
      throw damaged("no member of a palsim trace begins here", at: offset)
    }
    guard Int(tag.compressedBytes) > MemberTag.headerBytes + Gzip.trailerBytes else {
      throw damaged("a member announces a size of \(tag.compressedBytes) bytes", at: offset)
    }
    guard offset + Int64(tag.compressedBytes) <= file.size else { throw truncated() }
    // Nothing checks these bytes, and nobody but a fault changes them.
    guard Array(head[4..<10]) == Gzip.fixedHeader else {
      throw damaged("a member's gzip header (time, level, system) is altered", at: offset)
    }
    let end = offset + Int64(tag.compressedBytes)
    var trailer = ByteReader(try file.read(at: end - 8, count: 8)[...])
    let crc = try trailer.fixed(UInt32.self, "checksum")
    let sum = MemberSum(crc: crc, size: try trailer.fixed(UInt32.self, "size"))
    let limit = BlockHeader.size + (tag.kind == .records ? BlockHeader.recordsLimit : BlockHeader.tableLimit)
    // Deflate cannot shrink data more than 1,032 times: a larger claim is false, and is not allocated.
    guard sum.size >= BlockHeader.size, sum.size <= limit, Int(sum.size) <= 1_032 * Int(tag.compressedBytes) else {
      throw damaged("a member announces \(sum.size) decoded bytes, which cannot be", at: offset)
    }
    return MemberTable.Member(offset: offset, tag: tag, sum: sum)
  }

  /// The tag of a member that palsim wrote; nil for any other bytes.
  static func tag(of head: [UInt8]) throws(TraceError) -> MemberTag? {
    let start: [UInt8] = [0x1F, 0x8B, 8, 4]
    guard head.count == MemberTag.headerBytes, head.starts(with: start), head[10] == 4 + UInt8(MemberTag.size),
      head[11] == 0, Array(head[12..<14]) == MemberTag.identifier, head[14] == MemberTag.size, head[15] == 0
    else { return nil }
    return try MemberTag.decode(head[16...])
  }

  private func sorted() -> MemberTable {
    let records = members[1..<(members.count - 1)]
    // A stream index that nobody can have meant is left out; the footer's counts then do not fit.
    let streamCount = Int(records.map { min($0.tag.stream, Self.mostStreams) }.max() ?? 0) + 1
    var table = MemberTable(
      header: members[0], streams: Array(repeating: [], count: streamCount),
      numbers: Array(repeating: [], count: streamCount), footer: members[members.count - 1], count: members.count)
    for (number, member) in zip(1..., records) where Int(member.tag.stream) < streamCount {
      table.streams[Int(member.tag.stream)].append(member)
      table.numbers[Int(member.tag.stream)].append(number)
    }
    return table
  }

  private func damaged(_ message: String, at offset: Int64) -> TraceError {
    TraceError(.damaged, "damaged trace: \(message)", path: file.path, byteOffset: offset)
  }

  private func truncated() -> TraceError {
    var message = "truncated trace: the file ends at byte \(file.size), inside the member that begins at byte \(offset)"
    if let last = members.last(where: { $0.tag.kind == .records }) {
      let record = seen[last.tag.stream, default: 0]
      message += "; the last good record is \(record &- 1) of stream \(last.tag.stream)"
    } else {
      message += "; no record is whole"
    }
    return TraceError(.damaged, message, path: file.path, byteOffset: file.size)
  }
}
