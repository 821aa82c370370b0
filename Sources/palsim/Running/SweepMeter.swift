import Foundation
import Simulator

/// One line on the terminal: the rates a sweep has measured. Quiet when standard error is not a terminal.
struct SweepMeter {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var points = 0

  mutating func show(_ point: TrafficResult) {
    guard isTerminal else { return }
    points += 1
    let line = String(format: "%d rates measured, %.4f: %@", points, point.run.rate, point.status.rawValue)
    FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
  }

  /// Removes the line.
  func clear() {
    if points > 0 { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}
