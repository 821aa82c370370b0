import Foundation
import InstructionTrace
import Testing

@Suite struct BadInputTests {
  /// Opens a file and does with it all that can be done.
  static func readAll(_ path: String) throws {
    let file = try TraceFile(path: path)
    // Damage may make a repeat run for years.
    let total = file.streams.reduce(UInt64(0)) { $0 &+ min($1.dynamicRecords, 1 << 40) }
    guard total < 1_000_000 else { return }
    for stream in file.streams.indices { _ = try records(file, stream: stream) }
    _ = try TextTwin.text(of: file)
    _ = try TraceSummary(file)
    _ = try TraceValidator.validate(file)
  }

  private func fault(_ content: [UInt8]) -> TraceError? {
    let folder = ScratchFolder()
    write(content, to: folder.file())
    return traceError { try Self.readAll(folder.file()) }
  }

  private func goodTrace(records: Int = 300) throws -> [UInt8] {
    let folder = ScratchFolder()
    _ = try writeRandomTrace(folder.file(), seed: 5, records: records)
    return bytes(of: folder.file())
  }

  private func decoded(_ content: [UInt8]) throws -> [UInt8] {
    let folder = ScratchFolder()
    write(content, to: folder.file("in"))
    try shell("gzip -dc < \(folder.file("in")) > \(folder.file("out"))")
    return bytes(of: folder.file("out"))
  }

  @Test func missingFileAndDirectory() {
    let folder = ScratchFolder()
    let missing = traceError { try Self.readAll(folder.file()) }
    #expect(missing?.category == .cannotOpen && missing?.exitCode == 66)
    #expect(missing?.description.contains("No such file") == true)
    let directory = traceError { try Self.readAll(folder.path) }
    #expect(directory?.category == .cannotOpen && directory?.message.contains("directory") == true)
  }

