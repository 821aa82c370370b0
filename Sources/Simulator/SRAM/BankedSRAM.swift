import Architecture

/// The banks of a scratchpad and the requesters that share them, exact to the cycle (`docs/models/sram.md`).
struct BankedSRAM: ~Copyable {
  let geometry: BankGeometry
  let ports: SRAMPorts
  let arbitration: SRAMArbitration
  /// Round robin: who is served first.
  private(set) var turn = 0
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

  /// The signals of each client, in the fixed order of priority.
  init(_ spec: SRAMSpec, clientSignals: [[LocalSignal]]) {
    geometry = BankGeometry(spec)
    ports = spec.ports
    arbitration = spec.arbitration
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
  /// One cycle: each client in turn takes what it needs of the ports that are left.
  @inline(__always)
  private mutating func step(_ now: Int64, _ recorder: inout ActivityRecorder) {
    switch arbitration {
    case .fixed: _ = serve(FixedOrder(left: active), now, &recorder)
    case .roundRobin:
      let order = TurnOrder(active, turn: turn)
      let first = firstAsking(order)
      if serve(order, now, &recorder) { turn = (first + 1) % clientCount }
    case .age: _ = serve(AgeOrder(left: active, clients: clients), now, &recorder)
    }
  }

  /// The first in an order that needs something in this cycle; 0 if none does.
  private func firstAsking(_ order: TurnOrder) -> Int {
    var order = order
    while let index = order.next() {
      if clients[index].isAsking { return index }
    }
    return 0
  }

  /// Serves the clients in an order; true when one was refused something.
  @inline(__always)
  private mutating func serve(_ order: some ServiceOrder, _ now: Int64, _ recorder: inout ActivityRecorder) -> Bool {
    var free = BankPorts(ports, all: geometry.all)
    var left = order
    var refused: UInt64 = 0
    calm &+= 1
    while let index = left.next() {
      let client = clients + index
      if !client.pointee.take(free, geometry) {
        refuse(index, winner: winner(over: index, free, order), now, &recorder)
        refused |= 1 &<< UInt64(index)
      }
      free.remove(client.pointee.taken)
    }
    endLocalCycles(of: active & ~refused, now)
    var waiters = FixedOrder(left: refused)
    while let index = waiters.next() { clients[index].waiting += 1 }
    return refused != 0
  }

  /// Goes on to the next local cycle of some clients.
  @inline(__always)
  private mutating func endLocalCycles(of ended: UInt64, _ now: Int64) {
    var left = FixedOrder(left: ended)
    while let index = left.next() {
      let local = now &- clients[index].clock.lost
      if clients[index].step(local, geometry) { changed(index) }
    }
  }

  private mutating func changed(_ client: Int) {
    noteChange(of: client)
    survey()
  }

  /// Who holds a port a client was refused in this cycle: the first served; itself if it only needs a bank again.
  private func winner(over index: Int, _ free: BankPorts, _ order: some ServiceOrder) -> Int {
    let blocked = clients[index].blocked(free, ports)
    if blocked.isEmpty { return index }
    var served = order
    while let other = served.next(), other != index {
      if clients[other].taken.meets(blocked) { return other }
    }
    return index
  }

  private mutating func refuse(_ index: Int, winner: Int, _ now: Int64, _ recorder: inout ActivityRecorder) {
    calm = -1
    let bank = clients[index].lowestPending
    watch.note(client: index, winner: winner, bank: bank)
    clients[index].lose(now, to: winner, at: bank, &recorder)
  }
}

extension BankedSRAM {
  /// Cycles from `now` on, at most `limit`, in which it is certain that nothing is refused.
  @inline(__always)
  private func quietCycles(_ now: Int64, atMost limit: Int64) -> Int64 {
    if alone >= 0 {
      let client = clients + alone / BankClient.streamCount
      if client.pointee.hasRepeats { return 0 }
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
      let left = stream.pointee.done == 0 ? 0 : min(stream.pointee.linear, stream.pointee.evenSteps)
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
