import Foundation
import InstructionTrace
import Testing

@Suite struct TextTwinTests {
  @Test(arguments: 100...130) func binaryTextBinaryKeepsTheDigest(seed: Int) throws {
    let folder = ScratchFolder()
    let original = try writeRandomTrace(folder.file(), seed: UInt64(seed), records: seed == 100 ? 20_000 : 200)
    let text = try TextTwin.text(of: TraceFile(path: folder.file()))
    let digest = try TextTwin.assemble(text, name: "text", to: folder.file("again"))
    #expect(digest == original.digest, "seed \(seed)")
    #expect(try TextTwin.text(of: TraceFile(path: folder.file("again"))) == text, "seed \(seed)")
  }

  static let canonical = """
    palsim-trace 1.0
    producer "hand"
    command ""
    requires chips 1 tiles 2 sram 65536 accumulator 4096 hbm 1048576
    array 16x16x32 "weight-stationary" "int8"
    format "int8" 8 "s1 i7"
    tensor "weights" weight format 0 at 0x1000 bytes 4096 shape 64x64
    tile-set 0,1
    stream 0.0
      load weights +0x100 run 64 x3/128 -> 0x400 run 192 after 1,2
      load weights -0x10 run 1 -> acc:0x40 run 1 multicast 0
      preload 0 int8 16x16 0x0 run 16 x16/16
      matmul 0 int8 16x16x16 accumulate 0x0 run 256 -> acc:0x0 run 1024 statistics 1,0 after 1
      repeat 4 {
        vector add int8 64 0x0 run 64, 0x40 run 64 -> 0x80 run 64 step source 64 @0, destination -64 @0
        repeat 2 {
          signal 7 step token 1 @1
        }
      }
    stream 0.1
      vector reciprocal-square-root %9 1 none -> -0x1 run 1 x1/5
      wait 7 signals 1 waiters 1
      barrier 3 set 0
      region-begin 0
      region-end -5
      mark 9223372036854775807

    """

  @Test func textBinaryTextIsIdentity() throws {
    let folder = ScratchFolder()
    try TextTwin.assemble(Self.canonical, name: "hand", to: folder.file())
    #expect(try TextTwin.text(of: TraceFile(path: folder.file())) == Self.canonical)
  }

  @Test func commentsBlanksAndHexadecimalAreAllowed() throws {
    let folder = ScratchFolder()
    let loose = Self.canonical.replacingOccurrences(of: "after 1,2", with: "\tafter 1 , 2   # two\r\n\n# more")
      .replacingOccurrences(of: "chips 1", with: "chips 0x1")
    try TextTwin.assemble(loose, name: "hand", to: folder.file())
    #expect(try TextTwin.text(of: TraceFile(path: folder.file())) == Self.canonical)
  }

  @Test(arguments: [
    ("load weights", "lod weights", "hand:10:3: ", "nearest legal word is load"),
    ("vector add int8", "vector ad int8", "hand:15:12: ", "nearest legal word is add"),
    ("load weights +0x100", "load wights +0x100", "hand:10:8: ", "nearest legal word is weights"),
    ("after 1,2", "after 0,2", "hand:10:60: ", "at least 1"),
    ("after 1,2", "affter 1,2", "hand:10:54: ", "nearest legal word is after"),
    ("run 64 x3/128", "run 0 x3/128", "hand:10:", "at least 1"),
    ("run 64 x3/128", "run 64 x3,128", "hand:10:", "xCOUNT/STRIDE"),
    ("signal 7 step token 1 @1", "signal 7 step token 1 @2", "hand:17:", "level 2"),
    ("repeat 4 {", "repeat 0 {", "hand:14:", "0 times"),
    ("tile-set 0,1", "tileset 0,1", "hand:8:1: ", "nearest legal word is tile-set"),
    ("format \"int8\"", "format \"int8", "hand:6:", "double quote"),
    ("palsim-trace 1.0", "palsim-trace 2.0", "hand:1:14: ", "version 1.x"),
    ("stream 0.1", "stream 0.0", "hand:20:", "not there before"),
    ("stream 0.1", "all-reduce 1\nstream 0.1", "hand:20:", "reserved"),
    ("mark 9223372036854775807", "mark 9223372036854775808", "hand:26:8: ", "a number"),
    ("16x16x16 accumulate", "16x16 accumulate", "hand:13:", "MxNxK"),
    ("wait 7 signals 1 waiters 1", "wait 7 signals 1", "hand:22:", "end of the line"),
    ("mark 9223372036854775807", "}", "hand:26:", "did not begin"),
  ])
  func faultsNamePlaceAndExpectation(good: String, bad: String, place: String, words: String) throws {
    let folder = ScratchFolder()
    let text = Self.canonical.replacingOccurrences(of: good, with: bad)
    let error = traceError { try TextTwin.assemble(text, name: "hand", to: folder.file()) }
    let message = error?.description ?? "no error"
    #expect(message.hasPrefix(place) && message.contains(words), "\(message)")
    #expect(error?.exitCode == 65)
    #expect(folder.contents.isEmpty)
  }
}
