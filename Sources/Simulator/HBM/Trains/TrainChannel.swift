import Architecture

/// A memory channel that takes trains: a queue for each of its ports (pseudo channels) before the controller's queues.
///
/// Accesses of a port enter the controller in the order of its trains, as early as it has room; where ports share its queues
/// they take turns. The rules are in `docs/models/ports.md`.
struct TrainChannel<Order: AccessOrder, Observer: CommandObserver>: ~Copyable {
  var controller: ChannelController<Order, Observer, TrainSink>
  let table: UnsafeMutablePointer<TrainTable>
  /// Of its ports, by pseudo channel; the owner's.
  private let records: UnsafeMutablePointer<PortRecord>
  let ticksPerClock: Int64
  /// Their number as a power of two.
  private let clockShift: Int64
  private let readLatency: Int64
  private let writeLatency: Int64
  /// Ticks between two column commands of a port at least.
  private let columnSpacing: Int64
  let ports: Int
  private(set) var coming = OrderedHeap<ComingTrain>(capacity: 8)
  /// Trains inside that write, and those that may share bytes with one of the other direction.
  private var writes = 0
  private var overlapping = 0
  private var overlaps = TrainOverlaps()
  private let lag: AnswerLag
  /// By port.
  let queues: UnsafeMutablePointer<PortQueue>
  /// The port whose turn it is.
  private(set) var turn = 0
  /// Requests in the controller's queues when the ports were last asked: none enters before one has left.
  private var filled = 0
  private(set) var accesses: Int64 = 0
  /// The cycle for which the owner will run the channel, `.max` when for none.
  private var awaited = Int64.max
  /// Trains have been run up to this cycle.
  private var settled: Int64 = -1

  /// So late that it counts in ticks as well.
  private static var never: Int64 { .max / 4 }
  /// Long trains alone here are advanced by whole periods.
  private let passesPeriods: Bool
  /// A request of the controller may be for several accesses.
  private let joinsAccesses: Bool
  /// Trains inside that are long enough for it.
  private var longTrains = 0
  var watch: StreamWatch?
  var stream: TrainStream?
  /// No train is watched before this cycle: the last one watched did not come round.
  var watchesFrom: Int64 = 0
  /// Accesses that were passed in whole periods.
  var passedAccesses: Int64 = 0

  /// - Parameters:
  ///   - records: Of its ports, by pseudo channel.
  ///   - lag: For how long the owner need not know that a train has been served.
  ///   - passesPeriods: false makes each access take its steps; the results are the same.
  init(
    _ plan: ControllerPlan, index: Int32, observer: Observer, records: UnsafeMutablePointer<PortRecord>,
    lag: AnswerLag = .none, passesPeriods: Bool = true
  ) {
    let joinsAccesses = plan.spec.requestAccesses > 1
    self.joinsAccesses = joinsAccesses
    self.passesPeriods = passesPeriods && !joinsAccesses
    self.lag = lag
    self.records = records
    readLatency = plan.readLatency
    writeLatency = plan.writeLatency
    table = .allocate(capacity: 1)
    table.initialize(to: TrainTable())
    controller = ChannelController(plan, index: index, observer: observer, sink: TrainSink(table: table))
    ticksPerClock = Int64(plan.device.ticksPerClock)
    clockShift = ticksPerClock - 1
    columnSpacing = CommandGaps(plan.device, widerThan: .stackID).columnSpacing
    ports = plan.device.organisation.pseudoChannels
    queues = .allocate(capacity: ports)
    for port in 0..<ports { (queues + port).initialize(to: PortQueue(requestAccesses: plan.spec.requestAccesses)) }
  }

  deinit {
    queues.deinitialize(count: ports).deallocate()
    table.deinitialize(count: 1).deallocate()
  }

  var counts: ChannelCounts { controller.counts }

  /// Those the observer has kept.
  var commands: [IssuedCommand] { controller.observer.commands }

  /// Neither trains nor refreshes are under way.
  var isIdle: Bool { table.pointee.trains.count == 0 && controller.isIdle }

