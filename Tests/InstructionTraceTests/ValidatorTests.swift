import Foundation
import InstructionTrace
import Testing

@Suite struct ValidatorTests {
  private static func report(
    _ header: TraceHeader, _ keys: [StreamKey], _ streams: [[Instruction]], limit: Int = 10_000
  ) throws -> ValidationReport {
    let folder = ScratchFolder()
    try writeTrace(folder.file(), header, keys, streams)
    return try TraceValidator.validate(TraceFile(path: folder.file()), limit: limit)
  }

  @Test func agreesWithTheNaiveTwin() throws {
    var (cycles, races, clean) = (0, 0, 0)
    for seed in UInt64(1)...1200 {
      var machine = RandomMachine(seed: seed)
      let density: Int64 = [5, 40, 90, 100][Int(seed % 4)]
      let streams = machine.trace(density: density)
      let report = try Self.report(machine.header, machine.keys, streams)
      let naive = NaiveOrder(machine.header, machine.keys, streams)
      let kinds = Set(report.findings.map(\.kind))
      if naive.isCyclic {
        cycles += 1
        #expect(kinds.contains(.cycle), "seed \(seed): a cycle was missed")
        continue
      }
      let expected = naive.races()
      #expect(!kinds.contains(.cycle), "seed \(seed): \(report.findings)")
      #expect(expected.isEmpty == report.isClean, "seed \(seed): expected \(expected), found \(report.findings)")
      for finding in report.findings {
        let places = [finding.place, finding.other].compactMap { $0 }.map { [$0.stream, Int($0.record)] }.sorted {
          $0.lexicographicallyPrecedes($1)
        }
        #expect(expected.contains(places.flatMap { $0 }), "seed \(seed): false alarm \(finding)")
      }
      if expected.isEmpty { clean += 1 } else { races += 1 }
    }
    // The generator must exercise each answer.
    #expect(cycles > 50 && races > 200 && clean > 60, "cycles \(cycles) races \(races) clean \(clean)")
  }

  /// A trace from the text twin's record lines, on two tiles with one 4x4 array each.
  private func report(_ body: String, header: String = "") throws -> ValidationReport {
    let folder = ScratchFolder()
    let text = """
      palsim-trace 1.0
      requires chips 1 tiles 2 sram 1024 accumulator 64 hbm 4096
      array 4x4x2 "weight-stationary" "int8"
      format "int8" 8 "s1 i7"
      tensor "a" input format 0 at 0x0 bytes 1024 shape 32x32
      tensor "b" output format 0 at 0x400 bytes 1024 shape 32x32
      tile-set 0,1
      \(header)
      \(body)
      """
    try TextTwin.assemble(text, name: "text", to: folder.file())
    return try TraceValidator.validate(TraceFile(path: folder.file()))
  }

