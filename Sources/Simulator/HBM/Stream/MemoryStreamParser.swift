/// What is wrong with a request stream: one line for each fault, at most ten, each with the line of the file.
public struct MemoryStreamFault: Error, Equatable, CustomStringConvertible {
  public var description: String

  public init(description: String) { self.description = description }
}

/// Reads a request stream from bytes: a line a request, `<cycle or -> R|W 0xADDR`; empty lines and lines that begin with
/// `#` are skipped. Lines are read in place; only what is unusual becomes a text.
public struct MemoryStreamParser {
  /// Latest cycle of a request.
  public static let latestCycle: Int64 = 1 << 48
  private static let form = "<cycle or -> R|W 0xADDRESS, such as \"- R 0x1f40\""
  private static let mostFaults = 10

  private let name: String
  private let memoryBytes: Int64
  private var requests: [StreamRequest] = []
  private var faults: [String] = []
  private var line = 0

  /// The requests of a text, in its order.
  /// - Parameters:
  ///   - name: Stands for the file in messages.
  ///   - memoryBytes: Addresses lie below.
  /// - Throws: `MemoryStreamFault` naming the faulty lines.
  public static func parse(
    _ bytes: [UInt8], name: String, memoryBytes: Int
  ) throws(MemoryStreamFault) -> [StreamRequest] {
    var parser = MemoryStreamParser(name: name, memoryBytes: Int64(memoryBytes))
    bytes.withUnsafeBufferPointer { parser.parse($0) }
    if parser.requests.isEmpty && parser.faults.isEmpty {
      parser.faults.append("\(name): holds no requests; expected lines \(form)")
    }
    guard parser.faults.isEmpty else {
      throw MemoryStreamFault(description: parser.faults.joined(separator: "\n"))
    }
    return parser.requests
  }

  private init(name: String, memoryBytes: Int64) {
    self.name = name
    self.memoryBytes = memoryBytes
  }

  private mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) {
    requests.reserveCapacity(bytes.count / 10)
    var start = 0
    while start < bytes.count && faults.count < Self.mostFaults {
      line += 1
      var reader = RequestReader(bytes, start: start)
      if let request = reader.plainRequest(), request.address < memoryBytes {
        requests.append(request)
        start = reader.next
      } else {
        let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        parseUnusual(String(decoding: bytes[start..<end], as: UTF8.self))
        start = end + 1
      }
    }
    if start < bytes.count { faults.append("\(name): more faults follow; the first \(Self.mostFaults) are shown") }
  }
}

// MARK: - Lines that are not in the plain form

extension MemoryStreamParser {
  private mutating func parseUnusual(_ text: String) {
    let words = text.split { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard let first = words.first, !first.hasPrefix("#") else { return }
    guard words.count == 3 else {
      return fail(
        "found \(words.count) \(words.count == 1 ? "word" : "words"), '\(text.prefix(40))'; expected \(Self.form)")
    }
    guard let cycle = first == "-" ? -1 : Int64(first), (-1...Self.latestCycle).contains(cycle), first != "-1" else {
      return fail("the cycle is '\(first.prefix(40))'; expected - or a whole number from 0 to \(Self.latestCycle)")
    }
    guard let isWrite = Self.isWrite(words[1]) else {
      return fail("found '\(words[1].prefix(40))'; expected R or W")
    }
    guard let address = Self.address(words[2]) else {
      return fail("the address is '\(words[2].prefix(40))'; expected hexadecimal digits as in 0x1f40")
    }
    guard address < memoryBytes else {
      return fail(
        "the address \(words[2].prefix(40)) lies beyond the memory, which ends before "
          + "0x\(String(memoryBytes, radix: 16))")
    }
    requests.append(StreamRequest(cycle: cycle, address: address, isWrite: isWrite))
  }

  private static func isWrite(_ word: Substring) -> Bool? {
    switch word {
    case "R", "r": false
    case "W", "w": true
    default: nil
    }
  }

  /// nil for a word that is no hexadecimal number; one of more than 63 bits counts as the largest, beyond every memory.
  private static func address(_ word: Substring) -> Int64? {
    let digits = word.dropFirst(2)
    guard word.lowercased().hasPrefix("0x"), !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      return nil
    }
    return Int64(digits, radix: 16) ?? .max
  }

  private mutating func fail(_ message: String) { faults.append("\(name):\(line): \(message)") }
}

/// Reads one request and a line's end from bytes.
private struct RequestReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// After a line was read: where the next begins.
  private(set) var next: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, start: Int) {
    self.bytes = bytes
    next = start
  }

  /// A request in exactly the plain form, with capital R or W and at most 15 hexadecimal digits; nil for anything else.
  @inline(__always)
  mutating func plainRequest() -> StreamRequest? {
    guard let cycle = cycle(), next &+ 5 <= bytes.count else { return nil }
    let letter = bytes[next]
    guard letter == 0x52 || letter == 0x57, bytes[next &+ 1] == 0x20, bytes[next &+ 2] == 0x30, bytes[next &+ 3] == 0x78
    else { return nil }
    next &+= 4
    guard let address = address() else { return nil }
    return StreamRequest(cycle: cycle, address: address, isWrite: letter == 0x57)
  }

  /// `-` or digits, and a blank.
  @inline(__always)
  private mutating func cycle() -> Int64? {
    guard next &+ 1 < bytes.count else { return nil }
    if bytes[next] == 0x2D && bytes[next &+ 1] == 0x20 {
      next &+= 2
      return -1
    }
    var value: Int64 = 0
    let start = next
    while next < bytes.count, case let digit = bytes[next] &- 0x30, digit < 10 {
      value = value &* 10 &+ Int64(digit)
      next &+= 1
    }
    guard next > start, next &- start < 15, next < bytes.count, bytes[next] == 0x20 else { return nil }
    next &+= 1
    return value
  }

  /// Hexadecimal digits to the end of the line.
  @inline(__always)
  private mutating func address() -> Int64? {
    var value: Int64 = 0
    let start = next
    while next < bytes.count, let digit = Self.digit(bytes[next]) {
      value = value &<< 4 | digit
      next &+= 1
    }
    guard next > start, next &- start < 16, next == bytes.count || bytes[next] == 0x0A else { return nil }
    next &+= 1
    return value
  }

  @inline(__always)
  private static func digit(_ byte: UInt8) -> Int64? {
    let decimal = byte &- 0x30
    if decimal < 10 { return Int64(decimal) }
    let letter = (byte | 0x20) &- 0x61
    return letter < 6 ? Int64(letter) &+ 10 : nil
  }
}
