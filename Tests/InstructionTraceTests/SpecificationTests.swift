import Foundation
import InstructionTrace
import Testing

/// Holds `docs/trace-format.md` to what the code does.
@Suite struct SpecificationTests {
  private func document() throws -> [Substring] {
    let url = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../docs/trace-format.md").standardized
    return try String(contentsOf: url, encoding: .utf8).split(separator: "```\n", omittingEmptySubsequences: false)
  }

  private func example() throws -> (text: String, bytes: [UInt8]) {
    let parts = try document()
    let at = try #require(parts.firstIndex { $0.hasPrefix("palsim-trace 1.0\n") })
    let rows = parts[at + 2].split(separator: "\n").map { $0.components(separatedBy: "   ")[0] }
    let bytes = rows.flatMap { $0.split(separator: " ").compactMap { UInt8($0, radix: 16) } }
    return (String(parts[at]), bytes)
  }

  @Test func workedExampleIsTrue() throws {
    let folder = ScratchFolder()
    let (text, block) = try example()
    try TextTwin.assemble(text, name: "example", to: folder.file())
    try shell("gzip -dc < \(folder.file()) > \(folder.file("decoded"))")
    let decoded = bytes(of: folder.file("decoded"))
    let start = try #require((0..<decoded.count - 4).first { Array(decoded[$0..<$0 + 4]) == Array("PALS".utf8) })
    #expect(Array(decoded[start..<min(decoded.count, start + block.count)]) == block)
    #expect(block.count == 32 + Int(block[8]))
  }

  @Test func digestIsTheSpecified() throws {
    let folder = ScratchFolder()
    let (digest, _) = try writeRandomTrace(folder.file(), seed: 11, records: 9000)
    try shell("gzip -dc < \(folder.file()) > \(folder.file("decoded"))")
    let decoded = bytes(of: folder.file("decoded"))
    #expect(PlainGzip.digest(PlainGzip.resealed(decoded)) == digest.value)
    #expect(PlainGzip.digest(decoded) == digest.value)
  }

  @Test func opcodesAndFunctionsAreListed() throws {
    let text = try document().joined()
    for opcode in Opcode.allCases { #expect(text.contains(opcode.name), "\(opcode.name)") }
    for (byte, name) in Opcode.reserved { #expect(text.contains("\(String(byte, radix: 16)) \(name)"), "\(name)") }
    let words = text.components(separatedBy: .whitespacesAndNewlines).joined(separator: " ")
    for function in VectorFunction.allCases { #expect(words.contains("\(function.rawValue) \(function.name)")) }
  }
}
