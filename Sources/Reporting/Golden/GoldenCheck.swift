import Foundation
import Statistics

/// Replays every golden of a directory and says what moved.
public struct GoldenCheck {
  /// What became of one golden.
  public struct Outcome: Sendable {
    /// File name.
    public var name: String
    public var figures: Int
    public var differences: [GoldenDifference]
    /// Laws that need no golden: MACs, compulsory bytes, roofline.
    public var broken: [String]
    public var isGood: Bool { differences.isEmpty && broken.isEmpty }

    /// One line when good, and one more for each figure that moved.
    public var text: String {
      if isGood { return "\(name): ok, \(figures) figures\n" }
      let moved = differences.isEmpty ? "" : ", \(differences.count) of \(figures) figures moved"
      let lines = broken.map { "  BROKEN \($0)\n" } + differences.map { "  \($0.line)\n" }
      return "\(name): FAILED\(moved)\n" + lines.joined()
    }
  }

  private static let suffix = ".golden.json"
  private let directory: String
  private let replay: Replay

  public init(directory: String, replay: @escaping Replay) {
    self.directory = directory
    self.replay = replay
  }

  /// File names of the goldens, ascending. Throws a `ResultFault` when there is none.
  public func names() throws -> [String] {
    guard let all = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
      throw ResultFault(.cannotOpen, "cannot open the directory '\(directory)'")
    }
    let names = all.filter { $0.hasSuffix(Self.suffix) }.sorted()
    if names.isEmpty { throw ResultFault(.cannotOpen, "'\(directory)' holds no NAME\(Self.suffix)") }
    return names
  }

  /// Replays one golden and compares.
  public func check(_ name: String) throws -> Outcome {
    let golden = try Golden(path: "\(directory)/\(name)")
    let outcome = try replay(golden)
    let found = Golden.figures(of: outcome.summary)
    return Outcome(
      name: name, figures: found.count, differences: GoldenDifference.between(golden.figures, found),
      broken: Bounds(outcome.header, outcome.machine).broken(by: outcome.summary))
  }

  /// Replays one golden and accepts what it gives, unless it breaks a bound. The reason is kept in the file, and the file
  /// is left alone when nothing moved.
  public func bless(_ name: String, reason: String, date: String) throws -> Outcome {
    let path = "\(directory)/\(name)"
    var golden = try Golden(path: path)
    let outcome = try replay(golden)
    let found = Golden.figures(of: outcome.summary)
    let result = Outcome(
      name: name, figures: found.count, differences: GoldenDifference.between(golden.figures, found),
      broken: Bounds(outcome.header, outcome.machine).broken(by: outcome.summary))
    if !result.broken.isEmpty || result.differences.isEmpty { return result }
    golden.figures = found
    golden.blessings.append(Golden.Blessing(date: date, reason: reason))
    do { try golden.json.write(toFile: path, atomically: true, encoding: .utf8) } catch {
      throw ResultFault(.failed, "cannot write '\(path)'")
    }
    return result
  }

  private func replay(_ golden: Golden) throws -> ReplayOutcome {
    try replay("\(directory)/\(golden.trace)", "\(directory)/\(golden.configuration)")
  }
}