  @Test(arguments: [
    ("load a +0x3f0 run 32 -> 0x0 run 32", "address", "touches bytes 1008..<1040 of tensor a, which has 1024"),
    ("load a -0x1 run 1 -> 0x0 run 1", "address", "touches bytes -1..<0"),
    ("load a +0x0 run 1 -> 0x3f0 run 32", "address", "scratchpad bytes 1008..<1040, but there are 1024"),
    ("load a +0x0 run 1 -> acc:0x20 run 64", "address", "accumulator bytes 32..<96, but there are 64"),
    ("load a +0x0 run 1 x2147483647/9223372036854775807 -> 0x0 run 1", "address", "of tensor a"),
    ("load a +0x0 run 1 x2147483647/0 -> 0x0 run 1", "address", "2147483647 pieces"),
    ("load %7 +0x0 run 1 -> 0x0 run 1", "index", "tensor 7 is not there: the header has 2"),
    ("load a +0x0 run 1 -> 0x0 run 1 multicast 3", "index", "tile set 3 is not there: the header has 1"),
    ("copy 0x0 run 1 -> tile 2 0x0 run 1", "index", "tile 2 is not there"),
    ("matmul 1 int8 1x1x1 0x0 run 1 -> 0x20 run 1", "index", "MAC array 1 is not there"),
    ("vector add %4 1 0x0 run 1 -> 0x20 run 1", "index", "format 4 is not there"),
    ("vector add int8 1 0x0 run 1 -> 0x20 run 1 statistics 1,0", "index", "operand statistics 0 is not there"),
    ("region-begin 0", "index", "region 0 is not there"),
    ("preload 0 int8 9x4 0x0 run 36", "shape", "k is 9, but MAC array 0 (4x4x2 weight-stationary) takes 1...8"),
    ("matmul 0 int8 1x5x8 0x0 run 8 -> 0x20 run 20", "shape", "n is 5, but"),
    ("wait 4 signals 1 waiters 1", "token", "token 4 is waited for, but never signalled"),
    ("signal 4", "token", "token 4 is signalled, but nothing waits for it"),
    ("signal 4\nwait 4 signals 2 waiters 1", "token", "token 4 receives 1 signals, but its waits state 2"),
    ("signal 4\nwait 4 signals 1 waiters 2", "token", "has 1 waits, but they state 2 waiters"),
    ("signal 4\nwait 4 signals 1 waiters 2\nwait 4 signals 3 waiters 2", "token", "and elsewhere 1 and 2"),
    ("barrier 1", "barrier", "names no tile set"),
    ("barrier 1 set 0", "barrier", "tile 1 of chip 0 arrives 0 times at barrier 1, another tile of the set 1 times"),
    ("wait 4 signals 1 waiters 1\nsignal 4", "cycle", "needs the signal of token 4, record 1 of stream 0"),
  ])
  func faultsAreFound(body: String, kind: String, words: String) throws {
    let findings = try report("stream 0.0\n" + body).findings
    #expect(findings.count == 1 || kind == "token", "\(findings)")
    #expect(findings.first?.kind.rawValue == kind && findings.first?.message.contains(words) == true, "\(findings)")
    if kind != "barrier" { #expect(findings.first?.place?.stream == 0) }
  }

  @Test func faultsOfTheHeaderAreFound() throws {
    let header = """
      tile-set 1,0
      tile-set 5
      tensor "c" output format 3 at 0xfff bytes 2
      """
    let messages = try report("stream 2.7", header: header).findings.map(\.message)
    #expect(messages.count == 5)
    for words in [
      "chip 2 tile 7", "tile set 1 is not in ascending", "set 2 names tile 5", "c has format 3", "c lies at",
    ] {
      #expect(messages.contains { $0.contains(words) }, "\(words): \(messages)")
    }
  }

  @Test func addressesAtTheEndOfSixtyFourBitsAreFound() throws {
    let most = UInt64.max
    let header = """
      requires chips 1 tiles 2 sram \(most) accumulator \(most) hbm \(most)
      tensor "z" output format 0 at 0xfffffffffffffff0 bytes 15
      """
    let body = "stream 0.0\nload z +0x0 run 15 -> acc:0x7fffffff7ffffff0 run 1\nstore 0x7fffffff run 1 -> z +0x0 run 15"
    let findings = try report(body, header: header).findings
    #expect(findings.map(\.kind) == [.address, .address])
  }

  @Test func cycleThroughTwoStreamsIsPrinted() throws {
    let body = """
      stream 0.0
      wait 1 signals 1 waiters 1
      signal 2
      stream 0.1
      wait 2 signals 1 waiters 1
      barrier 9 set 0
      signal 1
      """
    let missing = try report(body)
    #expect(missing.findings.map(\.kind) == [.barrier])
    let cycle = try report(body.replacingOccurrences(of: "signal 2", with: "signal 2\nbarrier 9 set 0"))
    #expect(cycle.findings.map(\.kind) == [.cycle])
    let message = cycle.findings.first?.message ?? ""
    #expect(message.contains("record 0 of stream 0 (wait 1) needs the signal of token 1, record 2 of stream 1"))
    #expect(message.contains("record 0 of stream 1 (wait 2) needs the signal of token 2, record 1 of stream 0"))
  }

  @Test func raceNamesBothRecordsAndBytes() throws {
    let body = """
      stream 0.0
      load a +0x0 run 32 -> 0x0 run 32
      vector relu int8 32 0x0 run 32 -> 0x20 run 32
      """
    let finding = try #require(try report(body).findings.first)
    #expect(finding.kind == .race && finding.place?.record == 1 && finding.other?.record == 0)
    #expect((finding.place?.byteOffset ?? 0) > 0)
    #expect(finding.description.contains("stream 0 (chip 0 tile 0), record 1, byte"))
    #expect(try report(body + " after 1").isClean)
    // Granules of 32 bytes in local memory, single bytes in HBM.
    #expect(
      try !report(
        body.replacingOccurrences(of: "relu int8 32 0x0 run 32", with: "relu int8 1 none")
          .replacingOccurrences(of: "-> 0x20 run 32", with: "-> 0x1f run 1")
      ).isClean)
    let stores = "stream 0.0\nstore 0x0 run 1 x9/2 -> b +0x0 run 1 x9/2\nstore 0x0 run 1 x9/2 -> b +0x1 run 1 x9/2"
    #expect(try report(stores).isClean)
    #expect(try !report(stores.replacingOccurrences(of: "+0x1", with: "+0x2")).isClean)
  }

  /// Dependencies beyond the ring of clocks are remembered one by one.
  @Test func farDependenciesOrder() throws {
    let middle = "\nrepeat 40000 {\nmark 0\n}\n"
    let body = "stream 0.0\nload a +0x0 run 32 -> 0x0 run 32" + middle + "vector relu int8 32 0x0 run 32 -> 0x20 run 32"
    #expect(try report(body + " after 40001").isClean)
    #expect(try report(body + " after 40000").findings.map(\.kind) == [.race])
  }

  @Test func everyDependencyOfTheMicroTracesIsNeeded() throws {
    let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../traces/micro").standardized.path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".txt") }.sorted()
    var used: Set<String> = []
    var deletions = 0
    for name in names {
      let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
      #expect(try validate(text).isClean, "\(name)")
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for (number, line) in lines.enumerated() {
        let words = line.split(separator: " ").map(String.init)
        if let first = words.first, line.hasPrefix("  ") { used.insert(first) }
        guard let after = words.firstIndex(of: "after"), !line.hasPrefix("#") else { continue }
        let distances = words[after + 1].split(separator: ",").map(String.init)
        for deleted in distances.indices {
          var changed = lines
          var rest = distances
          rest.remove(at: deleted)
          let clause = rest.isEmpty ? "" : "after " + rest.joined(separator: ",")
          changed[number] = line.replacingOccurrences(of: "after \(words[after + 1])", with: clause)
          let report = try validate(changed.joined(separator: "\n"))
          #expect(report.findings.contains { $0.kind == .race }, "\(name):\(number + 1) without \(distances[deleted])")
          deletions += 1
        }
      }
    }
    #expect(deletions > 25)
    #expect(Set(Opcode.allCases.map(\.name)).isSubset(of: used), "opcodes without a micro trace")
  }

  private func validate(_ text: String) throws -> ValidationReport {
    let folder = ScratchFolder()
    try TextTwin.assemble(text, name: "micro", to: folder.file())
    return try TraceValidator.validate(TraceFile(path: folder.file()))
  }
}
