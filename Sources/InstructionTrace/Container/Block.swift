/// One block of the decoded stream, which is one gzip member of the file: a 32-byte header and a payload.
struct BlockHeader: Equatable {
  enum Kind: UInt32 {
    case header = 0x484C_4150  // "PALH"
    case records = 0x534C_4150  // "PALS"
    case footer = 0x464C_4150  // "PALF"
  }

  static let size = 32
  /// Most payload bytes of a records block: fixed by the format, so that every writer cuts at the same place.
  static let recordsLimit = 65_536
  /// Most payload bytes of the header and the footer.
  static let tableLimit = 1 << 26
  /// Stream index of the header and the footer.
  static let noStream = UInt32.max

  var kind: Kind
  var stream: UInt32 = BlockHeader.noStream
  var payloadBytes: UInt32 = 0
  var staticRecords: UInt32 = 0
  var dynamicRecords: UInt64 = 0
  /// Number of the block within its stream, from 0.
  var sequence: UInt32 = 0

  func encoded() -> [UInt8] {
    var out = ByteWriter()
    out.fixed(kind.rawValue)
    out.fixed(stream)
    out.fixed(payloadBytes)
    out.fixed(staticRecords)
    out.fixed(dynamicRecords)
    out.fixed(sequence)
    out.fixed(UInt32(0))
    return out.bytes
  }

  /// Reads a header and checks what can be checked without the payload.
  static func decode(_ bytes: ArraySlice<UInt8>) throws(TraceError) -> BlockHeader {
    var reader = ByteReader(bytes)
    let magic = try reader.fixed(UInt32.self, "block magic")
    guard let kind = Kind(rawValue: magic) else {
      throw TraceError(.damaged, "a block begins with 0x\(String(magic, radix: 16)), expected PALH, PALS or PALF")
    }
    var block = BlockHeader(kind: kind)
    block.stream = try reader.fixed(UInt32.self, "block stream")
    block.payloadBytes = try reader.fixed(UInt32.self, "payload length")
    block.staticRecords = try reader.fixed(UInt32.self, "record count")
    block.dynamicRecords = try reader.fixed(UInt64.self, "dynamic record count")
    block.sequence = try reader.fixed(UInt32.self, "block number")
    let limit = kind == .records ? recordsLimit : tableLimit
    guard block.payloadBytes <= limit else {
      throw TraceError(.damaged, "a block announces \(block.payloadBytes) payload bytes, expected at most \(limit)")
    }
    return block
  }
}

/// The gzip extra field "PT": lets a reader hop from member to member without inflating.
struct MemberTag: Equatable {
  static let identifier: [UInt8] = [0x50, 0x54]
  static let size = 24
  /// Bytes before the deflate data of a member written by palsim: gzip header, extra length, subfield.
  static let headerBytes = 10 + 2 + 4 + size

  /// Whole member: gzip header, data and trailer.
  var compressedBytes: UInt32
  var kind: BlockHeader.Kind
  var stream: UInt32
  var staticRecords: UInt32
  var dynamicRecords: UInt64

  func encoded() -> [UInt8] {
    var out = ByteWriter()
    out.fixed(compressedBytes)
    out.fixed(kind.rawValue)
    out.fixed(stream)
    out.fixed(staticRecords)
    out.fixed(dynamicRecords)
    return out.bytes
  }

  static func decode(_ bytes: ArraySlice<UInt8>) throws(TraceError) -> MemberTag {
    var reader = ByteReader(bytes)
    let size = try reader.fixed(UInt32.self, "member size")
    let magic = try reader.fixed(UInt32.self, "member kind")
    guard let kind = BlockHeader.Kind(rawValue: magic) else {
      throw TraceError(.damaged, "a member's extra field has an unknown kind 0x\(String(magic, radix: 16))")
    }
    return MemberTag(
      compressedBytes: size, kind: kind, stream: try reader.fixed(UInt32.self, "stream"),
      staticRecords: try reader.fixed(UInt32.self, "record count"),
      dynamicRecords: try reader.fixed(UInt64.self, "dynamic record count"))
  }
}
