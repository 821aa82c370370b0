#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file open for reading at any place; closed with its last user.
final class InputFile: Sendable {
  let path: String
  let descriptor: Int32
  let size: Int64

  init(path: String) throws(TraceError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw TraceError(.cannotOpen, "cannot open the trace: \(SystemFault.latest)", path: path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      close(descriptor)
      let found = isDirectory ? "this is a directory" : "this is not a regular file"
      throw TraceError(.cannotOpen, "\(found), expected a trace file (.pal.gz)", path: path)
    }
    self.path = path
    self.descriptor = descriptor
    size = Int64(status.st_size)
  }

  /// Takes over an open file, for example an unlinked temporary one.
  init(path: String, descriptor: Int32, size: Int64) {
    self.path = path
    self.descriptor = descriptor
    self.size = size
  }

  deinit { close(descriptor) }

  /// Reads up to `count` bytes at `offset`; fewer at the end of the file.
  func read(at offset: Int64, count: Int) throws(TraceError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBytes { readAll(into: $0.baseAddress!, count: count, at: offset) }
    guard let got else { throw TraceError(.cannotOpen, "reading failed: \(SystemFault.latest)", path: path) }
    bytes.removeLast(count - got)
    return bytes
  }

  /// nil on an error of the system.
  private func readAll(into target: UnsafeMutableRawPointer, count: Int, at offset: Int64) -> Int? {
    var done = 0
    while done < count {
      let got = pread(descriptor, target + done, count - done, off_t(offset) + off_t(done))
      if got < 0 && errno == EINTR { continue }
      if got < 0 { return nil }
      if got == 0 { break }
      done += got
    }
    return done
  }
}

/// A file being written piece by piece under a temporary name beside its target; it vanishes unless `publish` succeeds. A
/// device, pipe or link (`/dev/null`, `/dev/stdout`) is written to in place: a rename would replace it.
public final class OutputFile {
  private let path: String
  /// nil when the target is written in place.
  private let temporary: String?
  /// Where the temporary file is noted for a signal to remove.
  private let note: Int?
  private var descriptor: Int32

  /// - Throws: `TraceError.cannotCreate` naming the file.
  public init(path: String) throws(TraceError) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw TraceError(.cannotCreate, "cannot create the file: this is a directory", path: path)
    }
    self.path = path
    if lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      temporary = nil
      note = nil
      // Opened anew, standard output that goes to a file would begin again: what others wrote there would be lost.
      descriptor =
        path == "/dev/stdout" ? dup(STDOUT_FILENO) : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    } else {
      var template = Array("\(path).partial-XXXXXX".utf8CString)
      (descriptor, note) = UnfinishedFiles.create(&template)
      temporary = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    guard descriptor >= 0 else {
      throw TraceError(.cannotCreate, "cannot create the file: \(SystemFault.latest)", path: path)
    }
    if temporary != nil { fchmod(descriptor, 0o644) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if let temporary { unlink(temporary) }
    UnfinishedFiles.forget(note)
  }

  /// - Throws: `TraceError.writeFailed` naming the file.
  public func write(_ bytes: [UInt8]) throws(TraceError) {
    let failed = bytes.withUnsafeBytes { !Self.writeAll($0, to: descriptor) }
    if failed { throw TraceError(.writeFailed, "writing failed: \(SystemFault.latest)", path: path) }
  }

  /// Gives the file its name; what was there before is replaced in one step.
  /// - Throws: `TraceError.writeFailed` naming the file.
  public func publish() throws(TraceError) {
    if let temporary, rename(temporary, path) != 0 {
      throw TraceError(.writeFailed, "cannot give the file its name: \(SystemFault.latest)", path: path)
    }
    UnfinishedFiles.forget(note)
    let failed = close(descriptor) != 0
    descriptor = -1
    if failed { throw TraceError(.writeFailed, "closing failed: \(SystemFault.latest)", path: path) }
  }

  static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      #if canImport(Glibc)
        let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      #elseif canImport(Musl)
        let count = Musl.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      #else
        let count = Darwin.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      #endif
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      done += count
    }
    return true
  }
}

/// Files that appear whole or not at all.
public enum WholeFile {
  /// Writes a file under a temporary name and gives it its own at the end; devices and pipes are written in place.
  /// - Throws: `TraceError` naming the file: `.cannotCreate` or `.writeFailed`.
  public static func write(_ bytes: [UInt8], to path: String) throws(TraceError) {
    let file = try OutputFile(path: path)
    try file.write(bytes)
    try file.publish()
  }
}

/// An unlinked file in the temporary directory.
struct ScratchFile {
  let descriptor: Int32

  static var folder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

  init() throws(TraceError) {
    let folder = Self.folder
    var template = Array("\(folder)/palsim-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw TraceError(.cannotCreate, "cannot create a temporary file: \(SystemFault.latest)", path: folder)
    }
    unlink(template)
  }

  func write(_ bytes: [UInt8]) throws(TraceError) {
    guard bytes.withUnsafeBytes({ OutputFile.writeAll($0, to: descriptor) }) else {
      throw TraceError(.writeFailed, "writing a temporary file failed: \(SystemFault.latest)")
    }
  }
}

enum SystemFault {
  /// The system's words for its latest error.
  static var latest: String { String(cString: strerror(errno)) }
}
