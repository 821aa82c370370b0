/// The payload of the first block: magic, version, then sections (id, length, content). A reader skips sections it does
/// not know, so that a later minor version may add some.
enum HeaderCodec {
  static let magic: [UInt8] = Array("PALTRACE".utf8)

  enum Section: UInt16, CaseIterable {
    case origin = 1
    case opcodes, formats, tensors, tileSets, regions, statistics, requirements, metadata, streams
  }

  static func encode(_ header: TraceHeader, streams: [StreamKey]) -> [UInt8] {
    var out = ByteWriter()
    out.bytes = magic
    out.fixed(header.version.major)
    out.fixed(header.version.minor)
    for section in Section.allCases {
      var content = ByteWriter()
      encode(section, header, streams, into: &content)
      out.fixed(section.rawValue)
      out.fixed(UInt32(content.bytes.count))
      out.bytes += content.bytes
    }
    return out.bytes
  }

  private static func encode(
    _ section: Section, _ header: TraceHeader, _ streams: [StreamKey], into out: inout ByteWriter
  ) {
    switch section {
    case .origin:
      out.string(header.producer)
      out.string(header.command)
    case .opcodes:
      list(Opcode.allCases, &out) {
        $1.put($0.rawValue)
        $1.string($0.name)
      }
    case .formats:
      list(header.formats, &out) {
        $1.string($0.name)
        $1.varint(UInt64($0.bits))
        $1.string($0.layout)
      }
    case .tensors: list(header.tensors, &out) { encode($0, &$1) }
    case .tileSets: list(header.tileSets, &out) { list($0.tiles, &$1) { $1.varint(UInt64($0)) } }
    case .regions: list(header.regions, &out) { encode($0, &$1) }
    case .statistics: list(header.operandStatistics, &out) { encode($0, &$1) }
    case .requirements: encode(header.requirements, &out)
    case .metadata:
      list(header.metadata, &out) {
        $1.string($0.key)
        $1.string($0.value)
      }
    case .streams:
      list(streams, &out) {
        $1.varint(UInt64($0.chip))
        $1.varint(UInt64($0.tile))
      }
    }
  }

  private static func list<T>(_ items: [T], _ out: inout ByteWriter, _ each: (T, inout ByteWriter) -> Void) {
    out.varint(UInt64(items.count))
    for item in items { each(item, &out) }
  }

  private static func encode(_ tensor: TensorEntry, _ out: inout ByteWriter) {
    out.string(tensor.name)
    list(tensor.shape, &out) { $1.varint($0) }
    out.put(tensor.format)
    out.varint(tensor.address)
    out.varint(tensor.bytes)
    out.put(tensor.kind.rawValue)
  }

  private static func encode(_ region: RegionEntry, _ out: inout ByteWriter) {
    out.string(region.name)
    out.string(region.kind)
    out.varint(region.macs)
    out.varint(region.compulsoryBytes)
  }

  private static func encode(_ statistics: OperandStatistics, _ out: inout ByteWriter) {
    out.fixed(statistics.zeroFraction)
    out.fixed(statistics.toggles)
    out.signed(Int64(statistics.firstExponent))
    list(statistics.exponentHistogram, &out) { $1.varint(UInt64($0)) }
  }

  private static func encode(_ needs: MachineRequirements, _ out: inout ByteWriter) {
    for value in [UInt64(needs.chips), UInt64(needs.tiles), needs.sramBytes, needs.accumulatorBytes, needs.hbmBytes] {
      out.varint(value)
    }
    list(needs.arrays, &out) { array, out in
      for value in [array.rows, array.columns, array.vectorWidth] { out.varint(UInt64(value)) }
      out.string(array.dataflow)
      list(array.formats, &out) { $1.string($0) }
    }
  }
}

extension HeaderCodec {
  /// - Throws: `wrongFormat`, `unsupportedVersion`, `damaged`.
  static func decode(_ payload: ArraySlice<UInt8>) throws(TraceError) -> (header: TraceHeader, streams: [StreamKey]) {
    var reader = ByteReader(payload)
    guard payload.starts(with: magic), (try? reader.take(magic.count, "magic")) != nil else {
      throw TraceError(.wrongFormat, "the header does not begin with PALTRACE: not a palsim trace")
    }
    var header = TraceHeader()
    let major = try reader.fixed(UInt16.self, "major version")
    header.version = TraceVersion(major: major, minor: try reader.fixed(UInt16.self, "minor version"))
    guard major == TraceVersion.current.major else {
      throw TraceError(
        .unsupportedVersion,
        "trace format \(major).\(header.version.minor), but this palsim reads version \(TraceVersion.current.major).x: "
          + (major > TraceVersion.current.major ? "use a newer palsim" : "compile the trace again"))
    }
    var streams: [StreamKey] = []
    while reader.remaining > 0 {
      let id = try reader.fixed(UInt16.self, "section")
      let length = Int(try reader.fixed(UInt32.self, "section length"))
      var content = ByteReader(try reader.take(length, "section \(id)"))
      guard let section = Section(rawValue: id) else { continue }
      try decode(section, &content, &header, &streams)
    }
    return (header, streams)
  }

