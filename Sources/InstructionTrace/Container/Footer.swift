/// The last block: what the file must contain, so that a missing end is noticed.
struct Footer: Equatable {
  struct Stream: Equatable {
    var key: StreamKey
    var staticRecords: UInt64
    var dynamicRecords: UInt64
    var members: UInt32
  }

  var streams: [Stream]
  /// Members before the footer, the header among them.
  var members: UInt32
  var digest: TraceDigest

  func encoded() -> [UInt8] {
    var out = ByteWriter()
    out.fixed(UInt32(streams.count))
    for stream in streams {
      out.fixed(stream.key.chip)
      out.fixed(stream.key.tile)
      out.fixed(stream.staticRecords)
      out.fixed(stream.dynamicRecords)
      out.fixed(stream.members)
    }
    out.fixed(members)
    out.fixed(digest.value)
    return out.bytes
  }

  static func decode(_ payload: ArraySlice<UInt8>) throws(TraceError) -> Footer {
    var reader = ByteReader(payload)
    let count = Int(try reader.fixed(UInt32.self, "stream count"))
    guard count * 28 + 12 == reader.remaining else {
      throw TraceError(.damaged, "the footer announces \(count) streams, which does not fit its \(payload.count) bytes")
    }
    var streams: [Stream] = []
    for _ in 0..<count {
      let chip = try reader.fixed(UInt32.self, "chip")
      let key = StreamKey(chip: chip, tile: try reader.fixed(UInt32.self, "tile"))
      let records = try reader.fixed(UInt64.self, "records")
      let dynamic = try reader.fixed(UInt64.self, "dynamic records")
      let members = try reader.fixed(UInt32.self, "members")
      streams.append(Stream(key: key, staticRecords: records, dynamicRecords: dynamic, members: members))
    }
    let members = try reader.fixed(UInt32.self, "member count")
    return Footer(
      streams: streams, members: members, digest: TraceDigest(value: try reader.fixed(UInt64.self, "digest")))
  }
}