  // MARK: Trains in

  /// Hands in a train that arrives in `cycle`, which has not run yet. Returns as `nextRun`.
  mutating func submit(_ train: MemoryTrain, at cycle: Int64, map: PortMap) -> Int64 {
    precondition(cycle > settled, "a train arrives in the past")
    let pseudoChannel = map.place(ofPort: train.port).pseudoChannel
    let span = TrainOverlaps.Span(train, map)
    let arriving = TrainInside(
      train, pseudoChannel: pseudoChannel, span: span, mayOverlap: overlaps.mayTouch(span, isWrite: train.isWrite),
      at: cycle)
    let slot = table.pointee.trains.insert(arriving)
    coming.push(ComingTrain(cycle: cycle, train: train, slot: slot))
    table.pointee.unserved.add(train.accesses)
    count(arriving, 1)
    // Trains served before this one comes are those that were waited for already.
    return expectRun(at: max(nextService, cycle))
  }

  @inline(__always)
  private mutating func count(_ inside: TrainInside, _ change: Int32) {
    overlaps.count(inside.span, isWrite: inside.train.isWrite, change)
    if inside.mayOverlap { overlapping &+= Int(change) }
    if inside.train.isWrite { writes &+= Int(change) }
    if inside.train.accesses >= Self.fewestOutside && passesPeriods { longTrains &+= Int(change) }
  }

  /// The cycle for which the owner has to run the channel, before any later one; `.max` when it has been told one as early.
  @inline(__always)
  mutating func nextRun() -> Int64 { expectRun(at: nextService) }

  @inline(__always)
  private mutating func expectRun(at next: Int64) -> Int64 {
    if next >= awaited { return .max }
    awaited = next
    return next
  }

  // MARK: Time

  /// The next cycle in which something happens to a train, `.max` when none is here: refreshes of an idle channel are caught
  /// up with later.
  private var nextCycle: Int64 {
    @inline(__always) mutating get {
      let arrival = coming.isEmpty ? .max : coming.first.cycle
      if longTrains > 0, let end = stream?.end { return min(arrival, end) }
      return table.pointee.trains.count == coming.count
        ? arrival : min(arrival, (controller.nextTickOrEnd &- 1) &>> clockShift)
    }
  }

  /// A cycle before which nobody has to know of a train that it has been served, `.max` when none is here: each access left needs a
  /// column command, and the first may be next. Writes may also be merged, at the next event; and where they may meet reads, those
  /// be forwarded, with data at once.
  private var nextService: Int64 {
    @inline(__always) mutating get {
      let trains = table.pointee.trains.count
      if trains == 0 { return .max }
      if overlapping > 0 || longTrains > 0 && stream != nil { return nextCycle }
      let others = writes > 0 ? 0 : table.pointee.unserved.least &- 1
      let lag = writes == 0 ? self.lag.reads : writes == trains ? self.lag.writes : min(self.lag.reads, self.lag.writes)
      if controller.runs.isOpen { return openService(others) &+ lag }
      return nextCycle &+ (others &* columnSpacing) &>> clockShift &+ lag
    }
  }

  /// The same while runs are open: their trains are served no earlier than in a column command after the other, or, where writes may be
  /// merged, when a run ends, and those of no run not before the next tick.
  private mutating func openService(_ others: Int64) -> Int64 {
    let arrival = coming.isEmpty ? .max : coming.first.cycle
    let tick = writes > 0 ? controller.nextTickOrEnd : controller.nextTick
    let next = min(arrival, (tick &- 1) &>> clockShift) &+ (others &* columnSpacing) &>> clockShift
    return min(next, earliestEnd(of: controller.runs.pc0), earliestEnd(of: controller.runs.pc1))
  }

  private mutating func earliestEnd(of run: ColumnRun) -> Int64 {
    if run.entry < 0 { return .max }
    let train = table.pointee.trains.place(of: controller.entries[Int(run.entry)].id)
    return (run.first &- 1 &+ (Int64(train.pointee.unserved) &- 1) &* columnSpacing) &>> clockShift
  }

