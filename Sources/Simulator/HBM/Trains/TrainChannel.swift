import Architecture

/// A memory channel that takes trains: a queue for each of its ports (pseudo channels) before the controller's queues.
///
/// Accesses of a port enter the controller in the order of its trains, as early as it has room; where ports share its queues
/// they take turns. The rules are in `docs/models/ports.md`.
struct TrainChannel<Order: AccessOrder, Observer: CommandObserver>: ~Copyable {
  var controller: ChannelController<Order, Observer, ServedAccesses>
  private let served: UnsafeMutablePointer<GrowingBuffer<AccessCompletion>>
  let ticksPerClock: Int64
  private let readLatency: Int64
  private let writeLatency: Int64
  /// Ticks between two column commands of a port at least.
  private let columnSpacing: Int64
  let ports: Int
  private(set) var coming = OrderedHeap<ComingTrain>(capacity: 8)
  /// All trains, those that are still to come as well.
  var inside = SlotPool<TrainInside>(capacity: 8)
  var unserved = UnservedTally()
  /// Of them, those that write.
  private var writes = 0
  /// By port: trains of which an access is still outside the controller.
  let waiting: UnsafeMutablePointer<FIFORing<Int32>>
  private var waitingTrains = 0
  /// The port whose turn it is.
  private(set) var turn = 0
  private(set) var accesses: Int64 = 0
  /// The cycle for which the owner will run the channel, `.max` when for none.
  private var awaited = Int64.max
  /// Trains have been run up to this cycle.
  private var settled: Int64 = -1

  /// Long trains alone here are advanced by whole periods.
  private let passesPeriods: Bool
  var watch: StreamWatch?
  var stream: TrainStream?
  /// No train is watched before this cycle: the last one watched did not come round.
  var watchesFrom: Int64 = 0
  /// Accesses that were passed in whole periods.
  var passedAccesses: Int64 = 0

  /// - Parameter passesPeriods: false makes each access take its steps; the results are the same.
  init(_ plan: ControllerPlan, index: Int32, observer: Observer, passesPeriods: Bool = true) {
    self.passesPeriods = passesPeriods
    readLatency = plan.readLatency
    writeLatency = plan.writeLatency
    served = .allocate(capacity: 1)
    served.initialize(to: GrowingBuffer())
    controller = ChannelController(plan, index: index, observer: observer, sink: ServedAccesses(buffer: served))
    ticksPerClock = Int64(plan.device.ticksPerClock)
    columnSpacing = CommandGaps(plan.device, widerThan: .stackID).columnSpacing
    ports = plan.device.organisation.pseudoChannels
    waiting = .allocate(capacity: ports)
    for port in 0..<ports { (waiting + port).initialize(to: FIFORing()) }
  }

  deinit {
    waiting.deinitialize(count: ports).deallocate()
    served.deinitialize(count: 1).deallocate()
  }

  var counts: ChannelCounts { controller.counts }

  /// Those the observer has kept.
  var commands: [IssuedCommand] { controller.observer.commands }

  /// Neither trains nor refreshes are under way.
  var isIdle: Bool { inside.count == 0 && controller.isIdle }

  /// Hands in a train that arrives in `cycle`, which has not run yet. Returns as `nextRun`.
  mutating func submit(_ train: MemoryTrain, at cycle: Int64, map: borrowing PortMap) -> Int64 {
    precondition(cycle > settled, "a train arrives in the past")
    let arriving = TrainInside(train, place: map.location(of: train.address), at: cycle)
    coming.push(ComingTrain(cycle: cycle, train: train, slot: inside.insert(arriving)))
    unserved.add(train.accesses)
    writes &+= train.isWrite ? 1 : 0
    // Trains served before this one comes are those that were waited for already.
    return expectRun(at: max(nextService, cycle))
  }

  /// The cycle for which the owner has to run the channel, before any later one; `.max` when it has been told one as early.
  mutating func nextRun() -> Int64 { expectRun(at: nextService) }

  private mutating func expectRun(at next: Int64) -> Int64 {
    if next >= awaited { return .max }
    awaited = next
    return next
  }

  /// The next cycle in which something happens to a train, `.max` when none is here: refreshes of an idle channel are caught
  /// up with later.
  @inline(__always)
  private var nextCycle: Int64 {
    let arrival = coming.isEmpty ? .max : coming.first.cycle
    if let stream { return min(arrival, stream.end) }
    return inside.count == coming.count ? arrival : min(arrival, (controller.nextTick &- 1) / ticksPerClock)
  }

  /// A cycle before which no train is wholly served, `.max` when none is here: each access left needs a column command, and the
  /// first may be next. So nobody has to look at the channel before. With writes about an access may also be forwarded or
  /// merged, at the next event.
  @inline(__always)
  private var nextService: Int64 {
    if inside.count == 0 { return .max }
    let others = writes > 0 || stream != nil ? 0 : unserved.least &- 1
    return nextCycle &+ others &* columnSpacing / ticksPerClock
  }

