import Foundation

/// The state of one `SlurmEngine.run`: points to submit, tasks in the queue, results still to come.
struct SlurmRun {
  /// A task of a batch.
  struct Task: Hashable {
    var batch: String
    var number: Int
  }

  let settings: SlurmSettings
  let commands: SlurmCommands
  let folder: String
  let worker: [String]
  let notice: (String) -> Void

  /// Points without a result by the digest of their request; points that are the same share one run.
  var open: [String: [PointRequest]] = [:]
  /// Digests to submit, in order, and those that ended a worker before, which run alone.
  var waiting: [String] = []
  var suspects: [String] = []
  var batches: [String: SlurmBatch] = [:]
  /// Jobs by batch.
  var jobs: [String: String] = [:]
  /// Tasks in the queue when it was last seen, or submitted since.
  var queued: Set<Task> = []
  /// Where each submitted point without a result is, and how many of them a task has.
  var places: [String: Task] = [:]
  var left: [Task: Int] = [:]
  /// Tasks that had left the queue with points undone when it was last seen.
  var missing: Set<Task> = []
  /// Workers a point has ended.
  var failures: [String: Int] = [:]
  /// Tasks that ended before a worker began, since the last result.
  var launchFailures = 0
  var pace = SlurmPace()
  private var hasNoticed = false

  init(
    requests: [PointRequest], settings: SlurmSettings, commands: SlurmCommands, folder: String, worker: [String],
    notice: @escaping (String) -> Void
  ) {
    self.settings = settings
    self.commands = commands
    self.folder = folder
    self.worker = worker
    self.notice = notice
    for request in requests {
      if open[request.request] == nil { waiting.append(request.request) }
      open[request.request, default: []].append(request)
    }
  }

  var isDone: Bool { open.isEmpty }

  /// Takes over what an earlier submitter left: results that nobody read, tasks that are still in the queue.
  mutating func start(_ deliver: (PointResult) throws -> Void) throws {
    for batch in SlurmBatch.left(in: folder) { batches[batch.name] = batch }
    guard !batches.isEmpty else { return }
    guard try lookAtQueue() else {
      throw SweepFault("squeue fails, and an earlier run may have left tasks in the queue; try again later", exitCode: 69)
    }
    try collect(deliver)
    for task in queued.sorted(by: Self.isBefore) { place(batches[task.batch]?.requests(of: task.number) ?? [], in: task) }
    waiting.removeAll { places[$0] != nil || open[$0] == nil }
  }

  /// One round: reads results, looks at the queue when it is time to, submits what there is room for.
  mutating func step(_ deliver: (PointResult) throws -> Void) throws {
    try collect(deliver)
    if pace.isTimeToLook, try lookAtQueue() {
      // What a task wrote before it left the queue is there now.
      try collect(deliver)
      try settleLostTasks(deliver)
      removeEnded()
    }
    try submit()
  }

  /// Hands over every result that has come; of several for one point the first.
  mutating func collect(_ deliver: (PointResult) throws -> Void) throws {
    for name in batches.keys.sorted() {
      for result in batches[name]?.newResults() ?? [] {
        guard let requests = open.removeValue(forKey: result.request) else { continue }
        unplace(result.request)
        launchFailures = 0
        pace.measured(milliseconds: result.milliseconds)
        for request in requests { try deliver(Self.result(result, for: request)) }
      }
    }
  }

  private static func result(_ result: PointResult, for request: PointRequest) -> PointResult {
    var result = result
    (result.point, result.values) = (request.point, request.values)
    return result
  }

  /// Notes which tasks are in the queue; false when Slurm does not answer.
  mutating func lookAtQueue() throws -> Bool {
    guard let tasks = try commands.queue() else {
      try pace.noAnswer()
      return false
    }
    pace.looked()
    let own = tasks.filter { batches[$0.name] != nil }
    queued = Set(own.map { Task(batch: $0.name, number: $0.task) })
    for task in own { jobs[task.name] = task.job }
    explainWaiting(own)
    return true
  }

  /// Says once why nothing runs, when the user could do something about it.
  private mutating func explainWaiting(_ tasks: [SlurmCommands.QueuedTask]) {
    let usual: Set<String> = ["None", "Priority", "Resources", "BeginTime", "JobArrayTaskLimit"]
    guard !hasNoticed, let first = tasks.first,
      tasks.allSatisfy({ $0.state == "PENDING" && !usual.contains($0.reason) })
    else { return }
    hasNoticed = true
    notice("all tasks of Slurm job \(first.job) wait: \(first.reason)")
  }

  /// Notes that a task has these points.
  mutating func place(_ points: [String], in task: Task) {
    for point in points where open[point] != nil && places[point] == nil {
      places[point] = task
      left[task, default: 0] += 1
    }
  }

  mutating func unplace(_ point: String) {
    guard let task = places.removeValue(forKey: point), let count = left[task] else { return }
    left[task] = count > 1 ? count - 1 : nil
  }

  /// Removes the folders of batches of which nothing is in the queue or awaited.
  mutating func removeEnded() {
    let alive = Set(queued.map(\.batch)).union(left.keys.map(\.batch))
    for (name, batch) in batches where !alive.contains(name) {
      batch.remove()
      batches[name] = nil
    }
  }

  static func isBefore(_ a: Task, _ b: Task) -> Bool { (a.batch, a.number) < (b.batch, b.number) }
}