  /// Runs all cycles up to `last` in which something happens; completions go to `completed`, trains that arrive or are
  /// served change the level of their port.
  mutating func run(
    through last: Int64, map: PortMap, completed: inout GrowingBuffer<TrainCompletion>,
    recorder: inout ActivityRecorder, isSettling: Bool = false
  ) {
    if awaited <= last { awaited = .max }
    settled = max(settled, last)
    if longTrains > 0 && stream != nil { passPeriods(through: last, map, isSettling: isSettling) }
    var cycle = nextCycle
    while cycle <= last {
      if !coming.isEmpty && coming.first.cycle == cycle { takeArrivals(in: cycle, map, &recorder) }
      cycle = serve(through: last, from: cycle, map)
      if table.pointee.served.count > 0 { collect(in: cycle, &completed, &recorder) }
      if longTrains > 0 {
        watchTrain(after: cycle, map)
        if stream != nil { passPeriods(through: last, map, isSettling: isSettling) }
      }
      cycle = nextCycle
    }
    // The channel may have run further before.
    if isSettling && controller.runs.isOpen { controller.closeRuns(through: (settled &+ 1) &<< clockShift) }
  }

  /// Runs cycles from one on up to that in which a train has been served, else to the last before one arrives; returns it.
  @inline(__always)
  private mutating func serve(through last: Int64, from cycle: Int64, _ map: PortMap) -> Int64 {
    let arrival = coming.isEmpty ? Self.never : coming.first.cycle
    var end = longTrains > 0 || table.pointee.served.count > 0 ? cycle : min(last, arrival &- 1)
    while controller.nextTick <= (end &+ 1) &<< clockShift {
      let isServed = joinsAccesses && controller.serveRuns(through: (end &+ 1) &<< clockShift)
      if !isServed && !serveHit(map) { controller.process(controller.nextTick) }
      if controller.waiting < filled { feed(map) }
      if table.pointee.served.count > 0 { end = (controller.clock &- 1) &>> clockShift }
    }
    let reached = (end &+ 1) &<< clockShift
    if controller.runs.isOpen && controller.runs.end <= reached { controller.closeRuns(through: reached) }
    return end
  }

  /// Trains of the cycle enter their ports' queues, all before any access goes on.
  private mutating func takeArrivals(
    in cycle: Int64, _ map: PortMap, _ recorder: inout ActivityRecorder
  ) {
    controller.run(through: cycle &<< clockShift)
    while !coming.isEmpty && coming.first.cycle == cycle {
      let slot = coming.popFirst().slot
      let port = Int(table.pointee.trains[slot].pseudoChannel)
      queues[port].append(slot, table.pointee.trains, map)
      accesses &+= Int64(table.pointee.trains[slot].train.accesses)
      records[port].trains(1, at: cycle, recorder: &recorder)
    }
    if longTrains > 0 { endWatch() }
    feed(map)
  }

  /// Lets accesses enter the controller's queues while there is room.
  private mutating func feed(_ map: PortMap) {
    var refused = 0
    while refused < ports {
      refused = enter(turn, map) ? 0 : refused &+ 1
      turn = turn &+ 1 == ports ? 0 : turn &+ 1
    }
    filled = controller.waiting
    controller.noteWake()
  }

  /// Lets a port's next access enter; false when it has none or is refused. One refused is not offered again before there is
  /// room: what else could let it in, a write to the same line, would have to come through the same port.
  @inline(__always)
  private mutating func enter(_ port: Int, _ map: PortMap) -> Bool {
    let queue = queues + port
    if queue.pointee.isEmpty { return false }
    if !controller.hasRoom(queue.pointee.next.isWrite, controller.pseudos + port) {
      if queue.pointee.wasRefused { return false }
      queue.pointee.wasRefused = !controller.needsNoEntry(queue.pointee.next, bank: queue.pointee.bank)
      if queue.pointee.wasRefused { return false }
    }
    let entered = controller.add(queue.pointee.next, bank: queue.pointee.bank)
    queue.pointee.wasRefused = false
    queue.pointee.advance(entered, table.pointee.trains, map)
    return true
  }

