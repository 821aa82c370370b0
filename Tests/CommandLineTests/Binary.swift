import Foundation

/// Runs the built `palsim` binary as a user would.
enum Binary {
  struct Outcome {
    var code: Int32
    var output: String
    var errors: String
  }

  /// The root of the checkout: tests run on shipped configurations and traces.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The executable beside the test bundle.
  static let path: String = {
    let beside = ["/proc/self/exe", CommandLine.arguments[0]].map {
      URL(fileURLWithPath: $0).resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("palsim")
        .path
    }
    let built = ["testing/release", "testing/debug", "debug", "release"].map { "\(root)/.build/\($0)/palsim" }
    return (beside + built).first { FileManager.default.isExecutableFile(atPath: $0) } ?? "palsim"
  }()

  /// Runs `palsim` with arguments, in the root of the checkout.
  static func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

  static func run(_ arguments: [String]) throws -> Outcome { try launch(path, arguments) }

  /// Runs a shell line in which `palsim` is the built binary.
  static func shell(_ line: String) throws -> Outcome {
    try launch("/bin/bash", ["-c", "palsim() { \"\(path)\" \"$@\"; }; " + line])
  }

  static func launch(_ executable: String, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: root)
    let directory = try TemporaryDirectory()
    let output = directory.path("output")
    let errors = directory.path("errors")
    for file in [output, errors] { FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}

/// A directory that is gone when the test is over.
final class TemporaryDirectory {
  let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    return path(name)
  }

  var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: root).sorted() }
  }
}
