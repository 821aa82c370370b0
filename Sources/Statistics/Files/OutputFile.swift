import Foundation

/// A new file written front to back. Every failure (no permission, disk full) is one `ResultFault` that names the file.
final class OutputFile {
  let path: String
  private let descriptor: Int32
  @exclusivity(unchecked) private(set) var size: Int64 = 0

  /// Creates the file; one that exists is replaced.
  init(path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw ResultFault(.cannotCreate, "cannot create '\(path)': \(systemError())") }
  }

  deinit { close(descriptor) }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { throw ResultFault(.failed, "cannot write '\(path)': \(systemError())") }
      rest = rest.dropFirst(written)
      size += Int64(written)
    }
  }

  func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

  /// Writes a whole text file.
  static func write(_ text: String, to path: String) throws { try OutputFile(path: path).write(Array(text.utf8)) }
}

/// What the system said about the last failed call.
func systemError() -> String { String(cString: strerror(errno)) }
