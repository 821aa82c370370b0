/// Data that reached a tile and is to be written into its local memory.
struct WriteJob {
  /// Who asked for it: the tile and its transfer slot.
  var issuer: Int32 = 0
  var transfer: Int32 = 0
  /// The train, for a load or copy whose every train is reported; -1 for a multicast (reported once, when all is written).
  var transaction: Int32 = -1
  var isCopy = false
  var bytes: Int32 = 0
  var address: Int64 = 0
}

/// Write jobs of one tile: slots with a free list, in plain memory that grows when needed.
struct WriteJobPool: ~Copyable {
  private var jobs: UnsafeMutablePointer<WriteJob>
  private var free: UnsafeMutablePointer<Int32>
  private var freeCount = 0
  private var capacity = 32

  init() {
    jobs = .allocate(capacity: 32)
    free = .allocate(capacity: 32)
    refill(from: 0)
  }

  deinit {
    jobs.deallocate()
    free.deallocate()
  }

  subscript(_ index: Int32) -> WriteJob { jobs[Int(index)] }

  mutating func add(_ job: WriteJob) -> Int32 {
    if freeCount == 0 { grow() }
    freeCount -= 1
    let index = free[freeCount]
    (jobs + Int(index)).initialize(to: job)
    return index
  }

  mutating func remove(_ index: Int32) {
    free[freeCount] = index
    freeCount += 1
  }

  private mutating func refill(from start: Int) {
    for index in stride(from: capacity - 1, through: start, by: -1) {
      free[freeCount] = Int32(index)
      freeCount += 1
    }
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<WriteJob>.allocate(capacity: capacity * 2)
    larger.initialize(from: jobs, count: capacity)
    jobs.deallocate()
    jobs = larger
    free.deallocate()
    free = .allocate(capacity: capacity * 2)
    capacity *= 2
    refill(from: capacity / 2)
  }
}
