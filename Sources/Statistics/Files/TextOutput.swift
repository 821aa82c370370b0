import Foundation

/// Text to a new file, or to standard output when there is no path.
public final class TextOutput {
  private let file: OutputFile?

  /// Throws a `ResultFault` when the file cannot be created.
  public init(path: String?) throws { file = try path.map { try OutputFile(path: $0) } }

  /// Throws a `ResultFault` when the text cannot be written.
  public func write(_ text: String) throws {
    if let file { return try file.write(Array(text.utf8)) }
    do { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) } catch {
      throw ResultFault(.failed, "cannot write to the terminal: \(systemError())")
    }
  }
}