  @Test(
    arguments: [
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 1], "an xz file"), ([0x28, 0xB5, 0x2F, 0xFD, 0], "a zstd file"),
      ([0x50, 0x4B, 3, 4, 9], "a zip archive"), (Array("BZh9".utf8), "a bzip2 file"),
      (Array("layer,type\n".utf8), "plain text"), (Array("palsim-trace 1.0\n".utf8), "palsim trace assemble"),
      ([], "empty"), ([0, 1, 2, 3], "data of an unknown kind"),
      ([UInt8](repeating: 0, count: 257) + Array("ustar\0".utf8), "a tar archive"),
    ] as [([UInt8], String)])
  func wrongKindsAreNamed(content: [UInt8], words: String) {
    let error = fault(content)
    #expect(error?.category == .wrongFormat && error?.exitCode == 65)
    #expect(error?.message.contains(words) == true, "\(String(describing: error))")
  }

  @Test func gzipOfSomethingElseIsNamed() throws {
    let tar = [UInt8](repeating: 0, count: 257) + Array("ustar\0".utf8)
    #expect(fault(PlainGzip.of(tar))?.message.contains("inside is a tar archive") == true)
    let text = Array("a long enough line of plain text, more than 32 bytes".utf8)
    #expect(fault(PlainGzip.of(text))?.message.contains("inside is plain text") == true)
  }

  @Test func truncationNamesByteAndLastGoodRecord() throws {
    let good = try goodTrace(records: 12_000)
    let cut = Array(good[..<(good.count * 3 / 4)])
    let error = fault(cut)
    #expect(error?.category == .damaged)
    #expect(error?.message.contains("ends at byte \(cut.count)") == true, "\(String(describing: error))")
    #expect(error?.message.contains("the last good record is") == true, "\(String(describing: error))")
    #expect(fault(Array(good[..<30])) != nil)
    let plain = PlainGzip.of(try decoded(good))
    #expect(fault(Array(plain[..<(plain.count / 2)]))?.message.contains("truncated") == true)
  }

  @Test func flippedBitIsNoticed() throws {
    let good = try goodTrace()
    let folder = ScratchFolder()
    write(good, to: folder.file())
    // The second member holds records: flip a bit in the middle of it.
    let first = Int(good[16]) | Int(good[17]) << 8
    var bad = good
    bad[first + 400] ^= 0x10
    let error = fault(bad)
    #expect(error?.category == .damaged && error?.stream != nil && error?.byteOffset == Int64(first))
    #expect(error?.message.contains("altered") == true, "\(String(describing: error))")
  }

  @Test func trailingGarbageIsNoticed() throws {
    #expect(fault(try goodTrace() + [1, 2, 3])?.message.contains("3 bytes of something else follow") == true)
    let plain = PlainGzip.of(try decoded(try goodTrace()))
    #expect(fault(plain + [1, 2, 3])?.category == .damaged)
  }

  @Test func newerMajorVersionIsRefused() throws {
    var content = try decoded(try goodTrace())
    content[32 + 8] = 2
    let error = fault(PlainGzip.of(content))
    #expect(error?.category == .unsupportedVersion && error?.exitCode == 65)
    #expect(error?.message.contains("newer palsim") == true)
  }

  @Test func absurdCountsAreNotBelieved() throws {
    var payload = try decoded(try goodTrace())
    payload.replaceSubrange(8..<12, with: [0xFF, 0xFF, 0xFF, 0x7F])
    #expect(fault(PlainGzip.of(payload))?.message.contains("announces 2147483647 payload bytes") == true)
    var member = try goodTrace()
    member.replaceSubrange(16..<20, with: [0xFF, 0xFF, 0xFF, 0x7F])
    #expect(fault(member)?.category == .damaged)
    // A table of the header that claims more entries than bytes follow: section 3 (formats).
    var table = try decoded(try goodTrace())
    let at = try #require(sectionContent(3, in: table))
    table[at] = 0x7F
    #expect(fault(PlainGzip.of(table)) != nil)
  }

  /// Where the content of a header section begins in the decoded stream.
  private func sectionContent(_ id: UInt8, in decoded: [UInt8]) -> Int? {
    var at = 32 + 12
    while at + 6 < decoded.count {
      if decoded[at] == id && decoded[at + 1] == 0 { return at + 6 }
      at += 6 + Int(decoded[at + 2]) + Int(decoded[at + 3]) << 8
    }
    return nil
  }

  /// A trace of one mark whose opcode byte is replaced.
  private func withOpcode(_ opcode: UInt8) throws -> TraceError? {
    let folder = ScratchFolder()
    var writer = try TraceWriter(path: folder.file(), header: TraceHeader(), streams: [StreamKey(chip: 0, tile: 0)])
    try writer.append(Instruction(.mark), to: 0)
    _ = try writer.finish()
    var content = try decoded(bytes(of: folder.file()))
    let block = try #require((0..<content.count - 4).first { Array(content[$0..<$0 + 4]) == Array("PALS".utf8) })
    content[block + 32] = opcode
    return fault(PlainGzip.of(PlainGzip.resealed(content)))
  }

  @Test func opcodesAreExplained() throws {
    let reserved = try withOpcode(0x58)
    #expect(reserved?.message.contains("0x58 (all-reduce) is reserved for a later version") == true)
    #expect(reserved?.stream == 0 && reserved?.record == 0 && reserved?.byteOffset != nil)
    #expect(try withOpcode(0x12)?.message.contains("0x12 is no opcode; the nearest legal one is 0x11 (matmul)") == true)
    #expect(try withOpcode(0x43)?.message.contains("repeat") == true)
  }

  /// The random records exercise the decoder, the legal machine's also the validator.
  @Test(arguments: [false, true]) func randomDamageNeverTraps(legal: Bool) throws {
    let folder = ScratchFolder()
    var machine = RandomMachine(seed: 99)
    try writeTrace(folder.file(), machine.header, machine.keys, machine.trace(density: 100))
    let good = legal ? bytes(of: folder.file()) : try goodTrace(records: 200)
    let plain = try decoded(good)
    let seed: UInt64 = 2026
    var random = SplitMix64(seed: seed)
    for round in 0..<600 {
      let reblocked = round % 3 != 0
      var content = reblocked ? plain : good
      for _ in 0..<random.number(1...3) {
        content[Int(random.number(0...Int64(content.count - 1)))] = UInt8(random.number(0...255))
      }
      if random.chance(20) { content.removeLast(Int(random.number(1...Int64(content.count - 1)))) }
      // With a digest that fits, damage reaches the record decoder.
      let error = fault(reblocked ? PlainGzip.of(round % 3 == 1 ? PlainGzip.resealed(content) : content) : content)
      if let error { #expect(!error.message.isEmpty, "seed \(seed) round \(round)") }
    }
  }
}