  /// Serves the next tick if nothing happens in it but a hit, and mostly lets the next access take its entry at once.
  @inline(__always)
  private mutating func serveHit(_ map: PortMap) -> Bool {
    let hit = controller.nextHit()
    if hit < 0 { return false }
    controller.serve(hit: hit)
    if joinsAccesses && !controller.isServed(hit) {
      controller.endPartialHit()
      return true
    }
    let port = portToRefill
    if port < 0 || !controller.staysWithoutOne {
      controller.endHit(hit)
    } else {
      refill(hit, from: port, map)
    }
    return true
  }

  /// The port whose next access takes the place of one just served, -1 when none may: all are offered their places by `feed`.
  private var portToRefill: Int {
    @inline(__always) mutating get {
      let isWrite = controller.servesWrites
      var port = turn
      var tried = 0
      while tried < ports {
        let queue = queues + port
        if !queue.pointee.isEmpty && queue.pointee.next.isWrite == isWrite {
          return queue.pointee.wasRefused ? port : -1
        }
        port = port &+ 1 == ports ? 0 : port &+ 1
        tried &+= 1
      }
      return -1
    }
  }

  /// As `feed`, of which it is the usual case: an access enters that was refused for want of room, and there is none again.
  @inline(__always)
  private mutating func refill(_ entry: Int32, from port: Int, _ map: PortMap) {
    let queue = queues + port
    let isWrite = queue.pointee.next.isWrite
    let next = queue.pointee.next
    if next.accesses > 1 && controller.accessesNeedingEntry(next, bank: queue.pointee.bank) < next.accesses {
      return controller.endHit(entry)
    }
    controller.refill(entry, next, bank: queue.pointee.bank)
    turn = port &+ 1 == ports ? 0 : port &+ 1
    queue.pointee.wasRefused = false
    queue.pointee.advance(next.accesses, table.pointee.trains, map)
    controller.endRefilledHit()
    if queue.pointee.isEmpty { return }
    if queue.pointee.next.isWrite != isWrite || controller.needsNoEntry(queue.pointee.next, bank: queue.pointee.bank) {
      return feed(map)
    }
    queue.pointee.wasRefused = true
  }

  // MARK: Trains out

  private mutating func collect(
    in cycle: Int64, _ completed: inout GrowingBuffer<TrainCompletion>, _ recorder: inout ActivityRecorder
  ) {
    for index in 0..<table.pointee.served.count {
      let train = table.pointee.trains.remove(table.pointee.served[index])
      count(train, -1)
      records[Int(train.pseudoChannel)].trains(-1, at: cycle, recorder: &recorder)
      completed.append(completion(of: train, known: cycle))
    }
    table.pointee.served.removeAll()
  }

  private mutating func completion(of train: TrainInside, known: Int64) -> TrainCompletion {
    TrainCompletion(
      id: train.train.id, port: train.train.port, arrived: train.arrived,
      started: max(train.arrived, (train.started &- 1) &>> clockShift), firstData: cycle(ofData: train.firstData),
      lastData: cycle(ofData: train.lastData), known: known)
  }

  /// The cycle in which data has wholly crossed the bus: completions name the tick after its last.
  private mutating func cycle(ofData tick: Int64) -> Int64 { (tick &+ ticksPerClock &- 2) &>> clockShift }

  /// Which access of the only train was served, and in which tick. `next`: which of it is the next to enter.
  mutating func streamed(_ access: AccessCompletion, next: Int64) -> StreamedAccess {
    StreamedAccess(
      tick: access.finished - (access.isWrite ? writeLatency : readLatency), bank: Int(access.bank),
      index: next - (controller.sequence - access.age))
  }

  /// Does what an idle channel does before `cycle`: refreshes. Precondition: trains have been run up to there.
  mutating func catchUp(before cycle: Int64) { controller.run(through: cycle * ticksPerClock) }
}
