import Foundation

@testable import DesignSpace

/// Space files for tests, on the smallest machine.
enum Spaces {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// A space of the matrix multiply trace, with more lines.
  static func trace(_ lines: String) throws -> SweepSpace {
    try read("traces = \"\(root)/traces/micro/matmul.pal.gz\"", lines)
  }

  /// A space of a model, with more lines.
  static func model(_ lines: String) throws -> SweepSpace {
    try read("models = \"\(root)/traces/models/resnet50.csv\"", lines)
  }

  private static func read(_ input: String, _ lines: String) throws -> SweepSpace {
    let folder = try TemporaryFolder()
    let text = "config = \"\(root)/configs/tiny.toml\"\n\(input)\n\(lines)"
    try text.write(toFile: folder.path("space.toml"), atomically: true, encoding: .utf8)
    return try SweepSpace(path: folder.path("space.toml"))
  }

  /// The message that reading a space ends with, without the folder's name.
  static func faults(_ read: () throws -> SweepSpace) -> String {
    do {
      _ = try Sampling(try read()).points()
      return ""
    } catch { return "\(error)".replacing(/[^ \n]*\/space.toml/, with: "space.toml") }
  }
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-space-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }
}
