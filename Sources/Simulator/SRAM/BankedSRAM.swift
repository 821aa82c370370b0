import Architecture

/// The banks of a scratchpad and the requesters that share them, in fixed priority, exact to the cycle
/// (`docs/models/sram.md`).
struct BankedSRAM: ~Copyable {
  let geometry: BankGeometry
  let clients: UnsafeMutablePointer<BankClient>
  let clientCount: Int
  /// Bit i: client i has a stream under way.
  private(set) var active: UInt64 = 0
  /// Cycles since a stream began, ended or turned, or what had been refused was granted; -1 right after a refusal, as
  /// the next cycle only makes up for it.
  private var calm: Int64 = 0
  /// After this many calm cycles the pattern of all banks has repeated, so that no access can be refused.
  private var period: Int64 = .max
  /// The only stream under way, when it cannot be refused: client * `BankClient.streamCount` + index; else -1.
  private var alone = -1
  /// Finds patterns that refusals are part of.
  var watch: PatternWatch

  /// The signals of each client, in the order of priority.
  init(_ spec: SRAMSpec, clientSignals: [[LocalSignal]]) {
    geometry = BankGeometry(spec)
    clientCount = clientSignals.count
    watch = PatternWatch(clients: clientCount)
    clients = .allocate(capacity: clientCount)
    for (index, signals) in clientSignals.enumerated() {
      (clients + index).initialize(to: BankClient(clock: LocalClock(signals: signals), clients: clientCount))
    }
  }

  deinit {
    for index in 0..<clientCount { clients[index].deallocate() }
    clients.deallocate()
  }

  /// Begins a stream of a client in cycle `now`; its first step may lie in the future.
  mutating func begin(_ stream: borrowing BankStream, client: Int, now: Int64) {
    clients[client].begin(stream, local: now - clients[client].clock.lost, geometry)
    noteChange(of: client)
    survey()
  }

  /// Does cycles from `now` on until `end`, or until after a cycle in which a stream ended; returns the first cycle not
  /// done.
  mutating func run(from now: Int64, to end: Int64, _ recorder: inout ActivityRecorder) -> Int64 {
    var cycle = now
    while cycle < end {
      if active == 0 { return end }
      let before = active
      let quiet = quietCycles(cycle, atMost: end - cycle)
      if quiet > 0 {
        skip(quiet, from: cycle)
        cycle += quiet
        watch.startOver()
      } else {
        step(cycle, &recorder)
        cycle = passPeriods(from: cycle + 1, until: end, &recorder)
      }
      if before != active { return cycle }
    }
    return cycle
  }
}

extension BankedSRAM {
  /// One cycle: each client in turn takes what it needs of the banks that are left.
  @inline(__always)
  private mutating func step(_ now: Int64, _ recorder: inout ActivityRecorder) {
    var free = geometry.all
    let contenders = active
    var left = contenders
    calm &+= 1
    while left != 0 {
      let index = left.trailingZeroBitCount
      left &= left &- 1
      let client = clients + index
      if client.pointee.take(free) {
        if client.pointee.step(now &- client.pointee.clock.lost, geometry) { changed(index) }
      } else {
        refuse(index, winner: winner(over: index, free, contenders), now, &recorder)
      }
      free &= ~client.pointee.taken
    }
  }

  private mutating func changed(_ client: Int) {
    noteChange(of: client)
    survey()
  }

  /// Who holds a bank a client was refused in this cycle: the first by priority; itself if it only needs one again.
  private func winner(over index: Int, _ free: UInt64, _ contenders: UInt64) -> Int {
    let blocked = clients[index].pending & ~free
    var others = blocked == 0 ? 0 : contenders & ((1 << UInt64(index)) - 1)
    while others != 0 {
      let other = others.trailingZeroBitCount
      if clients[other].taken & blocked != 0 { return other }
      others &= others - 1
    }
    return index
  }

  private mutating func refuse(_ index: Int, winner: Int, _ now: Int64, _ recorder: inout ActivityRecorder) {
    calm = -1
    watch.note(client: index, winner: winner)
    clients[index].lostTo[winner] += 1
    clients[index].clock.lose(now, &recorder)
  }
}

extension BankedSRAM {
  /// Cycles from `now` on, at most `limit`, in which it is certain that nothing is refused.
  @inline(__always)
  private func quietCycles(_ now: Int64, atMost limit: Int64) -> Int64 {
    if alone >= 0 {
      let client = clients + alone / BankClient.streamCount
      if client.pointee.repeated != 0 { return 0 }
      let stream = client.pointee.streams + alone % BankClient.streamCount
      return min(limit, cyclesLeft(stream, stream.pointee.remaining, now &- client.pointee.clock.lost))
    }
    return calm >= period ? calmCycles(now, atMost: limit) : 0
  }

  /// Cycles until a stream's next `steps` steps are done.
  private func cyclesLeft(_ stream: UnsafePointer<BankStream>, _ steps: Int64, _ local: Int64) -> Int64 {
    stream.pointee.next - local + (steps - 1) * stream.pointee.interval + 1
  }

  /// Cycles from `now` on until the first stream begins, ends or turns.
  private func calmCycles(_ now: Int64, atMost limit: Int64) -> Int64 {
    var quiet = limit
    forEachStream { client, _, stream in
      let local = now - clients[client].clock.lost
      let left = stream.pointee.done == 0 ? 0 : min(stream.pointee.linear, stream.pointee.remaining)
      quiet = min(quiet, left == 0 ? stream.pointee.next - local : cyclesLeft(stream, left, local))
    }
    return quiet
  }

  private mutating func skip(_ count: Int64, from now: Int64) {
    var left = active
    calm += count
    while left != 0 {
      let index = left.trailingZeroBitCount
      left &= left - 1
      let client = clients + index
      let turned = client.pointee.skip(count, from: now - client.pointee.clock.lost, geometry)
      if turned { changed(index) }
    }
  }

  private mutating func noteChange(of client: Int) {
    let bit: UInt64 = 1 << UInt64(client)
    active = clients[client].isActive ? active | bit : active & ~bit
    calm = min(calm, 0)
    watch.startOver()
  }

  /// Finds out whether one stream is alone, and after how many cycles the pattern of all repeats.
  private mutating func survey() {
    var count = 0
    var last = -1
    var common: Int64 = 1
    forEachStream { client, _, stream in
      count += 1
      last = stream.pointee.isSelfFree ? client : -1
      common = leastCommonMultiple(common, stream.pointee.period)
    }
    period = common
    alone = -1
    if count == 1 && last >= 0 {
      let index = (0..<BankClient.streamCount).first { clients[last].streams[$0].remaining > 0 }!
      alone = last * BankClient.streamCount + index
    }
  }

  @inline(__always)
  func forEachStream(_ body: (_ client: Int, _ index: Int, _ stream: UnsafePointer<BankStream>) -> Void) {
    var left = active
    while left != 0 {
      let client = left.trailingZeroBitCount
      left &= left &- 1
      for index in 0..<BankClient.streamCount where clients[client].streams[index].remaining > 0 {
        body(client, index, clients[client].streams + index)
      }
    }
  }
}
