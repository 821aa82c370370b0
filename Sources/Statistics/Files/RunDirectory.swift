import Foundation

/// A run directory that is complete or absent: it is filled under a hidden name beside its place and renamed at the end.
public final class RunDirectory {
  /// Where the directory will be.
  public let path: String
  /// Where it is filled.
  let workPath: String
  private let replaces: Bool
  private var isPublished = false

  /// Makes the hidden directory.
  ///
  /// Throws a `ResultFault` when `path` exists (and `force` is off, or it is something other than a run directory), or
  /// when its parent cannot be made or is not writable. Nothing is left behind then.
  public init(path: String, force: Bool = false) throws {
    self.path = Self.standard(path)
    replaces = FileManager.default.fileExists(atPath: self.path)
    if replaces { try Self.checkReplaceable(self.path, force: force) }
    let place = URL(fileURLWithPath: self.path)
    let parent = place.deletingLastPathComponent().path
    workPath = "\(parent)/.\(place.lastPathComponent).partial-\(getpid())"
    try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    Self.sweep(parent, prefix: ".\(place.lastPathComponent).partial-")
    if mkdir(workPath, 0o755) != 0 {
      throw ResultFault(.cannotCreate, "cannot create a directory in '\(parent)': \(systemError())")
    }
  }

  deinit { discard() }

  /// The path of a file while the directory is being filled.
  func file(_ name: String) -> String { "\(workPath)/\(name)" }

  /// Takes a file out again.
  func remove(_ name: String) throws {
    if unlink(file(name)) != 0 { throw ResultFault(.failed, "cannot remove '\(file(name))': \(systemError())") }
  }

  /// Removes everything, unless the directory is already in place.
  public func discard() {
    if !isPublished { try? FileManager.default.removeItem(atPath: workPath) }
  }

  /// Puts the complete directory in place; with `force` the old one goes only when the new one is there.
  public func publish() throws {
    let aside = workPath + ".old"
    if replaces, rename(path, aside) != 0 {
      throw ResultFault(.cannotCreate, "cannot replace '\(path)': \(systemError())")
    }
    if rename(workPath, path) != 0 {
      let reason = systemError()
      if replaces { rename(aside, path) }
      throw ResultFault(.cannotCreate, "cannot create '\(path)': \(reason)")
    }
    isPublished = true
    if replaces { try? FileManager.default.removeItem(atPath: aside) }
  }

  /// Removes what runs that were killed have left beside the same place: hidden directories of processes that are gone.
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
