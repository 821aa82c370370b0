import Foundation
import Testing

/// What the commands write besides run directories: printed text, traces, CSV.
@Suite struct OutputTests {
  let directory: TemporaryDirectory
  let trace = "traces/micro/matmul.pal.gz"

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: [
    "run traces/micro/matmul.pal.gz --config configs/tiny.toml", "trace dump traces/resnet50.pal.gz",
    "trace info traces/micro/matmul.pal.gz", "config show configs/tiny.toml", "config explain hbm",
  ])
  func aFullDiskBehindTheStandardOutput(_ command: String) throws {
    // A limit on file sizes makes writes fail as a full disk does.
    let outcome = try Binary.shell(
      "trap '' XFSZ; ulimit -f 1; printf '%1024s' > '\(directory.path("out"))'; "
        + "palsim \(command) >> '\(directory.path("out"))' 2> >(cat >&2)")
    #expect(outcome.code == 74, "\(outcome.code) \(outcome.errors)")
  }

  /// A rename into place would put a file where the link or pipe was.
  @Test func aTraceGoesThroughALinkAndAPipe() throws {
    let link = directory.path("link.pal.gz")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory.path("target.pal.gz"))
    #expect(try Binary.run("trace", "assemble", "traces/micro/matmul.txt", "-o", link).code == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == directory.path("target.pal.gz"))
    #expect(try Binary.run("trace", "diff", trace, directory.path("target.pal.gz")).code == 0)

    let piped = try Binary.shell(
      "mkfifo '\(directory.path("pipe"))'; cat '\(directory.path("pipe"))' > '\(directory.path("copy.pal.gz"))' & "
        + "palsim trace assemble traces/micro/matmul.txt -o '\(directory.path("pipe"))' && wait && "
        + "test -p '\(directory.path("pipe"))'")
    #expect(piped.code == 0, "\(piped.errors)")
    #expect(try Binary.run("trace", "diff", trace, directory.path("copy.pal.gz")).code == 0)
  }

  /// Every byte of a member counts: none may change unnoticed, not even those that no checksum covers.
  @Test func everyFlippedByteIsNoticedOrHarmless() throws {
    let bytes = try #require(FileManager.default.contents(atPath: "\(Binary.root)/\(trace)"))
    for place in 4..<10 {
      var damaged = bytes
      damaged[damaged.startIndex + place] ^= 0x10
      let path = directory.path("flipped.pal.gz")
      try damaged.write(to: URL(fileURLWithPath: path))
      let outcome = try Binary.run("trace", "info", path)
      #expect(outcome.code == 65 && outcome.errors.contains("gzip header"), "byte \(place): \(outcome.errors)")
    }
  }
}
