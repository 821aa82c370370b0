import Foundation

/// Runs points in worker processes of this machine, each of which lives for many points.
public struct LocalEngine: Engine {
  private let executable: String
  private let directory: SweepDirectory
  private let jobs: Int
  private var workers: [WorkerProcess] = []
  private var started = 0

  /// A point is tried so often when its worker dies.
  private static let attempts = 2
  /// Workers in a row that died before they answered anything: then they never will.
  private static let stillborn = 3
  /// Points that take less wait in pairs at a worker, so that it need not wait for the next.
  private static let shortMilliseconds = 100

  /// - Parameters:
  ///   - executable: The palsim that is to work.
  ///   - jobs: Workers at a time, at least 1.
  public init(executable: String, directory: SweepDirectory, jobs: Int) {
    self.executable = executable
    self.directory = directory
    self.jobs = max(1, jobs)
  }

  public mutating func run(
    _ requests: some Sequence<PointRequest>, isStopped: () -> Bool, deliver: (PointResult) throws -> Void
  ) throws {
    var source = WorkSource(requests.makeIterator())
    var dead = 0
    signal(SIGPIPE, SIG_IGN)
    defer { if isStopped() { workers.removeAll() } }
    do {
      while !isStopped() {
        try feed(&source)
        if workers.allSatisfy(\.waiting.isEmpty) && source.isEmpty { return }
        for place in readable().reversed() {
          if let results = workers[place].receive() {
            for result in results {
              source.note(result)
              try deliver(result)
            }
          } else {
            dead = workers[place].hasAnswered ? 0 : dead + 1
            try bury(place, &source, deliver, isHopeless: dead >= Self.stillborn)
          }
        }
      }
    } catch {
      workers.removeAll()
      throw error
    }
  }

  /// Gives every worker what it can take, and starts workers while there are points without one.
  private mutating func feed(_ source: inout WorkSource<some IteratorProtocol<PointRequest>>) throws {
    let depth = source.latestMilliseconds < Self.shortMilliseconds ? 2 : 1
    for level in 1...depth {
      for worker in workers where worker.waiting.count < level {
        guard let request = source.next() else { return }
        try worker.send(request)
      }
      while workers.count < jobs, let request = source.next() {
        let worker = try start()
        workers.append(worker)
        try worker.send(request)
      }
    }
  }

  private mutating func start() throws -> WorkerProcess {
    started += 1
    return try WorkerProcess(
      executable, ["sweep-worker", directory.path],
      errors: "\(directory.workersPath)/worker-\((started - 1) % jobs).txt")
  }

  /// Places of the workers that have said something, or are gone; waits a tenth of a second at most.
  private func readable() -> [Int] {
    var entries = workers.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
    guard poll(&entries, nfds_t(entries.count), 100) > 0 else { return [] }
    return entries.indices.filter { entries[$0].revents != 0 }
  }

  /// Takes a dead worker's points back. The oldest was at work: it has one attempt less.
  private mutating func bury(
    _ place: Int, _ source: inout WorkSource<some IteratorProtocol<PointRequest>>,
    _ deliver: (PointResult) throws -> Void, isHopeless: Bool
  ) throws {
    let worker = workers.remove(at: place)
    let how = worker.end()
    guard !isHopeless else { throw SweepFault("workers die before they answer: the last one \(how)", exitCode: 71) }
    source.giveBack(worker.waiting.dropFirst())
    guard let culprit = worker.waiting.first else { return }
    if source.blame(culprit) < Self.attempts {
      source.giveBack([culprit])
    } else {
      try deliver(
        PointResult(
          culprit, status: .failed, message: "the worker \(how)", exitCode: 70,
          finished: Int64(Date().timeIntervalSince1970 * 1000)))
    }
  }
}

/// The points still to be given out.
private struct WorkSource<Requests: IteratorProtocol<PointRequest>> {
  private var requests: Requests
  /// To be given out before all others.
  private var returned: [PointRequest] = []
  /// Workers that died on a point.
  private var deaths: [Int: Int] = [:]
  private var ahead: PointRequest?
  /// Wall time of the point that ended last.
  private(set) var latestMilliseconds: Int64 = .max

  init(_ requests: Requests) { self.requests = requests }

  mutating func next() -> PointRequest? {
    if !returned.isEmpty { return returned.removeFirst() }
    defer { ahead = nil }
    return ahead ?? requests.next()
  }

  var isEmpty: Bool {
    mutating get {
      if !returned.isEmpty || ahead != nil { return false }
      ahead = requests.next()
      return ahead == nil
    }
  }

  mutating func note(_ result: PointResult) { latestMilliseconds = result.milliseconds }

  mutating func giveBack(_ requests: some Collection<PointRequest>) { returned.insert(contentsOf: requests, at: 0) }

  /// Counts a death; how many there were.
  mutating func blame(_ request: PointRequest) -> Int {
    deaths[request.point, default: 0] += 1
    return deaths[request.point] ?? 0
  }
}
