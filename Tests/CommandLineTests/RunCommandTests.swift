import Foundation
import Testing

/// `palsim run` on the built binary: results, every kind of bad input, interruption.
@Suite struct RunCommandTests {
  let directory: TemporaryDirectory
  let trace = "traces/micro/matmul.pal.gz"
  let config = "configs/tiny.toml"

  init() throws { directory = try TemporaryDirectory() }

  private func run(_ extra: String...) throws -> Binary.Outcome {
    try Binary.run(["run", trace, "--config", config] + extra)
  }

  private func expectRefused(_ outcome: Binary.Outcome, code: Int32, saying words: String...) throws {
    #expect(outcome.code == code, "\(outcome.errors)")
    for word in words { #expect(outcome.errors.contains(word), "'\(word)' is not in: \(outcome.errors)") }
    #expect(outcome.errors.split(separator: "\n").count <= 6, "\(outcome.errors)")
    #expect(!outcome.errors.contains("Fatal error"))
  }

  @Test func writesTheWholeDirectory() throws {
    let out = directory.path("run")
    let outcome = try run("--out", out)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty, "quiet when piped: \(outcome.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: out)
    for name in ["summary.json", "timeline.paltl", "timeline.csv.gz", "layers.csv", "manifest.json"] {
      #expect(files.contains(name), "\(files)")
    }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(outcome.output)")
  }

  @Test func sameInputsGiveTheSameBytes() throws {
    for name in ["a", "b"] { #expect(try run("--out", directory.path(name)).code == 0) }
    for file in ["summary.json", "timeline.paltl", "layers.csv"] {
      let pair = ["a", "b"].map { FileManager.default.contents(atPath: directory.path("\($0)/\(file)")) }
      #expect(pair[0] == pair[1] && pair[0] != nil, "\(file)")
    }
  }

  @Test func anExistingDirectoryIsKept() throws {
    let out = directory.path("run")
    #expect(try run("--out", out).code == 0)
    try expectRefused(run("--out", out), code: 73, saying: "exists already", "--force")
    #expect(try run("--out", out, "--force").code == 0)
  }

  @Test func missingInputs() throws {
    try expectRefused(
      Binary.run("run", "no.pal.gz", "--config", config), code: 66, saying: "no.pal.gz")
    try expectRefused(Binary.run("run", trace, "--config", "no.toml"), code: 66, saying: "no.toml")
  }

  @Test func damagedTraces() throws {
    let bytes = try #require(FileManager.default.contents(atPath: "\(Binary.root)/\(trace)"))
    let cases: [(String, Data)] = [
      ("truncated", bytes.prefix(bytes.count / 2)), ("empty", Data()), ("text", Data("hello\n".utf8)),
      ("xz", Data([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0, 0])), ("flipped", flipped(bytes)),
    ]
    for (name, data) in cases {
      let path = directory.path("\(name).pal.gz")
      try data.write(to: URL(fileURLWithPath: path))
      let out = directory.path("out-\(name)")
      let outcome = try Binary.run("run", path, "--config", config, "--out", out)
      try expectRefused(outcome, code: 65, saying: "\(name).pal.gz")
      #expect(!FileManager.default.fileExists(atPath: out), "\(name) left a directory")
    }
    #expect(try directory.contents.allSatisfy { !$0.hasPrefix(".") }, "partial directories are left")
  }

  private func flipped(_ bytes: Data) -> Data {
    var bytes = bytes
    bytes[bytes.startIndex + bytes.count * 2 / 3] ^= 0x10
    return bytes
  }

  @Test func wrongConfiguration() throws {
    let path = try directory.write(
      "extends = \"\(Binary.root)/configs/tiny.toml\"\n[noc]\nlink_latensy = 3\n", to: "c.toml")
    try expectRefused(
      Binary.run("run", trace, "--config", path), code: 78, saying: "c.toml", "link_latensy", "link_latency")
  }

  @Test func aTraceThatDoesNotFitNamesTheCompileCommand() throws {
    let outcome = try Binary.run("run", "traces/resnet50.pal.gz", "--config", config)
    try expectRefused(outcome, code: 78, saying: "tiles", "palsim compile")
  }

  @Test func unwritablePlace() throws {
    try expectRefused(run("--out", "/proc/nowhere/run"), code: 73, saying: "/proc")
  }

  @Test func aFullDiskLeavesNothing() throws {
    let out = directory.path("run")
    // A limit on file sizes makes writes fail as a full disk does.
    let outcome = try Binary.shell(
      "trap '' XFSZ; ulimit -f 1; palsim run traces/resnet50.pal.gz --config configs/big.toml --out '\(out)'")
    #expect(outcome.code == 74, "\(outcome.code) \(outcome.errors)")
    let left = try directory.contents
    #expect(left.isEmpty, "\(left)")
  }

  @Test func wordsOfTheCommandLine() throws {
    try expectRefused(run("--ideal", "hbn"), code: 64, saying: "hbn", "hbm, noc")
    try expectRefused(run("--limit-cycles", "0"), code: 64, saying: "--limit-cycles")
  }

  @Test func aLimitMarksTheResult() throws {
    let out = directory.path("run")
    #expect(try run("--limit-cycles", "20", "--out", out).code == 0)
    let summary = try String(contentsOfFile: "\(out)/summary.json", encoding: .utf8)
    #expect(summary.contains("stopped by its limit at cycle"))
  }

  @Test func controlCGivesACompleteMarkedDirectory() throws {
    let out = directory.path("run")
    let long = directory.path("long.pal.gz")
    let text = try directory.write(LongTrace.text, to: "long.txt")
    #expect(try Binary.run("trace", "assemble", text, "-o", long).code == 0)
    // The signal is sent when the run has begun: its hidden directory is there.
    let outcome = try Binary.shell(
      """
      "\(Binary.path)" run '\(long)' --config \(config) --out '\(out)' & run=$!
      for try in $(seq 300); do ls -d '\(directory.root)'/.run.partial-* >/dev/null 2>&1 && break; sleep 0.1; done
      sleep 0.5; kill -INT $run; wait $run
      """)
    #expect(outcome.code == 130, "\(outcome.errors)")
    let summary = try String(contentsOfFile: "\(out)/summary.json", encoding: .utf8)
    #expect(summary.contains("interrupted at cycle"))
  }

  @Test func helpHasExamples() throws {
    let outcome = try Binary.run("run", "--help")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("palsim run traces/resnet50.pal.gz --config configs/big.toml"))
  }
}

/// A trace that runs for minutes on the tiny machine: the loop of `traces/micro/repeat.txt`, nested.
enum LongTrace {
  static let text = """
    palsim-trace 1.0
    producer "palsim tests"
    command ""
    requires chips 1 tiles 1 sram 4096 accumulator 0 hbm 1048576
    format "INT8" 8 "s1 i7"
    tensor "input" input format 0 at 0x0 bytes 4096 shape 4096
    stream 0.0
      repeat 100000 {
        repeat 100000 {
          load input +0x0 run 64 -> 0x0 run 64 after 1
          vector relu INT8 64 0x0 run 64 -> 0x100 run 64 after 1
        }
      }
    """
}
