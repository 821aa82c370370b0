import DesignSpace
import Foundation

/// One line on the terminal: how many points of a sweep are done, how fast, and how long the rest will take. Quiet when
/// standard error is not a terminal.
struct PointMeter {
  private let isTerminal: Bool
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?

  init(quiet: Bool) { isTerminal = !quiet && isatty(STDERR_FILENO) == 1 }

  /// Shows the state, at most ten times a second.
  mutating func show(_ progress: Sweep.Progress) {
    guard isTerminal else { return }
    let now = ContinuousClock.now
    if let last, now - last < .milliseconds(100) { return }
    last = now
    FileHandle.standardError.write(Data("\r\u{1B}[K\(Self.line(progress, seconds: (now - start) / .seconds(1)))".utf8))
  }

  /// Removes the line.
  mutating func clear() {
    if last != nil { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    last = nil
  }

  /// "412 of 1,000 points (3 failed)  12.4 points/s  47 s left".
  static func line(_ progress: Sweep.Progress, seconds: Double) -> String {
    var line = "\(progress.done) of \(progress.points) points"
    if progress.failed > 0 { line += " (\(progress.failed) failed)" }
    guard progress.run > 0, seconds > 0 else { return line }
    let rate = Double(progress.run) / seconds
    line += String(format: "  %.1f points/s", rate)
    return line + "  \(ProgressMeter.duration(Double(progress.points - progress.done) / rate)) left"
  }
}
