/// Trains that are alone, in whole periods. The rules are in `docs/models/hbm.md`.
extension TrainChannel {
  /// A train with fewer accesses outside the controller is not worth watching.
  static var fewestOutside: Int32 { 64 }
  private static var longestPeriod: Int { 128 }

  /// Looks, after a cycle, whether the channel's only train has come round.
  mutating func watchTrain(after cycle: Int64, _ map: PortMap) {
    guard cycle >= watchesFrom, let port = longPort else { return endWatch() }
    let train = firstTrain(port)
    noteServed(of: train, port)
    guard let watch, watch.slot == queues[port].next.id, watch.refreshDue == controller.refresh.due,
      watch.activates == controller.tally.activates
    else {
      return beginWatch(train, port, after: cycle, map)
    }
    guard !watch.served.isEmpty, watch.served.count % watch.stride == 0 else { return }
    controller.run(through: (cycle + 1) * ticksPerClock)
    if isStreaming(train, port) && turn == watch.turn
      && controller.streamOutlook(port, isWrite: train.train.isWrite) == watch.outlook
    {
      beginStream(watch, train, port, at: cycle + 1, map)
    } else if watch.served.count >= Self.longestPeriod {
      endWatch()
      watchesFrom = cycle + Int64(Self.longestPeriod)
    }
  }

  mutating func endWatch() {
    watch = nil
    table.pointee.isWatched = false
    table.pointee.watched.removeAll()
  }

  private mutating func firstTrain(_ port: Int) -> TrainInside { table.pointee.trains[queues[port].next.id] }

  /// Adds what the train's last cycle served to the watch.
  private mutating func noteServed(of train: TrainInside, _ port: Int) {
    let next = Int64(train.train.accesses - queues[port].outside)
    for index in 0..<table.pointee.watched.count {
      let access = streamed(table.pointee.watched[index], next: next)
      watch?.served.append(access)
    }
    table.pointee.watched.removeAll()
  }

  /// The port with accesses outside, if there are many of its first train and no other port has any.
  private var longPort: Int? {
    mutating get {
      var only: Int?
      for port in 0..<ports where !queues[port].isEmpty {
        if only != nil { return nil }
        only = port
      }
      guard let port = only, queues[port].outside >= Self.fewestOutside else { return nil }
      return port
    }
  }

  private mutating func isStreaming(_ train: TrainInside, _ port: Int) -> Bool {
    controller.isStreaming(port, isWrite: train.train.isWrite, accesses: Int(train.unserved - queues[port].outside))
  }

  private mutating func beginWatch(
    _ train: TrainInside, _ port: Int, after cycle: Int64, _ map: PortMap
  ) {
    endWatch()
    guard isStreaming(train, port),
      let stride = Self.bankStride(of: train.train, outside: queues[port].outside, map)
    else { return }
    controller.run(through: (cycle + 1) * ticksPerClock)
    watch = StreamWatch(
      slot: queues[port].next.id, cycle: cycle + 1, refreshDue: controller.refresh.due,
      activates: controller.tally.activates, turn: turn,
      outlook: controller.streamOutlook(port, isWrite: train.train.isWrite), stride: stride)
    table.pointee.isWatched = true
  }

  /// After how many accesses a train is at the same banks again, a power of two; nil if after too many.
  private static func bankStride(of train: MemoryTrain, outside: Int32, _ map: PortMap) -> Int? {
    let next = Int64(train.accesses - outside)
    var stride = 1
    while stride <= longestPeriod / 2 && stride * 2 <= Int(outside) {
      if (0..<stride).allSatisfy({ isSameRow(train, next + Int64($0), next + Int64($0 + stride), map) }) {
        return stride
      }
      stride *= 2
    }
    return nil
  }

  private static func isSameRow(
    _ train: MemoryTrain, _ one: Int64, _ other: Int64, _ map: PortMap
  ) -> Bool {
    var place = map.location(of: map.address(of: one, in: train))
    let otherPlace = map.location(of: map.address(of: other, in: train))
    place.column = otherPlace.column
    return place == otherPlace
  }

  /// The accesses to come repeat those of the watch, each in the row of the one it repeats, up to the train's last, a new row or a
  /// refresh. With its last access a train leaves the port's queue, which is a step of its own.
  private mutating func beginStream(
    _ watch: StreamWatch, _ train: TrainInside, _ port: Int, at cycle: Int64, _ map: PortMap
  ) {
    let (accesses, cycles) = (Int64(watch.served.count), cycle - watch.cycle)
    let outside = queues[port].outside
    let most = min(controller.stretches(of: cycles * ticksPerClock), Int64(outside - 1) / accesses)
    let next = Int64(train.train.accesses - outside)
    var same: Int64 = 0
    while same < most * accesses && Self.isSameRow(train.train, next + same - accesses, next + same, map) { same += 1 }
    endWatch()
    if same < accesses {
      watchesFrom = cycle + cycles
    } else {
      stream = TrainStream(
        slot: watch.slot, port: port, period: watch.served, cycles: cycles, cycle: cycle, periods: same / accesses)
    }
  }

  /// Passes the whole periods that end by `last` and before the next arrival. What is left waits to be passed later; at an arrival,
  /// or when settling, it goes step by step, and the stream is over.
  mutating func passPeriods(through last: Int64, _ map: PortMap, isSettling: Bool) {
    guard var passing = stream else { return }
    let arrival = coming.isEmpty ? Int64.max : coming.first.cycle
    let passed = min(passing.periods, (min(last == .max ? last : last + 1, arrival) - passing.cycle) / passing.cycles)
    if passed > 0 {
      pass(passed, of: passing, map)
      passing.pass(passed, ticksPerClock: ticksPerClock)
    }
    let isOver = passing.periods == 0 || arrival <= last || isSettling && passing.cycle <= last
    stream = isOver ? nil : passing
  }

  private mutating func pass(_ periods: Int64, of stream: TrainStream, _ map: PortMap) {
    let train = table.pointee.trains[stream.slot]
    let (accesses, ticks) = (Int64(stream.period.count), stream.cycles * ticksPerClock)
    let served = periods * accesses
    if Observer.isActive {
      for period in 1...periods { report(stream, train.train, ticks: period * ticks, accesses: period * accesses, map) }
    }
    queues[stream.port].skip(Int32(served), of: train.train, map)
    table.pointee.trains[stream.slot].unserved -= Int32(served)
    table.pointee.unserved.serve(Int32(served), of: train.unserved)
    let next = Int64(train.train.accesses - queues[stream.port].outside)
    controller.passStream(stream.port, isWrite: train.train.isWrite, ticks: periods * ticks, accesses: served) {
      before in
      let address = map.address(of: next - before, in: train.train)
      return (map.line(of: address), map.location(of: address).column)
    }
    passedAccesses += served
  }

  /// The commands of a period, so much later and further on.
  private mutating func report(
    _ stream: TrainStream, _ train: MemoryTrain, ticks: Int64, accesses: Int64, _ map: PortMap
  ) {
    for access in stream.period {
      let place = map.location(of: map.address(of: access.index + accesses, in: train))
      controller.report(
        train.isWrite ? .WR : .RD, stream.port, access.bank, row: place.row, column: place.column,
        at: access.tick + ticks)
    }
  }
}
