import Foundation

/// A sweep at work: which points there are, which of them are known, and what becomes of the others.
public final class Sweep {
  /// What the user may choose beside the space.
  public struct Options: Sendable {
    /// Run every point, known or not.
    public var force = false
    /// Run those that failed before.
    public var retry = false
    /// Address space of a worker in bytes, at most.
    public var memoryLimit: Int?
    public var toolVersion: String
    /// Path of the palsim that works.
    public var executable: String

    public init(toolVersion: String, executable: String) {
      self.toolVersion = toolVersion
      self.executable = executable
    }
  }

  /// How far a sweep is.
  public struct Progress: Equatable, Sendable {
    /// Points of the space; of a search, those it will evaluate at most.
    public var points = 0
    /// Known from before, run now, and failed among both.
    public var known = 0
    public var run = 0
    public var failed = 0
    public var done: Int { known + run }
  }

  public let space: SweepSpace
  public let directory: SweepDirectory
  public private(set) var progress = Progress()
  private let options: Options
  private let maker: RequestMaker
  private let store: ResultStore
  private var plan: SweepPlan

  /// Prepares the directory and opens the log.
  /// - Throws: `SweepFault`: the space is empty, the directory is in use or cannot be written.
  public init(_ space: SweepSpace, in directory: SweepDirectory, options: Options) throws {
    self.space = space
    self.directory = directory
    self.options = options
    let executable = try ExecutableDigest.of(options.executable)
    maker = try RequestMaker(space, executable: executable, force: options.force)
    try directory.create()
    plan = SweepPlan(space, identity: maker.identity, executable: executable, options: options)
    store = try ResultStore(directory, plan: plan)
    if let earlier = try? directory.plan(), earlier.statistics.map(\.name) == space.statistics {
      plan.statistics = earlier.statistics
    }
  }

  /// Runs what is not known yet. `observe` hears of every point that is done.
  ///
  /// However it ends, everything done is kept and the tables are written.
  /// - Throws: `SweepFault`.
  public func run(_ engine: inout some Engine, isStopped: () -> Bool, observe: (Progress) -> Void) throws {
    do {
      if case .nsga2(let population, let generations, let seed) = space.method {
        var search = try GeneticSearch(space, population: population, generations: generations, seed: seed)
        try begin(points: population * (generations + 1), observe)
        try run(&search, &engine, isStopped, observe)
      } else {
        let levels = try Sampling(space).points()
        try begin(points: levels.count, observe)
        let points = levels.lazy.enumerated().map { [space] in space.point($0.offset, levels: $0.element) }
        try run(points, &engine, isStopped, observe) { _ in }
      }
    } catch {
      try? finish()
      throw error
    }
    try finish()
  }

  private func begin(points: Int, _ observe: (Progress) -> Void) throws {
    progress = Progress(points: points)
    plan.points = points
    try directory.write(plan)
    observe(progress)
  }

  private func finish() throws {
    try store.commit()
    try ResultTable(SweepResults(directory)).write(to: directory)
  }

  /// Generation after generation, each as long as the last one left something to try.
  private func run(
    _ search: inout GeneticSearch, _ engine: inout some Engine, _ isStopped: () -> Bool, _ observe: (Progress) -> Void
  ) throws {
    while let generation = try search.next(), !isStopped() {
      var results: [Int: PointResult] = [:]
      let points = generation.map { space.point($0.index, levels: $0.levels) }
      try run(points, &engine, isStopped, observe) { results[$0.point] = $0 }
      if isStopped() { return }
      search.learn(results, statistics: space.statistics)
    }
  }

  /// Runs those points that are not known; `hear` gets the result of each.
  private func run(
    _ points: some Sequence<SweepPoint>, _ engine: inout some Engine, _ isStopped: () -> Bool,
    _ observe: (Progress) -> Void, hear: (PointResult) -> Void
  ) throws {
    var failure: (any Error)?
    try withoutActuallyEscaping(hear) { hear in
      try withoutActuallyEscaping(observe) { observe in
        let unknown = points.lazy.compactMap { [self] point -> PointRequest? in
          do { return try unknownRequest(point, observe, hear) } catch {
            failure = failure ?? error
            return nil
          }
        }
        try engine.run(unknown, isStopped: { failure != nil || isStopped() }) { result in
          try take(result)
          observe(progress)
          hear(result)
        }
      }
    }
    if let failure { throw failure }
  }

  /// The request of a point, unless its result is known.
  private func unknownRequest(
    _ point: SweepPoint, _ observe: (Progress) -> Void, _ hear: (PointResult) -> Void
  ) throws -> PointRequest? {
    let request = maker.request(for: point)
    guard !options.force, let result = try store.recall(request, unlessFailed: options.retry) else { return request }
    progress.known += 1
    if result.status == .failed { progress.failed += 1 }
    observe(progress)
    hear(result)
    return nil
  }

  private func take(_ result: PointResult) throws {
    guard result.status != .aborted else { throw SweepFault(result.message, exitCode: result.exitCode) }
    try store.append(result)
    progress.run += 1
    if result.status == .failed { progress.failed += 1 }
    if plan.statistics.contains(where: \.unit.isEmpty), result.status == .completed { try learnUnits(result) }
  }

  /// Units and definitions come from the first point that completes.
  private func learnUnits(_ result: PointResult) throws {
    let path = "\(directory.runDirectory(result.key))/summary.json"
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let figures = PointFigures(stored: String(decoding: data, as: UTF8.self)).figures
    for index in plan.statistics.indices {
      guard let figure = figures[plan.statistics[index].name] else { continue }
      (plan.statistics[index].unit, plan.statistics[index].definition) = (figure.unit, figure.definition)
    }
    try directory.write(plan)
  }
}

extension SweepPlan {
  /// The plan of a space before its points are counted.
  init(_ space: SweepSpace, identity: String, executable: String, options: Sweep.Options) {
    self.init(
      name: space.name, identity: identity, space: space.path, axes: space.columns,
      statistics: space.statistics.map { .init(name: $0) }, objectives: space.objectives, points: 0,
      ideal: space.ideal, keep: space.keep, cuts: space.cuts, toolVersion: options.toolVersion, executable: executable,
      memoryLimit: options.memoryLimit)
  }
}
