import Foundation
import InstructionTrace
import Testing

@Suite struct DifferenceTests {
  private func file(_ text: String, _ folder: ScratchFolder, _ name: String) throws -> TraceFile {
    try TextTwin.assemble(text, name: name, to: folder.file(name))
    return try TraceFile(path: folder.file(name))
  }

  @Test func equalTracesDoNotDiffer() throws {
    let folder = ScratchFolder()
    let a = try file(TextTwinTests.canonical, folder, "a")
    #expect(try TraceDifference.between(a, try file(TextTwinTests.canonical, folder, "b")).isEmpty)
  }

  @Test func firstDifferentRecordIsShownWithContext() throws {
    let folder = ScratchFolder()
    let changed = TextTwinTests.canonical.replacingOccurrences(of: "region-end -5", with: "region-end -6")
      .replacingOccurrences(of: "\"hand\"", with: "\"foot\"")
    let lines = try TraceDifference.between(
      file(TextTwinTests.canonical, folder, "a"), file(changed, folder, "b"), context: 2
    ).lines
    #expect(
      lines == [
        "header: - producer \"hand\"", "header: + producer \"foot\"", "stream 0.1, record 4: the first difference",
        "    2: barrier 3 set 0", "    3: region-begin 0", "  - 4: region-end -5", "  + 4: region-end -6",
      ], "\(lines)")
  }

  @Test func lengthsStreamsAndGroupingAreCompared() throws {
    let folder = ScratchFolder()
    let start = "palsim-trace 1.0\nstream 0.0\n"
    let one = try file(start + "mark 1\nmark 1\n", folder, "one")
    let loop = try file(start + "repeat 2 {\nmark 1\n}\n", folder, "loop")
    let long = try file(start + "mark 1\nmark 1\nmark 2\nstream 0.1\n", folder, "long")
    #expect(try TraceDifference.between(one, loop).lines.joined().contains("grouping"))
    let lines = try TraceDifference.between(one, long).lines
    #expect(lines.contains("  - 2: (the stream has ended)") && lines.contains("  + 2: mark 2"))
    #expect(lines.last?.hasPrefix("stream 0.1: only in") == true)
  }

  @Test func summaryCountsWork() throws {
    let folder = ScratchFolder()
    let summary = try TraceSummary(file(TextTwinTests.canonical, folder, "a"))
    #expect(summary.dynamicRecords == 22 && summary.staticRecords == 14)
    #expect(summary.loadBytes == 193 && summary.macs == 4096 && summary.storeBytes == 0)
    #expect(summary.byOpcode.first { $0.opcode == .signal }?.records == 8)
  }
}
