import Foundation

/// The directory of a sweep: where everything lies (docs/sweeps.md).
public struct SweepDirectory: Equatable, Sendable {
  /// Absolute.
  public let path: String

  /// Names the directory; nothing is made or checked.
  public init(path: String) {
    let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    self.path = URL(fileURLWithPath: absolute).standardized.path
  }

  public func file(_ name: String) -> String { "\(path)/\(name)" }
  public var planPath: String { file("sweep.json") }
  public var logPath: String { file("results.log") }
  public var lockPath: String { file("lock") }
  /// What workers print on standard error.
  public var workersPath: String { file("workers") }
  /// Compiled models.
  public var tracesPath: String { file("traces") }

  /// The run directory of a key.
  public func runDirectory(_ key: String) -> String { file("points/\(key.prefix(2))/\(key)") }

  /// Makes the directory and those inside it, unless they are there.
  /// - Throws: `SweepFault` (73) when that cannot be, or when `path` is a directory of something else.
  public func create() throws {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    guard names.isEmpty || names.contains("sweep.json") || names.contains("lock") else {
      throw SweepFault(
        "'\(path)' is not the directory of a sweep (no sweep.json in it); give another --out", exitCode: 73)
    }
    for directory in [path, file("points"), tracesPath, workersPath] {
      do { try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) } catch {
        throw SweepFault("cannot create '\(directory)': \(String(cString: strerror(errno)))", exitCode: 73)
      }
    }
  }

  /// The plan of the sweep.
  /// - Throws: `SweepFault`: 66 when there is none, 65 when it is damaged or of another version.
  public func plan() throws -> SweepPlan {
    guard let data = FileManager.default.contents(atPath: planPath) else {
      throw SweepFault("'\(path)' is not the directory of a sweep: there is no sweep.json", exitCode: 66)
    }
    do { return try JSONDecoder().decode(SweepPlan.self, from: data) } catch {
      throw SweepFault("'\(planPath)' is damaged, or of another version of palsim: \(error)", exitCode: 65)
    }
  }

  /// Replaces the plan, whole.
  /// - Throws: `SweepFault` (74).
  public func write(_ plan: SweepPlan) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try replace(planPath, with: try encoder.encode(plan) + Data("\n".utf8))
  }

  /// Replaces a file of the directory, whole.
  func replace(_ path: String, with data: Data) throws {
    do { try data.write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw SweepFault("cannot write '\(path)': \(error.localizedDescription)", exitCode: 74)
    }
  }
}
