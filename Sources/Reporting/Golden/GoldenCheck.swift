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
    /// The golden had no figures yet.
    public var isNew: Bool
    /// The figures were accepted and written.
    public var isBlessed = false
    public var isGood: Bool { broken.isEmpty && (differences.isEmpty || isBlessed) }

    /// One line, and one more for each figure that moved (a new golden has nothing they could have moved from).
    public var text: String {
      let lines = broken.map { "  BROKEN \($0)\n" } + (isNew ? [] : differences.map { "  \($0.line)\n" })
      return "\(name): \(verdict)\n" + lines.joined()
    }

    private var verdict: String {
      let moved = isNew ? "\(figures) new figures" : "\(differences.count) of \(figures) figures moved"
      if isBlessed { return "blessed, \(moved)" }
      return isGood ? "ok, \(figures) figures" : "FAILED, \(moved)"
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
  public func check(_ name: String) throws -> Outcome { try compare(name).outcome }

  /// Replays one golden and accepts what it gives, unless it breaks a bound. The reason is kept in the file, and the file
  /// is left alone when nothing moved.
  public func bless(_ name: String, reason: String, date: String) throws -> Outcome {
    var (golden, found, outcome) = try compare(name)
    if !outcome.broken.isEmpty || outcome.differences.isEmpty { return outcome }
    golden.figures = found
    golden.blessings.append(Golden.Blessing(date: date, reason: reason))
    do { try golden.json.write(toFile: "\(directory)/\(name)", atomically: true, encoding: .utf8) } catch {
      throw ResultFault(.failed, "cannot write '\(directory)/\(name)'")
    }
    outcome.isBlessed = true
    return outcome
  }

  private func compare(_ name: String) throws -> (golden: Golden, found: [Golden.Figure], outcome: Outcome) {
    let golden = try Golden(path: "\(directory)/\(name)")
    let replayed = try replay(golden)
    let found = Golden.figures(of: replayed.summary)
    let outcome = Outcome(
      name: name, figures: found.count, differences: GoldenDifference.between(golden.figures, found),
      broken: Bounds(replayed.header, replayed.machine).broken(by: replayed.summary), isNew: golden.figures.isEmpty)
    return (golden, found, outcome)
  }

  private func replay(_ golden: Golden) throws -> ReplayOutcome {
    try replay("\(directory)/\(golden.trace)", "\(directory)/\(golden.configuration)")
  }
}
