import Foundation
import Testing

/// `palsim trace` as a user meets it: output, messages and exit codes.
@Suite struct TraceCommandTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-cli-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  /// Runs a shell script in a fresh folder; `palsim` is the program under test.
  private func shell(_ script: String) throws -> (code: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let program = Bundle.main.bundleURL.appendingPathComponent("palsim").path
    process.arguments = ["-c", "palsim() { \"\(program)\" \"$@\"; }; " + script]
    process.currentDirectoryURL = folder
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  private var micro: String {
    URL(fileURLWithPath: #filePath).appendingPathComponent("../../../traces/micro").standardized.path
  }

  @Test func aTraceGoesThroughEveryCommand() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let assembled = try shell("palsim trace assemble '\(micro)/matmul.txt' -o a.pal.gz")
    #expect(assembled.code == 0 && assembled.output.hasPrefix("a.pal.gz: digest "))
    #expect(try shell("palsim trace validate a.pal.gz").output.contains("9 records in 1 streams, no findings"))
    #expect(try shell("palsim trace dump a.pal.gz | palsim trace assemble - -o b.pal.gz").code == 0)
    #expect(try shell("palsim trace diff a.pal.gz b.pal.gz").code == 0)
    let info = try shell("palsim trace info a.pal.gz")
    #expect(info.output.contains("MACs              8192"))
    #expect(info.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let json = try JSONSerialization.jsonObject(with: Data(shell("palsim trace info --json a.pal.gz").output.utf8))
    #expect((json as? [String: Any])?["macs"] as? Int == 8192)
  }

  @Test func findingsAndDifferencesExitWithOne() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let race = try shell(
      "sed 's/ after 1//' '\(micro)/load.txt' | palsim trace assemble - -o a.gz && palsim trace validate a.gz")
    #expect(race.code == 1 && race.output.contains("race: ") && race.output.contains("1 finding\n"))
    let other = try shell("palsim trace assemble '\(micro)/load.txt' -o b.gz && palsim trace diff a.gz b.gz")
    #expect(other.code == 1 && other.output.contains("the first difference"))
  }

  @Test(arguments: [
    ("palsim trace info missing.gz", 66, "No such file"),
    ("palsim trace info .", 66, "directory"),
    ("echo hello > x; palsim trace dump x", 65, "plain text"),
    ("echo 'palsim-trace 1.0\nlod' > x; palsim trace assemble x -o y", 65, "x:2:1: expected"),
    ("echo 'palsim-trace 1.0' > x; palsim trace assemble x -o no/such/y", 73, "cannot create"),
    ("palsim trace validate x --limit 0", 64, "at least 1"),
  ])
  func faultsHaveDocumentedExitCodes(script: String, code: Int32, words: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let result = try shell(script)
    #expect(result.code == code && result.output.contains(words), "\(result)")
    #expect(code == 64 || result.output.split(separator: "\n").count == 1)
  }

  /// A limit on the size of files stands in for a full disk.
  @Test func fullDiskLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var state: UInt64 = 1
    let marks = (0..<60_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return "mark \(state >> 2)"
    }
    let text = "palsim-trace 1.0\nstream 0.0\n" + marks.joined(separator: "\n")
    try text.write(to: folder.appendingPathComponent("x"), atomically: true, encoding: .utf8)
    let result = try shell("trap '' XFSZ; ulimit -f 100; palsim trace assemble x -o y")
    #expect(result.code == 74 && result.output.contains("writing failed"), "\(result)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x"])
  }
}