  /// Runs all cycles up to `last` in which something happens; completions go to `completed`, trains that arrive or are
  /// served change the level of their port in `records`.
  mutating func run(
    through last: Int64, map: borrowing PortMap, completed: inout GrowingBuffer<TrainCompletion>,
    records: UnsafeMutablePointer<PortRecord>, recorder: inout ActivityRecorder, isSettling: Bool = false
  ) {
    if awaited <= last { awaited = .max }
    settled = max(settled, last)
    if stream != nil { passPeriods(through: last, map, isSettling: isSettling) }
    var cycle = nextCycle
    while cycle <= last {
      controller.run(through: cycle &* ticksPerClock)
      while !coming.isEmpty && coming.first.cycle == cycle { take(coming.popFirst(), records, &recorder) }
      if waitingTrains > 0 { feed(map) }
      let end = (cycle &+ 1) &* ticksPerClock
      while controller.nextTick <= end {
        controller.run(through: controller.nextTick)
        if waitingTrains > 0 { feed(map) }
      }
      collect(in: cycle, map, &completed, records, &recorder)
      if waitingTrains > 0 && passesPeriods { watchTrain(after: cycle, map) }
      if stream != nil { passPeriods(through: last, map, isSettling: isSettling) }
      cycle = nextCycle
    }
  }

  private mutating func take(
    _ arrival: ComingTrain, _ records: UnsafeMutablePointer<PortRecord>, _ recorder: inout ActivityRecorder
  ) {
    waiting[Int(inside[arrival.slot].place.pseudoChannel)].append(arrival.slot)
    waitingTrains &+= 1
    watch = nil
    accesses &+= Int64(arrival.train.accesses)
    records[Int(arrival.train.port)].trains(1, at: arrival.cycle, recorder: &recorder)
  }

  /// Lets accesses enter the controller's queues while there is room.
  private mutating func feed(_ map: borrowing PortMap) {
    var refused = 0
    while refused < ports && waitingTrains > 0 {
      if feed(port: turn, map) { refused = 0 } else { refused &+= 1 }
      turn = turn &+ 1 == ports ? 0 : turn &+ 1
    }
  }

  private mutating func feed(port: Int, _ map: borrowing PortMap) -> Bool {
    guard !waiting[port].isEmpty else { return false }
    let slot = waiting[port][0]
    var train = inside[slot]
    let isWrite = train.train.isWrite
    guard controller.mayAccept(isWrite: isWrite, pseudoChannel: port) else { return false }
    let access = MemoryAccess(id: slot, location: train.place, line: map.line(of: train.next), isWrite: isWrite)
    guard controller.add(access) else { return false }
    map.advance(&train.next, &train.place)
    train.outside &-= 1
    inside[slot] = train
    if train.outside == 0 {
      _ = waiting[port].removeFirst()
      waitingTrains &-= 1
    }
    return true
  }

  private mutating func collect(
    in cycle: Int64, _ map: borrowing PortMap, _ completed: inout GrowingBuffer<TrainCompletion>,
    _ records: UnsafeMutablePointer<PortRecord>, _ recorder: inout ActivityRecorder
  ) {
    for index in 0..<served.pointee.count {
      let access = served.pointee[index]
      var train = inside[access.id]
      unserved.serve(train.unserved)
      train.unserved &-= 1
      train.started = min(train.started, access.started)
      train.firstData = min(train.firstData, access.finished)
      train.lastData = max(train.lastData, access.finished)
      inside[access.id] = train
      if watch != nil { note(access, of: train) }
      if train.unserved > 0 { continue }
      inside.remove(access.id)
      writes &-= train.train.isWrite ? 1 : 0
      records[Int(train.train.port)].trains(-1, at: cycle, recorder: &recorder)
      completed.append(completion(of: train, known: cycle))
    }
    served.pointee.removeAll()
  }

  private func completion(of train: TrainInside, known: Int64) -> TrainCompletion {
    TrainCompletion(
      id: train.train.id, port: train.train.port, arrived: train.arrived,
      started: max(train.arrived, (train.started - 1) / ticksPerClock), firstData: cycle(ofData: train.firstData),
      lastData: cycle(ofData: train.lastData), known: known)
  }

  /// The cycle in which data has wholly crossed the bus: completions name the tick after its last.
  private func cycle(ofData tick: Int64) -> Int64 { (tick + ticksPerClock - 2) / ticksPerClock }

  private mutating func note(_ access: AccessCompletion, of train: TrainInside) {
    let tick = access.finished - (access.isWrite ? writeLatency : readLatency)
    let index = Int64(train.train.accesses - train.outside) - (controller.sequence - access.age)
    watch?.served.append(StreamedAccess(tick: tick, bank: Int(access.bank), index: index))
  }

  /// Does what an idle channel does before `cycle`: refreshes. Precondition: trains have been run up to there.
  mutating func catchUp(before cycle: Int64) { controller.run(through: cycle * ticksPerClock) }
}

/// Keeps completions for a channel of trains, which empties the buffer after each cycle.
struct ServedAccesses: CompletionSink {
  let buffer: UnsafeMutablePointer<GrowingBuffer<AccessCompletion>>

  @inline(__always)
  mutating func complete(_ access: AccessCompletion) { buffer.pointee.append(access) }
}
