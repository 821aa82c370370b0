import Foundation

/// What a sweep would run, and how long it would take: nothing is recorded.
public struct SweepPreview {
  /// The points known beforehand, a search's none.
  public let points: [SweepPoint]
  /// Points in all; of a search, those it will evaluate at most.
  public let count: Int
  /// Those whose results the directory has.
  public let known: Int
  /// Wall milliseconds of the middle point of those the directory has; else of the middle point of the space, run for the
  /// purpose in a directory that is removed again.
  public let millisecondsEach: Int64

  /// - Parameter exitCode: The documented exit code of an error.
  /// - Throws: `SweepFault`: the space is empty, or the point that was tried failed.
  public init(
    _ space: SweepSpace, in directory: SweepDirectory, options: Sweep.Options,
    exitCode: @escaping (any Error) -> Int32
  ) throws {
    let levels = try Sampling(space).points()
    points = levels.enumerated().map { space.point($0.offset, levels: $0.element) }
    var first = points
    if case .nsga2(let population, let generations, let seed) = space.method {
      count = population * (generations + 1)
      var search = try GeneticSearch(space, population: population, generations: generations, seed: seed)
      first = try (search.next() ?? []).map { space.point($0.index, levels: $0.levels) }
    } else {
      count = points.count
    }
    let maker = try RequestMaker(space, executable: try ExecutableDigest.of(options.executable), force: true)
    let earlier = try Self.records(of: directory)
    known = points.count { earlier[maker.request(for: $0).request] != nil }
    let times = earlier.values.filter { $0 > 0 }.sorted()
    millisecondsEach =
      try times.isEmpty
      ? Self.measured(maker.request(for: first[first.count / 2]), space, options, exitCode) : times[times.count / 2]
  }

  /// Wall milliseconds of each completed request in the log.
  private static func records(of directory: SweepDirectory) throws -> [String: Int64] {
    var records: [String: Int64] = [:]
    var reader = LogReader()
    try reader.read(directory.logPath) { line in
      if case .point(let result) = line.record, result.status == .completed {
        records[result.request] = result.milliseconds
      }
    }
    return records
  }

  private static func measured(
    _ request: PointRequest, _ space: SweepSpace, _ options: Sweep.Options, _ exitCode: @escaping (any Error) -> Int32
  ) throws -> Int64 {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-preview-\(getpid())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let directory = SweepDirectory(path: folder)
    try directory.create()
    try directory.write(SweepPlan(space, identity: "", executable: "", options: options))
    let result = try PointRunner(directory, exitCode: exitCode).run(request)
    guard result.status == .completed else {
      throw SweepFault("point \(request.point) fails: \(result.message)", exitCode: result.exitCode)
    }
    return result.milliseconds
  }

  /// Wall seconds of the points that are not known, with so many workers at work.
  public func seconds(jobs: Int) -> Double {
    Double(count - known) * Double(millisecondsEach) / 1000 / Double(max(1, jobs))
  }
}
