/// Reads `cycle,src,dst,size` from bytes: a line a packet, `#` lines and empty lines skipped, a header line allowed. A
/// destination `1+2+5` is a multicast, a source `1+2+5` a reduction. Numbers are read in place; only what is unusual (a
/// set, a blank, a fault) becomes a text.
public struct PacketListParser {
  /// Most flits of a packet.
  public static let longestPacket: Int32 = 1 << 20
  /// Latest cycle of a packet.
  public static let latestCycle: Int64 = 1 << 48
  static let columns = "cycle,src,dst,size"
  private static let mostFaults = 10

  private let name: String
  private let nodes: Int32
  private var entries: [PacketList.Entry] = []
  private var sets: [[Int32]] = []
  private var setIndices: [[Int32]: Int32] = [:]
  private var faults: [String] = []
  private var line = 0

  /// The packets of a text.
  /// - Parameters:
  ///   - name: Stands for the file in messages.
  ///   - nodes: Of the network: sources and destinations lie below.
  /// - Throws: `PacketListFault` naming the faulty lines.
  public static func parse(
    _ bytes: [UInt8], name: String, nodes: Int
  ) throws(PacketListFault) -> PacketList {
    var parser = PacketListParser(name: name, nodes: nodes)
    bytes.withUnsafeBufferPointer { parser.parse($0) }
    guard parser.faults.isEmpty else {
      throw PacketListFault(description: parser.faults.joined(separator: "\n"))
    }
    return PacketList(entries: parser.entries, sets: parser.sets)
  }

  private init(name: String, nodes: Int) {
    self.name = name
    self.nodes = Int32(nodes)
  }

  private mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) {
    entries.reserveCapacity(bytes.count / 12)
    var start = 0
    while start < bytes.count && faults.count < Self.mostFaults {
      line += 1
      var reader = FieldReader(bytes, start: start)
      if let entry = reader.plainEntry(nodes: nodes) {
        append(entry)
        start = reader.next
      } else {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        parseUnusual(String(decoding: bytes[start..<end], as: UTF8.self))
        start = end + 1
      }
    }
    if start < bytes.count { faults.append("\(name): more faults follow; the first \(Self.mostFaults) are shown") }
  }

  private mutating func append(_ entry: PacketList.Entry) {
    guard entries.count < Int(Int32.max) else {
      return fail("holds more than \(Int32.max) packets")
    }
    var entry = entry
    entry.index = Int32(entries.count)
    entries.append(entry)
  }

  private mutating func fail(_ message: String) { faults.append("\(name):\(line): \(message)") }
}

// MARK: - Lines that are not four plain numbers in range

extension PacketListParser {
  private mutating func parseUnusual(_ text: String) {
    let fields = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
    if text.first == "#" || fields == [""] || isHeader(fields) { return }
    guard fields.count == 4 else {
      return fail(
        "found \(fields.count) field\(fields.count == 1 ? "" : "s"), '\(text.prefix(40))'; expected \(Self.columns)")
    }
    let known = faults.count
    let cycle = number(fields[0], "cycle", 0...Self.latestCycle)
    let source = place(fields[1], "source")
    let destination = place(fields[2], "destination")
    let flits = number(fields[3], "size", 1...Int64(Self.longestPacket))
    guard faults.count == known else { return }
    guard source.isNode || destination.isNode else {
      return fail("source and destination are both sets; one of them must be a single node")
    }
    append(
      PacketList.Entry(
        cycle: cycle, index: 0, source: source.index, destination: destination.index, flits: Int32(flits),
        kind: source.isNode ? (destination.isNode ? .unicast : .multicast) : .reduction))
  }

  /// The first line may name the columns, as ours do.
  private mutating func isHeader(_ fields: [String]) -> Bool {
    guard entries.isEmpty, faults.isEmpty, let first = fields[0].first, first.isLetter else { return false }
    if fields.map({ $0.lowercased() }).joined(separator: ",") == Self.columns { return true }
    fail("found the columns '\(fields.joined(separator: ",").prefix(60))'; expected \(Self.columns)")
    return true
  }

  private mutating func number(_ text: String, _ what: String, _ range: ClosedRange<Int64>) -> Int64 {
    if let value = Int64(text), range.contains(value) { return value }
    fail("\(what) is '\(text.prefix(40))'; expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    return range.lowerBound
  }

  /// A node, or a set of nodes joined by `+`.
  private mutating func place(_ text: String, _ what: String) -> (index: Int32, isNode: Bool) {
    let names = text.split(separator: "+", omittingEmptySubsequences: false)
    var members: [Int32] = []
    for name in names {
      guard let node = Int32(name), (0..<nodes).contains(node) else {
        fail("\(what) is '\(text.prefix(40))'; the nodes of this network are 0 to \(nodes - 1)")
        return (0, true)
      }
      members.append(node)
    }
    if members.count == 1 { return (members[0], true) }
    members.sort()
    if let twice = zip(members, members.dropFirst()).first(where: { $0 == $1 }) {
      fail("\(what) names node \(twice.0) twice")
      return (0, true)
    }
    return (index(of: members), false)
  }

  private mutating func index(of members: [Int32]) -> Int32 {
    if let known = setIndices[members] { return known }
    setIndices[members] = Int32(sets.count)
    sets.append(members)
    return Int32(sets.count - 1)
  }
}

/// Reads four numbers and a line's end from bytes.
private struct FieldReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// After a line was read: where the next begins.
  private(set) var next: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, start: Int) {
    self.bytes = bytes
    next = start
  }

  /// A packet whose fields are digits only and in range; nil for anything else.
  @inline(__always)
  mutating func plainEntry(nodes: Int32) -> PacketList.Entry? {
    guard let cycle = number(endingWith: 0x2C), let source = number(endingWith: 0x2C),
      let destination = number(endingWith: 0x2C), let flits = lastNumber(),
      cycle <= PacketListParser.latestCycle, source < Int64(nodes), destination < Int64(nodes),
      flits > 0, flits <= Int64(PacketListParser.longestPacket)
    else { return nil }
    return PacketList.Entry(
      cycle: cycle, index: 0, source: Int32(truncatingIfNeeded: source),
      destination: Int32(truncatingIfNeeded: destination), flits: Int32(truncatingIfNeeded: flits))
  }

  /// Digits up to a byte that is skipped.
  @inline(__always)
  private mutating func number(endingWith end: UInt8) -> Int64? {
    guard let value = digits(), next < bytes.count, bytes[next] == end else { return nil }
    next &+= 1
    return value
  }

  /// Digits up to the line's end or the text's.
  @inline(__always)
  private mutating func lastNumber() -> Int64? {
    guard let value = digits() else { return nil }
    if next < bytes.count && bytes[next] == 0x0D { next &+= 1 }
    guard next == bytes.count || bytes[next] == 0x0A else { return nil }
    next &+= 1
    return value
  }

  /// One to eighteen digits, which always fit.
  @inline(__always)
  private mutating func digits() -> Int64? {
    let start = next
    var value: Int64 = 0
    while next < bytes.count {
      let digit = bytes[next] &- 0x30
      guard digit < 10 else { break }
      value = value &* 10 &+ Int64(digit)
      next &+= 1
    }
    return next > start && next &- start <= 18 ? value : nil
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  fileprivate var trimmed: SubSequence {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return self[startIndex..<startIndex]
    }
    return self[first...last]
  }
}
