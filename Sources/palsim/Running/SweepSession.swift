import Architecture
import DesignSpace
import Foundation

/// One `palsim sweep` from its space to its table.
struct SweepSession {
  var space: SweepSpace
  /// Where results are kept; nil: `runs/NAME`.
  var directory: String?
  var jobs: Int
  /// Bytes.
  var memoryLimit: Int?
  var force: Bool
  var retry: Bool
  var isQuiet: Bool

  private var place: SweepDirectory { SweepDirectory(path: directory ?? "runs/\(space.name)") }

  /// - Throws: every error of `exitCode(of:)`.
  func run() throws {
    let sweep = try Sweep(space, in: place, options: options)
    var engine = LocalEngine(executable: options.executable, directory: place, jobs: jobs)
    var meter = PointMeter(quiet: isQuiet)
    defer { meter.clear() }
    try sweep.run(&engine, isStopped: { Interruption.isRequested }) { meter.show($0) }
    meter.clear()
    print(summary(sweep.progress))
  }

  private var options: Sweep.Options {
    var options = Sweep.Options(toolVersion: Palsim.release, executable: Executable.path)
    (options.force, options.retry, options.memoryLimit) = (force, retry, memoryLimit)
    return options
  }

  private func summary(_ progress: Sweep.Progress) -> String {
    var parts = ["\(progress.run) run", "\(progress.known) known"]
    if progress.failed > 0 { parts.append("\(progress.failed) failed") }
    let state = Interruption.isRequested ? "interrupted: \(progress.done) of \(progress.points)" : "\(progress.done)"
    return "\(space.name): \(state) points (\(parts.joined(separator: ", "))); \(place.path)/results.csv"
  }

  /// Lists the points, and says how long they would take.
  /// - Throws: every error of `exitCode(of:)`.
  func preview() throws {
    let preview = try SweepPreview(space, in: place, options: options, exitCode: exitCode(of:))
    print((["point"] + space.columns.map(\.name)).joined(separator: ","))
    for point in preview.points { print((["\(point.index)"] + point.values).joined(separator: ",")) }
    let each = String(format: "%.3f s", Double(preview.millisecondsEach) / 1000)
    let time = ProgressMeter.duration(preview.seconds(jobs: jobs))
    print(
      "\(space.name): \(preview.count) points, \(preview.known) known; the others take about \(time) "
        + "(\(each) each, \(jobs) at a time)")
  }
}

/// The palsim that is running.
enum Executable {
  static var path: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }
}

/// Sizes on the command line.
enum MemorySize {
  /// `4GiB`, `512 MiB`, `1000000`; nil when it is none.
  static func bytes(_ text: String) -> Int? {
    let letters = text.firstIndex(where: \.isLetter) ?? text.endIndex
    return Measure.value(text[..<letters] + " " + text[letters...]).flatMap { Int(exactly: $0) }
  }
}