  private static func decode(
    _ section: Section, _ reader: inout ByteReader, _ header: inout TraceHeader, _ streams: inout [StreamKey]
  ) throws(TraceError) {
    switch section {
    case .origin:
      header.producer = try reader.string("producer")
      header.command = try reader.string("command")
    case .opcodes: try checkOpcodes(&reader)
    case .formats: header.formats = try list("format", &reader, format)
    case .tensors: header.tensors = try list("tensor", &reader, tensor)
    case .tileSets: header.tileSets = try list("tile set", &reader, tileSet)
    case .regions: header.regions = try list("region", &reader, region)
    case .statistics: header.operandStatistics = try list("operand statistics", &reader, statistics)
    case .requirements: header.requirements = try requirements(&reader)
    case .metadata: header.metadata = try list("metadata", &reader, metadata)
    case .streams: streams = try list("stream", &reader, stream)
    }
  }

  private static func list<T>(
    _ what: String, _ reader: inout ByteReader, _ each: (inout ByteReader) throws(TraceError) -> T
  ) throws(TraceError) -> [T] {
    var items: [T] = []
    for _ in 0..<(try reader.count("\(what) table")) { items.append(try each(&reader)) }
    return items
  }

  private static func checkOpcodes(_ reader: inout ByteReader) throws(TraceError) {
    for _ in 0..<(try reader.count("opcode table")) {
      let byte = try reader.byte("opcode")
      let name = try reader.string("opcode name")
      if let opcode = Opcode(rawValue: byte), opcode.name != name {
        throw TraceError(.damaged, "the header calls opcode \(byte) \(name), this version calls it \(opcode.name)")
      }
    }
  }

  private static func format(_ reader: inout ByteReader) throws(TraceError) -> FormatEntry {
    let name = try reader.string("format name")
    let bits = try reader.number(UInt16.self, "bits of a format")
    return FormatEntry(name: name, bits: bits, layout: try reader.string("format layout"))
  }

  private static func tensor(_ reader: inout ByteReader) throws(TraceError) -> TensorEntry {
    let name = try reader.string("tensor name")
    let shape = try list("shape", &reader) { (r: inout ByteReader) throws(TraceError) in try r.varint("extent") }
    let format = try reader.byte("tensor format")
    let address = try reader.varint("tensor address")
    let bytes = try reader.varint("tensor size")
    let kindByte = try reader.byte("tensor kind")
    guard let kind = TensorEntry.Kind(rawValue: kindByte) else {
      throw TraceError(.damaged, "tensor \(name) has kind \(kindByte), expected 0...3")
    }
    return TensorEntry(name: name, shape: shape, format: format, address: address, bytes: bytes, kind: kind)
  }

  private static func tileSet(_ reader: inout ByteReader) throws(TraceError) -> TileSet {
    TileSet(
      tiles: try list("tile set", &reader) { (r: inout ByteReader) throws(TraceError) in
        try r.number(UInt32.self, "tile")
      })
  }

  private static func region(_ reader: inout ByteReader) throws(TraceError) -> RegionEntry {
    let name = try reader.string("region name")
    let kind = try reader.string("region kind")
    let macs = try reader.varint("region MACs")
    return RegionEntry(name: name, kind: kind, macs: macs, compulsoryBytes: try reader.varint("region bytes"))
  }

  private static func statistics(_ reader: inout ByteReader) throws(TraceError) -> OperandStatistics {
    let zeros = try reader.fixed(UInt16.self, "zero fraction")
    let toggles = try reader.fixed(UInt16.self, "toggles")
    guard let first = Int16(exactly: try reader.signed("first exponent")) else {
      throw TraceError(.damaged, "first exponent: expected -32768...32767")
    }
    let histogram = try list("exponent histogram", &reader) { (r: inout ByteReader) throws(TraceError) in
      try r.number(UInt32.self, "exponent count")
    }
    return OperandStatistics(
      zeroFraction: zeros, toggles: toggles, firstExponent: first, exponentHistogram: histogram)
  }

  private static func requirements(_ reader: inout ByteReader) throws(TraceError) -> MachineRequirements {
    var needs = MachineRequirements()
    needs.chips = try reader.number(UInt32.self, "chips")
    needs.tiles = try reader.number(UInt32.self, "tiles")
    needs.sramBytes = try reader.varint("SRAM bytes")
    needs.accumulatorBytes = try reader.varint("accumulator bytes")
    needs.hbmBytes = try reader.varint("HBM bytes")
    needs.arrays = try list("array", &reader, array)
    return needs
  }

  private static func array(_ reader: inout ByteReader) throws(TraceError) -> ArrayRequirement {
    let rows = try reader.number(UInt32.self, "array rows")
    let columns = try reader.number(UInt32.self, "array columns")
    let width = try reader.number(UInt32.self, "array vector width")
    let dataflow = try reader.string("dataflow")
    let formats = try list("array format", &reader) { (r: inout ByteReader) throws(TraceError) in
      try r.string("array format")
    }
    return ArrayRequirement(rows: rows, columns: columns, vectorWidth: width, dataflow: dataflow, formats: formats)
  }

  private static func metadata(_ reader: inout ByteReader) throws(TraceError) -> Metadata {
    let key = try reader.string("metadata key")
    return Metadata(key: key, value: try reader.string("metadata value"))
  }

  private static func stream(_ reader: inout ByteReader) throws(TraceError) -> StreamKey {
    let chip = try reader.number(UInt32.self, "chip")
    return StreamKey(chip: chip, tile: try reader.number(UInt32.self, "tile"))
  }
}
