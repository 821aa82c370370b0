import Foundation

/// Files of the repository that tests read.
enum Shipped {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let configurations = [
    "big", "big-int8", "big-bf16", "edge", "tiny", "tpu-v4", "legacy-gpu", "reference/onnxim-4x128",
  ]

  static func path(_ name: String) -> String { root.appendingPathComponent("configs/\(name).toml").path }

  static func text(_ file: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(file), encoding: .utf8)
  }
}
