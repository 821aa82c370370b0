import Foundation

/// Points on the nodes of a Slurm cluster: job arrays whose tasks are `palsim sweep-worker`, each given a chunk of points.
///
/// The nodes share the sweep's directory with this process and nothing else. What happens to a task (requeued by Slurm,
/// lost with its node, run twice because its node only seemed dead) is settled here: the first result of a point counts.
public struct SlurmEngine: Engine {
  private let settings: SlurmSettings
  private let commands: SlurmCommands
  private let folder: String
  private let worker: [String]
  private let notice: (String) -> Void
  /// Time between two looks at results, and the least between two at the queue.
  private let tick: Duration
  /// Seconds a point took in the last run, if any.
  private var pointSeconds: Double?

  /// - Parameters:
  ///   - executable: Absolute path of palsim, the same on every node.
  ///   - path: Where Slurm's commands are looked for.
  ///   - tick: Time between two looks at results, and the least between two at the queue.
  ///   - notice: Told in a sentence what the user may want to act on.
  /// - Throws: `SweepFault` (69) when there is no Slurm.
  public init(
    settings: SlurmSettings, directory: SweepDirectory, executable: String,
    path: String = ProcessInfo.processInfo.environment["PATH"] ?? "", tick: Duration = .seconds(1),
    notice: @escaping (String) -> Void
  ) throws {
    self.settings = settings
    self.notice = notice
    self.tick = tick
    commands = try SlurmCommands(path: path)
    folder = directory.file("slurm")
    worker = [executable, "sweep-worker", directory.path]
  }

  public mutating func run(
    _ requests: some Sequence<PointRequest>, isStopped: () -> Bool, deliver: (PointResult) throws -> Void
  ) throws {
    var run = SlurmRun(
      requests: Array(requests), settings: settings, commands: commands, folder: folder, worker: worker, notice: notice)
    run.pace = SlurmPace(pointSeconds: pointSeconds, shortest: tick)
    defer { pointSeconds = run.pace.pointSeconds }
    do {
      try run.start(deliver)
      while !run.isDone && !isStopped() {
        try run.step(deliver)
        if !run.isDone { Self.pause(tick, unless: isStopped) }
      }
      try run.finish(atOnce: !run.isDone)
    } catch {
      try? run.finish(atOnce: true)
      throw error
    }
    try run.collect(deliver)
    run.removeEnded()
  }

  private static func pause(_ time: Duration, unless isStopped: () -> Bool) {
    let end = ContinuousClock.now + time
    while !isStopped() && ContinuousClock.now < end { Thread.sleep(forTimeInterval: 0.05) }
  }
}
