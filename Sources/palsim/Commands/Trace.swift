import ArgumentParser
import Foundation
import InstructionTrace

/// `palsim trace`: everything about trace files.
struct Trace: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Look into, convert, check and compare instruction traces.",
    discussion: """
      A trace (.pal.gz) says what each tile of a machine does, never when. docs/trace-format.md has the format.

      Exit codes: 65 the trace is damaged or no trace, 66 it cannot be opened, 73 an output cannot be created, \
      74 writing failed; diff and validate also exit with 1 when there is something to report.
      """,
    subcommands: [
      TraceInfo.self,
      TraceDump.self,
      TraceAssemble.self,
      TraceValidate.self,
      TraceDiff.self,
    ]
  )
}

/// What the trace commands share.
enum TraceCommand {
  /// Opens a trace; its notices go to the error output.
  static func open(_ path: String) throws -> TraceFile {
    try reporting {
      let file = try TraceFile(path: path)
      for notice in file.notices { complain("palsim: \(notice)") }
      return file
    }
  }

  /// Turns a trace's error into one message and its documented exit code.
  static func reporting<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as TraceError {
      complain("palsim: \(error)")
      throw ExitCode(error.exitCode)
    }
  }

  static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// The contents of a text file, or of the standard input for "-".
  static func text(of path: String) throws -> String {
    guard let file = fopen(path == "-" ? "/dev/stdin" : path, "r") else {
      throw TraceError(.cannotOpen, "cannot open the text: \(String(cString: strerror(errno)))", path: path)
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      bytes += buffer[..<count]
      if count < buffer.count { break }
    }
    guard ferror(file) == 0 else {
      throw TraceError(.cannotOpen, "reading failed: \(String(cString: strerror(errno)))", path: path)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TraceError(.badText, "this is no UTF-8 text, expected the text twin of a trace", path: path)
    }
    return text
  }
}
