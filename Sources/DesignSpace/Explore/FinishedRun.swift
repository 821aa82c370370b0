import Foundation

/// What a run directory says of the run that made it, as far as one needs it to run it again.
public struct FinishedRun: Sendable {
  /// The resolved configuration.
  public let configuration: String
  /// Names of idealised parts.
  public let ideal: [String]
  /// Absolute path of the trace or model.
  public let input: String

  private struct Summary: Decodable {
    var status: String
    var idealised: [String]
    var configuration: String

    private enum CodingKeys: String, CodingKey {
      case status, idealised
      case configuration = "configuration_text"
    }
  }
  private struct Manifest: Decodable { var input: String? }

  /// - Throws: `SweepFault`: 66 when there is no run directory, 65 when the run is not whole or the directory damaged.
  public init(path: String) throws {
    let summary: Summary = try Self.read("\(path)/summary.json", of: path)
    let manifest: Manifest = try Self.read("\(path)/manifest.json", of: path)
    guard summary.status == "completed" else {
      throw SweepFault(
        "'\(path)' is of a run that was \(summary.status): nothing can be compared with it", exitCode: 65)
    }
    guard let input = manifest.input else {
      throw SweepFault("'\(path)' was written by an older palsim, which did not note its input", exitCode: 65)
    }
    guard FileManager.default.fileExists(atPath: input) else {
      throw SweepFault("the input of '\(path)' is gone: '\(input)'", exitCode: 66)
    }
    configuration = summary.configuration
    ideal = summary.idealised
    self.input = input
  }

  private static func read<Content: Decodable>(_ file: String, of path: String) throws -> Content {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw SweepFault(
        "'\(path)' is not a run directory: there is no \(file.split(separator: "/").last ?? "")", exitCode: 66)
    }
    do { return try JSONDecoder().decode(Content.self, from: data) } catch {
      throw SweepFault("'\(file)' is damaged: \(error)", exitCode: 65)
    }
  }
}
