/// Refreshes and forced precharges are strictly in order; while one waits, no ordinary request of its pseudo channels starts.
struct MaintenanceJob: BitwiseCopyable {
  enum Kind: UInt8 { case refreshAll, refreshBank, precharge }
  var kind: Kind
  var pseudoChannel: Int
  var bank: Int
}

/// The last row command on a rising edge: what a falling edge beside it may carry depends on it.
struct RisingCommand: BitwiseCopyable {
  var tick: Int64 = -1
  /// To the falling edge beside it.
  var ticks: Int64 = 1
  var channel = 0
  var isAllBank = false
  var bank = 0
}

/// Lines of refreshes and forced precharges, each strictly in order.
struct MaintenanceLines: ~Copyable {
  let lineCount: Int
  private var capacity = 64
  private var jobs: UnsafeMutablePointer<MaintenanceJob>
  private let heads: UnsafeMutablePointer<Int>
  private let counts: UnsafeMutablePointer<Int>
  private(set) var total = 0

  init(count: Int) {
    lineCount = count
    jobs = .allocate(capacity: capacity * count)
    heads = .allocate(capacity: count)
    heads.initialize(repeating: 0, count: count)
    counts = .allocate(capacity: count)
    counts.initialize(repeating: 0, count: count)
  }

  deinit {
    jobs.deallocate()
    heads.deallocate()
    counts.deallocate()
  }

  var isEmpty: Bool { @inline(__always) get { total == 0 } }

  @inline(__always)
  func isEmpty(_ line: Int) -> Bool { counts[line] == 0 }

  /// The job a line is at. Precondition: it is not empty.
  func first(_ line: Int) -> MaintenanceJob { jobs[line * capacity + heads[line]] }

  /// Whether a job of the bank waits in the line.
  func contains(bank: Int, in line: Int) -> Bool {
    (0..<counts[line]).contains { jobs[line * capacity + (heads[line] + $0) % capacity].bank == bank }
  }

  mutating func append(_ job: MaintenanceJob, to line: Int) {
    if counts[line] == capacity { grow() }
    jobs[line * capacity + (heads[line] + counts[line]) % capacity] = job
    counts[line] += 1
    total += 1
  }

  mutating func removeFirst(_ line: Int) {
    heads[line] = (heads[line] + 1) % capacity
    counts[line] -= 1
    total -= 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<MaintenanceJob>.allocate(capacity: capacity * 2 * lineCount)
    for line in 0..<lineCount {
      for offset in 0..<counts[line] {
        (larger + (line * capacity * 2 + offset)).initialize(
          to: jobs[line * capacity + (heads[line] + offset) % capacity])
      }
      heads[line] = 0
    }
    jobs.deallocate()
    (jobs, capacity) = (larger, capacity * 2)
  }
}
