/// Parses the header lines of the text twin; the opposite of `HeaderPrinter`.
enum HeaderParser {
  private static let words = [
    "producer", "command", "requires", "array", "format", "tensor", "tile-set", "region", "statistics", "meta",
    "stream",
  ]

  static func parse(_ lines: ArraySlice<TextLine>, name: String) throws(TraceError) -> TraceHeader {
    guard var first = lines.first else {
      throw TraceError(.badText, "expected \(TextTwin.magic) 1.0, found nothing", path: "\(name):1:1")
    }
    var header = TraceHeader()
    header.version = try version(&first)
    for var line in lines.dropFirst() {
      try entry(&line, &header)
      try line.requireEnd()
    }
    return header
  }

  private static func version(_ line: inout TextLine) throws(TraceError) -> TraceVersion {
    try line.require(TextTwin.magic)
    let parts = (line.upcoming ?? "").split(separator: ".", omittingEmptySubsequences: false).map { UInt16($0) }
    guard parts.count == 2, let major = parts[0], let minor = parts[1] else {
      throw line.fault(expected: "a version such as 1.0")
    }
    guard major == TraceVersion.current.major else {
      var fault = line.fault(expected: "version \(TraceVersion.current.major).x")
      fault.category = .unsupportedVersion
      throw fault
    }
    line.skip()
    try line.requireEnd()
    return TraceVersion(major: major, minor: minor)
  }

  private static func entry(_ line: inout TextLine, _ header: inout TraceHeader) throws(TraceError) {
    switch try line.choice(words.map { ($0, $0) }, "a header line (\(words.joined(separator: ", ")))") {
    case "producer": header.producer = try line.string("the producer")
    case "command": header.command = try line.string("the command")
    case "requires": try requirements(&line, &header.requirements)
    case "array": header.requirements.arrays.append(try array(&line))
    case "format": header.formats.append(try format(&line))
    case "tensor": header.tensors.append(try tensor(&line))
    case "tile-set":
      header.tileSets.append(TileSet(tiles: line.isAtEnd ? [] : try line.numbers(UInt32.self, "a tile")))
    case "region": header.regions.append(try region(&line))
    case "statistics": header.operandStatistics.append(try statistics(&line))
    default:
      let key = try line.string("a key")
      header.metadata.append(Metadata(key: key, value: try line.string("a value")))
    }
  }

  private static func requirements(
    _ line: inout TextLine, _ needs: inout MachineRequirements
  ) throws(TraceError) {
    try line.require("chips")
    needs.chips = try line.number(UInt32.self, "chips")
    try line.require("tiles")
    needs.tiles = try line.number(UInt32.self, "tiles")
    try line.require("sram")
    needs.sramBytes = try line.number(UInt64.self, "bytes")
    try line.require("accumulator")
    needs.accumulatorBytes = try line.number(UInt64.self, "bytes")
    try line.require("hbm")
    needs.hbmBytes = try line.number(UInt64.self, "bytes")
  }

  private static func array(_ line: inout TextLine) throws(TraceError) -> ArrayRequirement {
    let shape = try line.product(UInt32.self, count: 3, "ROWSxCOLUMNSxWIDTH")
    let dataflow = try line.string("a dataflow")
    var formats: [String] = []
    while !line.isAtEnd { formats.append(try line.string("a format")) }
    return ArrayRequirement(
      rows: shape[0], columns: shape[1], vectorWidth: shape[2], dataflow: dataflow, formats: formats)
  }

  private static func format(_ line: inout TextLine) throws(TraceError) -> FormatEntry {
    let name = try line.string("a format's name")
    let bits = try line.number(UInt16.self, "bits")
    return FormatEntry(name: name, bits: bits, layout: try line.string("a layout"))
  }

  private static func tensor(_ line: inout TextLine) throws(TraceError) -> TensorEntry {
    let name = try line.string("a tensor's name")
    let kind = try line.choice(TensorEntry.Kind.allCases.map { ("\($0)", $0) }, "a kind of tensor")
    try line.require("format")
    let format = try line.number(UInt8.self, "the index of a format")
    try line.require("at")
    let address = try line.number(UInt64.self, "an address")
    try line.require("bytes")
    let bytes = try line.number(UInt64.self, "bytes")
    let shape = line.take("shape") ? try line.product(UInt64.self, count: nil, "a shape such as 64x64") : []
    return TensorEntry(name: name, shape: shape, format: format, address: address, bytes: bytes, kind: kind)
  }

  private static func region(_ line: inout TextLine) throws(TraceError) -> RegionEntry {
    let name = try line.string("a region's name")
    let kind = try line.string("an operator kind")
    try line.require("macs")
    let macs = try line.number(UInt64.self, "MACs")
    try line.require("bytes")
    return RegionEntry(name: name, kind: kind, macs: macs, compulsoryBytes: try line.number(UInt64.self, "bytes"))
  }

  private static func statistics(_ line: inout TextLine) throws(TraceError) -> OperandStatistics {
    try line.require("zero")
    let zero = try line.number(UInt16.self, "a share in 1/65535ths")
    try line.require("toggles")
    let toggles = try line.number(UInt16.self, "a share in 1/65535ths")
    try line.require("exponents")
    let first = try line.number(Int16.self, "the first exponent")
    let histogram = line.isAtEnd ? [] : try line.numbers(UInt32.self, "a count")
    return OperandStatistics(
      zeroFraction: zero, toggles: toggles, firstExponent: first, exponentHistogram: histogram)
  }
}
