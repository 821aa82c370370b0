import Foundation
import InstructionTrace
import Testing

@Suite struct ContainerTests {
  @Test(arguments: 1...40) func everyRecordComesBack(seed: Int) throws {
    let folder = ScratchFolder()
    let records = seed == 1 ? 30_000 : 400
    let (digest, expected) = try writeRandomTrace(folder.file(), seed: UInt64(seed), records: records)
    let file = try TraceFile(path: folder.file())
    #expect(file.digest == digest)
    #expect(file.header == richHeader())
    #expect(file.notices.isEmpty)
    for stream in expected.indices {
      let found = try InstructionTraceTests.records(file, stream: stream)
      #expect(file.streams[stream].dynamicRecords == UInt64(expected[stream].count), "seed \(seed)")
      let difference = zip(found, expected[stream]).enumerated().first { $0.element.0 != $0.element.1 }
      #expect(found.count == expected[stream].count && difference == nil, "seed \(seed)")
    }
    if seed == 1 { #expect(file.streams.allSatisfy { $0.members > 2 }) }
  }

  @Test func digestDoesNotDependOnCompressionOrBlocking() throws {
    let folder = ScratchFolder()
    let fast = try writeRandomTrace(folder.file("1"), seed: 7, records: 9000, level: 1)
    let small = try writeRandomTrace(folder.file("9"), seed: 7, records: 9000, level: 9)
    #expect(fast.digest == small.digest)
    #expect(bytes(of: folder.file("1")) != bytes(of: folder.file("9")))
    try shell("gzip -dc < \(folder.file("1")) | gzip -c > \(folder.file("plain.gz"))")
    let plain = try TraceFile(path: folder.file("plain.gz"))
    #expect(plain.digest == fast.digest)
    #expect(plain.notices.count == 1 && plain.notices[0].contains("re-blocked"))
    for stream in fast.expected.indices {
      #expect(try records(plain, stream: stream) == fast.expected[stream])
    }
  }

  @Test func digestDoesNotDependOnInterleaving() throws {
    let folder = ScratchFolder()
    let keys = [StreamKey(chip: 0, tile: 0), StreamKey(chip: 0, tile: 1)]
    var mark = Instruction(.mark)
    var alternating = try TraceWriter(path: folder.file("a"), header: TraceHeader(), streams: keys)
    for n in 0..<80_000 {
      mark.value = Int64(n / 2)
      try alternating.append(mark, to: n % 2)
    }
    var inTurn = try TraceWriter(path: folder.file("b"), header: TraceHeader(), streams: keys)
    for n in 0..<80_000 {
      mark.value = Int64(n % 40_000)
      try inTurn.append(mark, to: n / 40_000)
    }
    let first = try alternating.finish()
    let second = try inTurn.finish()
    #expect(first == second)
  }

  @Test func gunzipAcceptsTheFile() throws {
    let folder = ScratchFolder()
    _ = try writeRandomTrace(folder.file(), seed: 3)
    try shell("gzip -t < \(folder.file())")
  }

  @Test func manyStreamsOpenLazily() throws {
    let folder = ScratchFolder()
    let keys = (0..<1000).map { StreamKey(chip: UInt32($0 / 100), tile: UInt32($0 % 100)) }
    var writer = try TraceWriter(path: folder.file(), header: TraceHeader(), streams: keys)
    var mark = Instruction(.mark)
    for n in 0..<3000 {
      mark.value = Int64(n)
      try writer.append(mark, to: n % 1000)
    }
    _ = try writer.finish()
    let file = try TraceFile(path: folder.file())
    #expect(file.streams.map(\.key) == keys)
    #expect(try records(file, stream: 999).map(\.value) == [999, 1999, 2999])
  }

  @Test func onlyTheLastOfManyStreamsHasRecords() throws {
    let keys = (0..<1000).map { StreamKey(chip: 0, tile: UInt32($0)) }
    let last = [Instruction](repeating: Instruction(.mark), count: 3)
    let file = try TemporaryTrace.write(TraceHeader(), keys.map { ($0, $0.tile == 999 ? last : []) })
    #expect(try records(file, stream: 999) == last)
    #expect(try records(file, stream: 500).isEmpty)
  }

  @Test func recordCountsDoNotWrapRound() throws {
    let huge = "repeat 2147483648 {\nrepeat 1073741824 {\nmark 0\n}\n}\n"
    #expect(throws: Never.self) { try TemporaryTrace.assemble("palsim-trace 1.0\nstream 0.0\n" + huge) }
    for count in [2, 8, 9] {
      let side = String(repeating: huge, count: count)
      let error = traceError { _ = try TemporaryTrace.assemble("palsim-trace 1.0\nstream 0.0\n" + side) }
      #expect(error?.message.contains("over 2^62 records") == true, "\(count) side by side")
      let nested = traceError {
        _ = try TemporaryTrace.assemble("palsim-trace 1.0\nstream 0.0\nrepeat 1 {\n" + side + "}\n")
      }
      #expect(nested?.message.contains("over 2^62 records") == true, "\(count) nested")
    }
  }

  @Test func positionNamesMemberRecordAndCounters() throws {
    let folder = ScratchFolder()
    var writer = try TraceWriter(path: folder.file(), header: TraceHeader(), streams: [StreamKey(chip: 0, tile: 0)])
    try writer.append(Instruction(.mark), to: 0)
    try writer.beginRepeat(count: 3, stream: 0)
    try writer.append(Instruction(.regionEnd), to: 0)
    try writer.beginRepeat(count: 2, stream: 0)
    try writer.append(Instruction(.mark), to: 0)
    try writer.endRepeat(stream: 0)
    try writer.endRepeat(stream: 0)
    _ = try writer.finish()
    var cursor = try TraceFile(path: folder.file()).makeCursor(stream: 0)
    var instruction = Instruction()
    for _ in 0..<7 { #expect(try cursor.next(into: &instruction)) }
    // 1 mark, then (end, mark, mark) twice: record 7 is the last mark of the second round.
    let position = cursor.position
    #expect(position.member == 1 && position.dynamicRecord == 7)
    #expect(position.counters == [1, 1, 0, 0])
    for _ in 0..<3 { #expect(try cursor.next(into: &instruction)) }
    #expect(try !cursor.next(into: &instruction))
    #expect(try !cursor.next(into: &instruction))
  }

  @Test func failedWritersLeaveNothing() throws {
    let folder = ScratchFolder()
    do {
      var writer = try TraceWriter(path: folder.file(), header: TraceHeader(), streams: [StreamKey(chip: 0, tile: 0)])
      try writer.append(Instruction(.mark), to: 0)
    }
    #expect(folder.contents.isEmpty)
    let missing = traceError {
      _ = try TraceWriter(path: folder.path + "/no/such/x", header: TraceHeader(), streams: [])
    }
    #expect(missing?.category == .cannotCreate && missing?.exitCode == 73)
    let directory = traceError { _ = try TraceWriter(path: folder.path, header: TraceHeader(), streams: []) }
    #expect(directory?.description.contains("directory") == true)
  }

  @Test func temporaryTracesHaveNoName() throws {
    let assembled = try TemporaryTrace.assemble(TextTwinTests.canonical)
    #expect(try TextTwin.text(of: assembled) == TextTwinTests.canonical)
    #expect(!FileManager.default.fileExists(atPath: assembled.path))
    let all = try [0, 1].map { (assembled.streams[$0].key, try records(assembled, stream: $0)) }
    let written = try TemporaryTrace.write(assembled.header, all)
    #expect(try records(written, stream: 0) == all[0].1)
    #expect(!FileManager.default.fileExists(atPath: written.path))
  }

  @Test func writerRefusesWhatTheFormatCannotHold() throws {
    let folder = ScratchFolder()
    func refusal(_ body: (inout TraceWriter) throws -> Void) -> TraceError? {
      traceError {
        var writer = try TraceWriter(path: folder.file(), header: TraceHeader(), streams: [StreamKey(chip: 0, tile: 0)])
        try body(&writer)
        _ = try writer.finish()
      }
    }
    var zero = Instruction(.mark)
    zero.addDependency(distance: 0)
    #expect(refusal { try $0.append(zero, to: 0) }?.message.contains("distance is 0") == true)
    var negative = Instruction(.load)
    negative.hbm.run = -1
    #expect(refusal { try $0.append(negative, to: 0) }?.message.contains("hbm: the run is -1") == true)
    #expect(refusal { try $0.endRepeat(stream: 0) }?.message.contains("did not begin") == true)
    #expect(refusal { try $0.beginRepeat(count: 0, stream: 0) }?.message.contains("0 times") == true)
    #expect(refusal { try $0.beginRepeat(count: 2, stream: 0) }?.message.contains("inside a repeat") == true)
    let stride = OperandStride(level: 0, field: .hbm, step: 1)
    #expect(
      refusal { try $0.append(Instruction(.mark), strides: [stride], to: 0) }?.message.contains("level 0") == true)
    let large = refusal { writer in
      try writer.beginRepeat(count: 2, stream: 0)
      for n in 0..<40_000 {
        var mark = Instruction(.mark)
        mark.value = Int64(n)
        try writer.append(mark, to: 0)
      }
      try writer.endRepeat(stream: 0)
    }
    #expect(large?.message.contains("expected at most 65536") == true)
    #expect(folder.contents.isEmpty)
  }
}

func shell(_ command: String) throws {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments = ["-c", command]
  try process.run()
  process.waitUntilExit()
  #expect(process.terminationStatus == 0, "\(command)")
}
