import Foundation

/// A run directory that is complete or absent: it is filled under a hidden name beside its place and renamed at the end.
public final class RunDirectory {
  /// Where the directory will be.
  public let path: String
  /// Where it is filled.
  let workPath: String
  private let force: Bool
  private var isPublished = false

  /// Makes the hidden directory.
  ///
  /// Throws a `ResultFault` when `path` exists (and `force` is off, or it is something other than a run directory), or
  /// when its parent cannot be made or is not writable. Nothing is left behind then.
  public init(path: String, force: Bool = false) throws {
    self.path = Self.standard(path)
    self.force = force
    if FileManager.default.fileExists(atPath: self.path) { try Self.checkReplaceable(self.path, force: force) }
    let place = URL(fileURLWithPath: self.path)
    let parent = place.deletingLastPathComponent().path
    let prefix = ".\(place.lastPathComponent).partial-\(Self.host)-"
    workPath = "\(parent)/\(prefix)\(getpid())"
    try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    Self.sweep(parent, prefix: prefix)
    if mkdir(workPath, 0o755) != 0 {
      throw ResultFault(.cannotCreate, "cannot create a directory in '\(parent)': \(systemError())")
    }
  }

  deinit { discard() }

  /// The path of a file while the directory is being filled.
  func file(_ name: String) -> String { "\(workPath)/\(name)" }

  /// Removes everything, unless the directory is already in place.
  public func discard() {
    if !isPublished { try? FileManager.default.removeItem(atPath: workPath) }
  }

  /// Puts the complete directory in place; with `force` the old one goes only when the new one is there, whether it was
  /// there before or another process has put it there meanwhile.
  public func publish() throws {
    let aside = workPath + ".old"
    while rename(workPath, path) != 0 {
      let code = errno
      guard force, code == EEXIST || code == ENOTEMPTY || code == ENOTDIR else {
        rename(aside, path)
        throw ResultFault(.cannotCreate, "cannot create '\(path)': \(String(cString: strerror(code)))")
      }
      try? FileManager.default.removeItem(atPath: aside)
      if rename(path, aside) != 0 && errno != ENOENT {
        throw ResultFault(.cannotCreate, "cannot replace '\(path)': \(systemError())")
      }
    }
    isPublished = true
    try? FileManager.default.removeItem(atPath: aside)
  }

  /// Processes of other hosts may fill directories beside this one.
  static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes what runs that were killed have left beside the same place: hidden directories of processes of
  /// this host that are gone.
  private static func sweep(_ parent: String, prefix: String) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? [] where name.hasPrefix(prefix) {
      guard let process = pid_t(name.dropFirst(prefix.count)), kill(process, 0) != 0, errno == ESRCH else { continue }
      try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
    }
  }

  private static func standard(_ path: String) -> String {
    let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return URL(fileURLWithPath: absolute).standardized.path
  }

  private static func checkReplaceable(_ path: String, force: Bool) throws {
    guard force else {
      throw ResultFault(.cannotCreate, "'\(path)' exists already; give another --out, or --force to replace it")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? ["a file"]
    guard names.isEmpty || names.contains("summary.json") else {
      throw ResultFault(
        .cannotCreate, "'\(path)' is not a run directory (no summary.json in it); --force leaves it alone")
    }
  }
}
