/// Trains that are alone, in whole periods. The rules are in `docs/models/hbm.md`.
extension TrainChannel {
  /// A train with fewer accesses outside the controller is not worth watching.
  private var fewestOutside: Int32 { 64 }
  private var longestPeriod: Int { 128 }

  /// Looks, after a cycle, whether the channel's only train has come round.
  mutating func watchTrain(after cycle: Int64, _ map: borrowing PortMap) {
    guard cycle >= watchesFrom, let (port, slot) = longTrain else {
      watch = nil
      return
    }
    let train = inside[slot]
    guard let watch, watch.slot == slot, watch.refreshDue == controller.refresh.due,
      watch.activates == controller.tally.activates
    else {
      return beginWatch(slot, port, after: cycle, map)
    }
    guard !watch.served.isEmpty, watch.served.count % watch.stride == 0 else { return }
    controller.run(through: (cycle + 1) * ticksPerClock)
    if isStreaming(train, port) && turn == watch.turn
      && controller.streamOutlook(port, isWrite: train.train.isWrite) == watch.outlook
    {
      beginStream(watch, train, port, at: cycle + 1, map)
    } else if watch.served.count >= longestPeriod {
      self.watch = nil
      watchesFrom = cycle + Int64(longestPeriod)
    }
  }

  /// The train that waits to enter, if there is one of many accesses and no other port has one.
  private var longTrain: (port: Int, slot: Int32)? {
    var only: Int?
    for port in 0..<ports where !waiting[port].isEmpty {
      if only != nil { return nil }
      only = port
    }
    guard let port = only, inside[waiting[port][0]].outside >= fewestOutside else { return nil }
    return (port, waiting[port][0])
  }

  private func isStreaming(_ train: TrainInside, _ port: Int) -> Bool {
    controller.isStreaming(port, isWrite: train.train.isWrite, accesses: Int(train.unserved - train.outside))
  }

  private mutating func beginWatch(_ slot: Int32, _ port: Int, after cycle: Int64, _ map: borrowing PortMap) {
    watch = nil
    let train = inside[slot]
    guard isStreaming(train, port), let stride = bankStride(of: train, map) else { return }
    controller.run(through: (cycle + 1) * ticksPerClock)
    watch = StreamWatch(
      slot: slot, cycle: cycle + 1, refreshDue: controller.refresh.due,
      activates: controller.tally.activates, turn: turn,
      outlook: controller.streamOutlook(port, isWrite: train.train.isWrite), stride: stride)
  }

  /// After how many accesses a train is at the same banks again, a power of two; nil if after too many.
  private func bankStride(of train: TrainInside, _ map: borrowing PortMap) -> Int? {
    var stride = 1
    while stride <= longestPeriod / 2 && stride * 2 <= Int(train.outside) {
      if (0..<stride).allSatisfy({ [next = Int64(train.train.accesses - train.outside)] in
        isSameRow(train.train, next + Int64($0), next + Int64($0 + stride), map)
      }) {
        return stride
      }
      stride *= 2
    }
    return nil
  }

  private func isSameRow(_ train: MemoryTrain, _ one: Int64, _ other: Int64, _ map: borrowing PortMap) -> Bool {
    var place = map.location(of: map.address(of: one, in: train))
    let otherPlace = map.location(of: map.address(of: other, in: train))
    place.column = otherPlace.column
    return place == otherPlace
  }

  /// The accesses to come repeat those of the watch, each in the row of the one it repeats, up to the train's last, a new row or a
  /// refresh. With its last access a train leaves the port's queue, which is a step of its own.
  private mutating func beginStream(
    _ watch: StreamWatch, _ train: TrainInside, _ port: Int, at cycle: Int64, _ map: borrowing PortMap
  ) {
    let (accesses, cycles) = (Int64(watch.served.count), cycle - watch.cycle)
    let most = min(controller.stretches(of: cycles * ticksPerClock), Int64(train.outside - 1) / accesses)
    let next = Int64(train.train.accesses - train.outside)
    var same: Int64 = 0
    while same < most * accesses && isSameRow(train.train, next + same - accesses, next + same, map) { same += 1 }
    self.watch = nil
    if same < accesses {
      watchesFrom = cycle + cycles
    } else {
      stream = TrainStream(
        slot: watch.slot, port: port, period: watch.served, cycles: cycles, cycle: cycle, periods: same / accesses)
    }
  }

  /// Passes the whole periods that end by `last` and before the next arrival. What is left waits to be passed later; at an arrival,
  /// or when settling, it goes step by step, and the stream is over.
  mutating func passPeriods(through last: Int64, _ map: borrowing PortMap, isSettling: Bool) {
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

  private mutating func pass(_ periods: Int64, of stream: TrainStream, _ map: borrowing PortMap) {
    var train = inside[stream.slot]
    let (accesses, ticks) = (Int64(stream.period.count), stream.cycles * ticksPerClock)
    let served = periods * accesses
    if Observer.isActive {
      for period in 1...periods { report(stream, train.train, ticks: period * ticks, accesses: period * accesses, map) }
    }
    train.outside -= Int32(served)
    train.unserved -= Int32(served)
    let next = Int64(train.train.accesses - train.outside)
    train.next = map.address(of: next, in: train.train)
    train.place = map.location(of: train.next)
    inside[stream.slot] = train
    unserved.serve(Int32(served), of: train.unserved + Int32(served))
    controller.passStream(stream.port, isWrite: train.train.isWrite, ticks: periods * ticks, accesses: served) {
      before in
      let address = map.address(of: next - before, in: train.train)
      return (map.line(of: address), map.location(of: address).column)
    }
    passedAccesses += served
  }

  /// The commands of a period, so much later and further on.
  private mutating func report(
    _ stream: TrainStream, _ train: MemoryTrain, ticks: Int64, accesses: Int64, _ map: borrowing PortMap
  ) {
    for access in stream.period {
      let place = map.location(of: map.address(of: access.index + accesses, in: train))
      controller.report(
        train.isWrite ? .WR : .RD, stream.port, access.bank, row: place.row, column: place.column,
        at: access.tick + ticks)
    }
  }
}
