import Architecture
import Foundation
import Simulator

/// Which files a run directory holds.
public enum RunContents: Sendable {
  /// `summary.json` and `manifest.json`.
  case summary
  /// Everything of docs/statistics.md.
  case full
}

/// Takes a run's activity while it happens, and writes its run directory when it has ended.
///
/// ```
/// let writer = try RunWriter(directory: out, clocks: machine.clocks)
/// var recorder = ActivityRecorder(sink: writer.sink)
/// ... run ...
/// let summary = try writer.finish(result, recorded: recorder.finish(cycles: ...), machine: ..., ...)
/// ```
/// The directory appears complete at the end of `finish`, or not at all.
public final class RunWriter {
  let directory: RunDirectory?
  private let timeline: TimelineWriter
  private let contents: RunContents

  /// Prepares the run directory at `path`; nil keeps no files. Throws a `ResultFault` when `path` exists (and `force` is
  /// off) or cannot be made.
  public init(directory path: String?, force: Bool = false, contents: RunContents = .full, clocks: ClocksSpec) throws {
    self.contents = contents
    directory = try path.map { try RunDirectory(path: $0, force: force) }
    timeline = try TimelineWriter(
      path: contents == .full ? directory?.file("timeline.paltl") : nil,
      hertz: [clocks.tile.hertz, clocks.noc.hertz, clocks.hbm.hertz])
  }

  /// What the recorder hands its pieces to.
  public var sink: ActivityRecorder.Sink {
    ActivityRecorder.Sink(
      take: { [timeline] in timeline.append($0, $1) }, windows: { [timeline] in timeline.cursor(of: $0) })
  }

  /// Set when the disk has refused the timeline: a long run may as well end at once. `finish` throws it.
  public var failure: ResultFault? { timeline.failure }

  /// Checks every law, writes every file, and puts the directory in place.
  ///
  /// `recorded` is what `ActivityRecorder.finish` returned. Throws a `LawViolation` (exit 70) or a `ResultFault` (73, 74);
  /// nothing is left on disk then.
  public func finish(
    _ result: RunResult, recorded: [Int64], machine: MachineSpec, description: RunDescription, execution: RunExecution
  ) throws -> Summary {
    defer { directory?.discard() }
    let index = try timeline.finish(result, totals: recorded)
    let cycles = index.domain(.tile).cycles
    try Laws.componentTotals(result, recorded: recorded)
    try Laws.notNegative(index)
    try Laws.notNegative(result)
    try Laws.causes(result, cycles: cycles)
    let (sums, width) = timeline.sums(cycles: cycles)
    let edges = WindowEdges(0..<cycles, width: width, domains: index.domains)
    let activity = WindowedActivity(sums, of: index, edges: edges)
    try Laws.timelineSums(index, activity)
    let summary = try SummaryBuilder(
      result: result, index: index, activity: activity, machine: machine, description: description
    ).summary()
    guard let directory else { return summary }
    try OutputFile.write(summary.json, to: directory.file("summary.json"))
    if contents == .full { try writeDetails(summary, activity, machine, to: directory) }
    let manifest = Manifest(execution: execution, cycles: cycles, files: try sizes(directory))
    try OutputFile.write(manifest.json, to: directory.file("manifest.json"))
    try directory.publish()
    return summary
  }

  private func writeDetails(
    _ summary: Summary, _ activity: WindowedActivity, _ machine: MachineSpec, to directory: RunDirectory
  ) throws {
    try WindowTable(activity, machine: machine).write(to: directory.file("timeline.csv.gz"))
    let layers = LayerTable.text(summary.regions, hertz: machine.clocks.tile.hertz)
    try OutputFile.write(layers, to: directory.file("layers.csv"))
    for latency in summary.latencies {
      try OutputFile.write(LatencyExport.text(latency), to: directory.file(LatencyExport.fileName(latency)))
    }
  }

  /// Names and sizes of the files written so far, by name.
  private func sizes(_ directory: RunDirectory) throws -> [(name: String, bytes: Int64)] {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.workPath).sorted()
    return try names.map { name in
      let attributes = try FileManager.default.attributesOfItem(atPath: directory.file(name))
      return (name, (attributes[.size] as? NSNumber)?.int64Value ?? 0)
    }
  }
}
