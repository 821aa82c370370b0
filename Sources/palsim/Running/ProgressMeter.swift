import Foundation
import Reporting

/// One line on the terminal: how far a run is, how fast, and how long it will take. Quiet when standard error is not a
/// terminal.
struct ProgressMeter {
  private let isTerminal: Bool
  private let start = ContinuousClock.now
  private var last: ContinuousClock.Instant?
  private var isShown = false

  init(quiet: Bool) { isTerminal = !quiet && isatty(STDERR_FILENO) == 1 }

  /// Shows how far a run is, at most ten times a second.
  mutating func show(done: Int64, of total: Int64, cycle: Int64) {
    show { Self.line(done: done, of: total, cycle: cycle, seconds: $0) }
  }

  /// Shows how many layers of a network are compiled, at most ten times a second.
  mutating func show(layers done: Int, of total: Int) {
    show { Self.line(layers: done, of: total, seconds: $0) }
  }

  private mutating func show(_ line: (_ seconds: Double) -> String) {
    guard isTerminal else { return }
    let now = ContinuousClock.now
    if let last, now - last < .milliseconds(100) { return }
    last = now
    isShown = true
    FileHandle.standardError.write(Data("\r\u{1B}[K\(line(Self.seconds(now - start)))".utf8))
  }

  /// Removes the line.
  mutating func clear() {
    guard isShown else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    isShown = false
  }

  /// "43 %  1,204,112 cycles  3.1 M cycles/s  2 s left".
  static func line(done: Int64, of total: Int64, cycle: Int64, seconds: Double) -> String {
    let share = total > 0 ? Double(done) / Double(total) : 0
    let rate = seconds > 0 ? Double(cycle) / seconds : 0
    var line = "\(Int(share * 100)) %  \(grouped(cycle)) cycles  \(scaled(rate)) cycles/s"
    if share > 0.01 { line += "  \(left(share, seconds)) left" }
    return line
  }

  /// "compiling: 12 of 73 layers  9 s left".
  static func line(layers done: Int, of total: Int, seconds: Double) -> String {
    let line = "compiling: \(done) of \(total) layers"
    return done > 0 ? line + "  \(left(Double(done) / Double(total), seconds)) left" : line
  }

  private static func left(_ share: Double, _ seconds: Double) -> String {
    Figures.duration(seconds * (1 - share) / share)
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }

  private static func grouped(_ value: Int64) -> String {
    var digits = Array(String(value))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }

  private static func scaled(_ value: Double) -> String {
    if value >= 1e6 { return String(format: "%.1f M", value * 1e-6) }
    if value >= 1e3 { return String(format: "%.0f k", value * 1e-3) }
    return String(format: "%.0f", value)
  }
}
