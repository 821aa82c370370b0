import Foundation

extension SlurmRun {
  private static let mostTries = 2
  private static let mostLaunchFailures = 3

  /// Submits an array of what waits, as far as there is room for tasks.
  mutating func submit() throws {
    let room = settings.tasks - left.count
    // Without a measured point, one array of single points tells how long they take.
    if pace.pointSeconds == nil && !left.isEmpty && suspects.isEmpty { return }
    guard pace.maySubmit, let chunks = nextChunks(room: room) else { return }
    let batch = try SlurmBatch(chunks: chunks.map { $0.compactMap { open[$0]?.first } }, in: folder, worker: worker)
    do {
      jobs[batch.name] = try commands.submit(settings.submitOptions + batch.submitArguments + [batch.script])
    } catch let fault as SweepFault {
      batch.remove()
      // A limit on submitted jobs passes when some have ended.
      if left.isEmpty { throw fault }
      return pace.refused()
    }
    batches[batch.name] = batch
    for (number, chunk) in chunks.enumerated() {
      let task = Task(batch: batch.name, number: number)
      queued.insert(task)
      place(chunk, in: task)
    }
    let taken = Set(chunks.joined())
    waiting.removeAll(where: taken.contains)
    suspects.removeAll(where: taken.contains)
    pace.lookSoon()
  }

  /// Suspects alone, then the others in chunks; nil when there is nothing, or so little room that waiting is better.
  private func nextChunks(room: Int) -> [[String]]? {
    let size = pace.chunk(waiting: waiting.count, settings)
    let all = suspects.count + (waiting.count + size - 1) / size
    guard all > 0, room >= min(all, max(1, settings.tasks / 4)) else { return nil }
    let most = pace.pointSeconds == nil ? min(room, SlurmPace.pilots) : room
    let alone = suspects.prefix(most).map { [$0] }
    let starts = stride(from: 0, to: waiting.count, by: size).prefix(most - alone.count)
    return alone + starts.map { Array(waiting[$0..<min($0 + size, waiting.count)]) }
  }

  /// Tasks that have left the queue with points undone: gone for two looks, as a shared directory may lag behind. The first
  /// such point was being run: it gets a second try, alone.
  mutating func settleLostTasks(_ deliver: (PointResult) throws -> Void) throws {
    let gone = left.keys.filter { !queued.contains($0) }.sorted(by: Self.isBefore)
    for task in gone where missing.contains(task) {
      let points = (batches[task.batch]?.requests(of: task.number) ?? []).filter { places[$0] == task }
      for point in points { unplace(point) }
      if batches[task.batch]?.hasBegun(task.number) == true, let first = points.first {
        waiting.insert(contentsOf: points.dropFirst(), at: 0)
        try noteFailure(of: first, in: task, deliver)
      } else {
        waiting.insert(contentsOf: points, at: 0)
        try noteLaunchFailure(of: task)
      }
    }
    missing = Set(gone)
    if !gone.isEmpty { pace.lookSoon() }
  }

  private mutating func noteFailure(
    of point: String, in task: Task, _ deliver: (PointResult) throws -> Void
  ) throws {
    let tries = failures[point, default: 0] + 1
    failures[point] = tries
    if tries < Self.mostTries { return suspects.append(point) }
    let message = "its worker ended without a result, twice: \(try ending(of: task))"
    for request in open.removeValue(forKey: point) ?? [] {
      let now = Int64(Date().timeIntervalSince1970 * 1000)
      try deliver(PointResult(request, status: .failed, message: message, exitCode: 70, finished: now))
    }
  }

  private mutating func noteLaunchFailure(of task: Task) throws {
    launchFailures += 1
    if launchFailures >= Self.mostLaunchFailures {
      throw SweepFault("Slurm starts no worker, tried \(launchFailures) times: \(try ending(of: task))", exitCode: 69)
    }
  }

  /// How a task ended, and its last words.
  private func ending(of task: Task) throws -> String {
    let state = try jobs[task.batch].flatMap { try commands.ending(job: $0, task: task.number) }
    let words = batches[task.batch]?.lastWords(of: task.number) ?? ""
    return [state ?? "Slurm knows no more of the task", words].filter { !$0.isEmpty }.joined(separator: "; ")
  }

  /// Ends what is still in the queue, and waits until it is gone. Without `atOnce`, tasks may end by themselves for a moment
  /// first: their points are all done.
  mutating func finish(atOnce: Bool) throws {
    if atOnce { try commands.cancel(jobs.values.sorted()) }
    for look in 0..<Self.mostLooks {
      guard try lookAtQueue() else { return }
      if queued.isEmpty { return }
      if look == Self.looksBeforeCancel { try commands.cancel(jobs.values.sorted()) }
      Thread.sleep(forTimeInterval: 0.25)
    }
  }

  private static let (looksBeforeCancel, mostLooks) = (12, 60)
}
