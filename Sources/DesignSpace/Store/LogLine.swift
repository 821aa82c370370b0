import CZlib

/// One line of `results.log`: fields separated by tabs behind the CRC-32 of them all (docs/sweeps.md).
enum LogLine {
  private static let tab = UInt8(ascii: "\t")
  private static let crcDigits = 8

  /// The line with its line feed.
  static func bytes(_ fields: [String]) -> [UInt8] {
    var body: [UInt8] = []
    for (index, field) in fields.enumerated() {
      if index > 0 { body.append(tab) }
      append(field, to: &body)
    }
    let sum = body.withUnsafeBytes { checksum($0) }
    return hexadecimal(sum) + [tab] + body + [UInt8(ascii: "\n")]
  }

  /// The fields of a line without its line feed; nil when it is damaged.
  static func fields(_ line: UnsafeRawBufferPointer) -> [String]? {
    guard line.count > crcDigits + 1, line[crcDigits] == tab else { return nil }
    let body = UnsafeRawBufferPointer(rebasing: line[(crcDigits + 1)...])
    guard hexadecimal(checksum(body)).elementsEqual(line[..<crcDigits]) else { return nil }
    return body.split(separator: tab, omittingEmptySubsequences: false).map(text)
  }

  private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(crc32(0, bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count)))
  }

  private static func hexadecimal(_ number: UInt32) -> [UInt8] {
    (0..<crcDigits).map { place in
      let digit = UInt8(truncatingIfNeeded: number >> UInt32(28 - 4 * place)) & 15
      return digit < 10 ? 0x30 + digit : 0x57 + digit
    }
  }

  private static let escapes: [(byte: UInt8, letter: UInt8)] = [
    (tab, UInt8(ascii: "t")), (UInt8(ascii: "\n"), UInt8(ascii: "n")), (UInt8(ascii: "\r"), UInt8(ascii: "r")),
    (UInt8(ascii: "\\"), UInt8(ascii: "\\")),
  ]

  private static func append(_ field: String, to body: inout [UInt8]) {
    for byte in field.utf8 {
      if let escape = escapes.first(where: { $0.byte == byte }) {
        body += [UInt8(ascii: "\\"), escape.letter]
      } else {
        body.append(byte)
      }
    }
  }

  private static func text(_ field: Slice<UnsafeRawBufferPointer>) -> String {
    let bytes = UnsafeRawBufferPointer(rebasing: field)
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    var plain: [UInt8] = []
    var isEscaped = false
    for byte in bytes {
      if isEscaped {
        plain.append(escapes.first { $0.letter == byte }?.byte ?? byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        plain.append(byte)
      }
    }
    return String(decoding: plain, as: UTF8.self)
  }
}
