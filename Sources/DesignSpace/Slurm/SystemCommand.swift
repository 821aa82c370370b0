import Foundation

/// Programs of the system, run to their end.
struct SystemCommand {
  struct Outcome {
    var code: Int32
    var output: String
    var errors: String
  }

  let executable: String

  /// The program of a name in the folders of a search path; nil when it is in none.
  init?(_ name: String, path: String) {
    let places = path.split(separator: ":").map { "\($0)/\(name)" }
    guard let place = places.first(where: FileManager.default.isExecutableFile) else { return nil }
    executable = place
  }

  /// Runs it in a process group of its own: Ctrl-C in the terminal is for palsim alone.
  /// - Throws: `SweepFault` (74) when it cannot be started.
  func run(_ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), tmpfile())
    process.standardOutput = output
    process.standardError = errors.map { FileHandle(fileDescriptor: fileno($0)) } ?? .nullDevice
    do { try process.run() } catch {
      throw SweepFault("cannot run '\(executable)': \(error.localizedDescription)", exitCode: 74)
    }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self), errors: Self.content(errors))
  }

  /// What was written to a temporary file; closes it.
  private static func content(_ file: UnsafeMutablePointer<FILE>?) -> String {
    guard let file else { return "" }
    defer { fclose(file) }
    rewind(file)
    var text: [UInt8] = []
    while true {
      let byte = getc(file)
      if byte == EOF { break }
      text.append(UInt8(truncatingIfNeeded: byte))
    }
    return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
