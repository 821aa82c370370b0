/// When to look at the queue and how much work to give a task.
struct SlurmPace {
  private let clock = ContinuousClock()
  private var interval: Duration
  private let shortest: Duration
  private var next: ContinuousClock.Instant
  private var nextSubmission: ContinuousClock.Instant
  private var lastAnswer: ContinuousClock.Instant
  /// Seconds a point takes; nil until one has been measured.
  private(set) var pointSeconds: Double?

  private static let longest = Duration.seconds(30)
  /// How long Slurm may not answer.
  private static let patience = Duration.seconds(600)
  /// Tasks of the first array, a point each: what they take decides the chunks.
  static let pilots = 16

  /// `shortest` is the least time between two looks.
  init(pointSeconds: Double? = nil, shortest: Duration = .seconds(1)) {
    self.pointSeconds = pointSeconds
    (self.shortest, interval) = (shortest, shortest)
    (next, nextSubmission, lastAnswer) = (clock.now, clock.now, clock.now)
  }

  var isTimeToLook: Bool { clock.now >= next }

  /// Slurm has answered; looks become rarer while nothing is submitted.
  mutating func looked() {
    lastAnswer = clock.now
    next = lastAnswer + interval
    interval = min(Self.longest, interval * 3 / 2)
  }

  /// Something has changed in the queue.
  mutating func lookSoon() {
    interval = shortest
    next = min(next, clock.now + interval)
  }

  /// - Throws: `SweepFault` (69) when there has been no answer for ten minutes.
  mutating func noAnswer() throws {
    guard clock.now - lastAnswer < Self.patience else {
      throw SweepFault("Slurm has not answered for ten minutes: squeue fails", exitCode: 69)
    }
    next = clock.now + interval
    interval = min(Self.longest, interval * 3 / 2)
  }

  /// False for half a minute after sbatch refused.
  var maySubmit: Bool { clock.now >= nextSubmission }
  mutating func refused() { nextSubmission = clock.now + Self.longest }

  /// A point has taken so long; later points count more.
  mutating func measured(milliseconds: Int64) {
    let seconds = max(0.001, Double(milliseconds) / 1000)
    pointSeconds = pointSeconds.map { $0 * 0.95 + seconds * 0.05 } ?? seconds
  }

  /// Points of a task when so many wait: work for `chunkSeconds`, and down to a quarter of it so that all `tasks` have some.
  func chunk(waiting: Int, _ settings: SlurmSettings) -> Int {
    guard let pointSeconds else { return 1 }
    let most = max(1, Int(Double(settings.chunkSeconds) / pointSeconds))
    return min(most, max((most + 3) / 4, (waiting + settings.tasks - 1) / settings.tasks))
  }
}
