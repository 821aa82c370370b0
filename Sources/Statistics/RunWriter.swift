import Architecture
import Foundation
import Simulator

/// Which files a run directory holds.
public enum RunContents: Sendable {
  /// None: there is no directory.
  case nothing
  /// `summary.json` and `manifest.json`.
  case summary
  /// Everything of docs/statistics.md.
  case full
}

/// Takes a run's activity while it happens, and writes its run directory when it has ended.
///
/// ```
/// let writer = try RunWriter(directory: out, force: false)
/// var recorder = ActivityRecorder(sink: writer.sink)
/// ... run ...
/// let summary = try writer.finish(result, recorded: recorder.finish(cycles: ...), machine: ..., ...)
/// ```
/// The directory appears complete at the end of `finish`, or not at all.
public final class RunWriter {
  let directory: RunDirectory
  private let timeline: TimelineWriter
  private let contents: RunContents

  /// Prepares the run directory at `path`; nil keeps no files (the timeline goes to a temporary place, for the laws and
  /// the report). Throws a `ResultFault` when `path` exists (and `force` is off) or cannot be made.
  public init(directory path: String?, force: Bool = false, contents: RunContents = .full) throws {
    self.contents = path == nil ? .nothing : contents
    let temporary = FileManager.default.temporaryDirectory.appendingPathComponent(
      "palsim-run-\(getpid())-\(Self.serial())")
    directory = try RunDirectory(path: path ?? temporary.path, force: force)
    timeline = try TimelineWriter(path: directory.file("timeline.paltl"))
  }

  private static func serial() -> String { String(UInt64.random(in: 0...UInt64.max), radix: 36) }

  /// What the recorder hands its pieces to.
  public var sink: ActivityRecorder.Sink { { [timeline] signal, bytes in timeline.append(signal, bytes) } }

  /// Set when the disk has refused the timeline: a long run may as well end at once. `finish` throws it.
  public var failure: ResultFault? { timeline.failure }

  /// Checks every law, writes every file, and puts the directory in place.
  ///
  /// `recorded` is what `ActivityRecorder.finish` returned. Throws a `LawViolation` (exit 70) or a `ResultFault` (73, 74);
  /// nothing is left on disk then.
  public func finish(
    _ result: RunResult, recorded: [Int64], machine: MachineSpec, description: RunDescription, execution: RunExecution
  ) throws -> Summary {
    defer { directory.discard() }
    let index = try timeline.finish(result, totals: recorded)
    let cycles = index.domain(.tile).cycles
    try Laws.componentTotals(result, recorded: recorded)
    try Laws.notNegative(index)
    try Laws.notNegative(result)
    try Laws.causes(result, cycles: cycles)
    let width = WindowEdges.width(for: cycles, rows: WindowTable.rowLimit)
    let activity = try WindowedActivity(
      Timeline(path: directory.file("timeline.paltl")),
      edges: WindowEdges(0..<cycles, width: width, domains: index.domains), checkingTotals: true)
    let summary = try SummaryBuilder(
      result: result, index: index, activity: activity, machine: machine, description: description
    ).summary()
    guard contents != .nothing else { return summary }
    try OutputFile.write(summary.json, to: directory.file("summary.json"))
    if contents == .full {
      try writeDetails(summary, activity, machine)
    } else {
      try directory.remove("timeline.paltl")
    }
    let manifest = Manifest(execution: execution, cycles: cycles, files: try sizes())
    try OutputFile.write(manifest.json, to: directory.file("manifest.json"))
    try directory.publish()
    return summary
  }

  private func writeDetails(_ summary: Summary, _ activity: WindowedActivity, _ machine: MachineSpec) throws {
    try WindowTable(activity, machine: machine).write(to: directory.file("timeline.csv.gz"))
    let layers = LayerTable.text(summary.regions, hertz: machine.clocks.tile.hertz)
    try OutputFile.write(layers, to: directory.file("layers.csv"))
    for latency in summary.latencies {
      try OutputFile.write(LatencyExport.text(latency), to: directory.file(LatencyExport.fileName(latency)))
    }
  }

  /// Names and sizes of the files written so far, by name.
  private func sizes() throws -> [(name: String, bytes: Int64)] {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.workPath).sorted()
    return try names.map { name in
      let attributes = try FileManager.default.attributesOfItem(atPath: directory.file(name))
      return (name, (attributes[.size] as? NSNumber)?.int64Value ?? 0)
    }
  }
}
