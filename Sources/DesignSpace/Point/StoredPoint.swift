import Foundation
import Statistics

/// The run directory of a point that was run before.
struct StoredPoint {
  let path: String

  /// Its figures; nil when it is absent, lacks what `keep` asks for, or is not whole: a power cut can leave names of
  /// files whose content never reached the disk.
  func figures(keep: SweepPlan.Keep) -> PointFigures? {
    guard let manifest = manifest, manifest.files.allSatisfy({ size($0.name) == $0.bytes }) else { return nil }
    if keep == .full, !manifest.files.contains(where: { $0.name == "timeline.paltl" }) { return nil }
    return FileManager.default.contents(atPath: "\(path)/summary.json").map {
      PointFigures(stored: String(decoding: $0, as: UTF8.self))
    }
  }

  private struct Manifest: Decodable {
    struct File: Decodable {
      var name: String
      var bytes: Int64
    }
    var files: [File]
  }

  private var manifest: Manifest? {
    FileManager.default.contents(atPath: "\(path)/manifest.json").flatMap {
      try? JSONDecoder().decode(Manifest.self, from: $0)
    }
  }

  private func size(_ name: String) -> Int64? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
    return (attributes?[.size] as? NSNumber)?.int64Value
  }
}
