/// Turns a text into a trace: header lines, then streams of records.
struct TextAssembler {
  private var lines: [TextLine] = []
  private let name: String

  init(_ text: String, name: String) throws(TraceError) {
    self.name = name
    var number = 0
    for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let line = try TextLine(part, number: number, source: name)
      if !line.isEmpty { lines.append(line) }
    }
  }

  func assemble(to path: String) throws(TraceError) -> TraceDigest {
    let split = lines.firstIndex { $0.first == "stream" } ?? lines.count
    let header = try HeaderParser.parse(lines[..<split], name: name)
    let keys = try streamKeys()
    var writer = try TraceWriter(path: path, header: header, streams: keys)
    let parser = RecordParser(header: header)
    var stream = -1
    for var line in lines[split...] {
      if line.first == "stream" {
        stream += 1
        continue
      }
      try add(&line, to: stream, parser, &writer)
    }
    return try writer.finish()
  }

  private func add(
    _ line: inout TextLine, to stream: Int, _ parser: RecordParser, _ writer: inout TraceWriter
  ) throws(TraceError) {
    do {
      switch line.first {
      case "repeat":
        line.skip()
        let count = try line.number(UInt32.self, "how many times")
        try line.require("{")
        try line.requireEnd()
        try writer.beginRepeat(count: count, stream: stream)
      case "}":
        line.skip()
        try line.requireEnd()
        try writer.endRepeat(stream: stream)
      default:
        let (instruction, strides) = try parser.parse(&line)
        try writer.append(instruction, strides: strides, to: stream)
      }
    } catch  where error.category == .invalidRecord {
      throw line.fault(error.message, column: line.words[0].column)
    }
  }

  private func streamKeys() throws(TraceError) -> [StreamKey] {
    var keys: [StreamKey] = []
    var seen: Set<StreamKey> = []
    for var line in lines where line.first == "stream" {
      line.skip()
      let parts = (line.upcoming ?? "").split(separator: ".", omittingEmptySubsequences: false).map { UInt32($0) }
      guard parts.count == 2, let chip = parts[0], let tile = parts[1] else {
        throw line.fault(expected: "CHIP.TILE, such as 0.3")
      }
      let key = StreamKey(chip: chip, tile: tile)
      guard seen.insert(key).inserted else { throw line.fault(expected: "a stream that is not there before") }
      line.skip()
      try line.requireEnd()
      keys.append(key)
    }
    return keys
  }
}
