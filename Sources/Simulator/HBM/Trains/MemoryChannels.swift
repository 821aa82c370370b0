import Architecture

/// The channels of a memory, whatever order their controllers serve in. A choice between concrete classes, so that each is
/// compiled for its order; behind a protocol the generic code would run, compiled for none.
enum MemoryChannels {
  case plain(OrderedChannels<PlainFirstReady>)
  case plainPair(OrderedChannels<PlainPairFirstReady>)
  case firstReady(OrderedChannels<FirstReady>)
  case inOrder(OrderedChannels<InOrder>)

  /// - Parameters:
  ///   - records: By channel and pseudo channel; the owner's.
  ///   - lead: Cycles by which the answer to a read may leave before its last data is there.
  init(_ hbm: HBMSpec, records: UnsafeMutablePointer<PortRecord>, lead: Int64) {
    switch ControllerPlan.Order(hbm.device, hbm.controller) {
    case .plain: self = .plain(OrderedChannels(hbm, records, lead))
    case .plainPair: self = .plainPair(OrderedChannels(hbm, records, lead))
    case .firstReady: self = .firstReady(OrderedChannels(hbm, records, lead))
    case .inOrder: self = .inOrder(OrderedChannels(hbm, records, lead))
    }
  }

  /// Hands in a train; returns a cycle for which to run its channel, `.max` when an earlier one has been returned before.
  func submit(_ train: MemoryTrain, to channel: Int32, at cycle: Int64, map: PortMap) -> Int64 {
    switch self {
    case .plain(let channels): channels.submit(train, to: channel, at: cycle, map: map)
    case .plainPair(let channels): channels.submit(train, to: channel, at: cycle, map: map)
    case .firstReady(let channels): channels.submit(train, to: channel, at: cycle, map: map)
    case .inOrder(let channels): channels.submit(train, to: channel, at: cycle, map: map)
    }
  }

  /// Runs a channel up to `last`; returns as `submit`.
  func run(
    _ channel: UInt32, through last: Int64, map: PortMap, completed: inout GrowingBuffer<TrainCompletion>,
    recorder: inout ActivityRecorder
  ) -> Int64 {
    switch self {
    case .plain(let channels):
      channels.run(channel, through: last, map: map, completed: &completed, recorder: &recorder)
    case .plainPair(let channels):
      channels.run(channel, through: last, map: map, completed: &completed, recorder: &recorder)
    case .firstReady(let channels):
      channels.run(channel, through: last, map: map, completed: &completed, recorder: &recorder)
    case .inOrder(let channels):
      channels.run(channel, through: last, map: map, completed: &completed, recorder: &recorder)
    }
  }

  /// Runs all channels up to the cycle before `cycle`, refreshes of idle ones included.
  func settle(
    before cycle: Int64, map: PortMap, completed: inout GrowingBuffer<TrainCompletion>,
    recorder: inout ActivityRecorder
  ) {
    switch self {
    case .plain(let channels):
      channels.settle(before: cycle, map: map, completed: &completed, recorder: &recorder)
    case .plainPair(let channels):
      channels.settle(before: cycle, map: map, completed: &completed, recorder: &recorder)
    case .firstReady(let channels):
      channels.settle(before: cycle, map: map, completed: &completed, recorder: &recorder)
    case .inOrder(let channels):
      channels.settle(before: cycle, map: map, completed: &completed, recorder: &recorder)
    }
  }

  var counts: ChannelCounts {
    switch self {
    case .plain(let channels): channels.counts
    case .plainPair(let channels): channels.counts
    case .firstReady(let channels): channels.counts
    case .inOrder(let channels): channels.counts
    }
  }

  /// Laws that are broken, each as a sentence; empty when all hold. `drained`: every train has been served.
  func checkLaws(drained: Bool) -> [String] {
    switch self {
    case .plain(let channels): channels.checkLaws(drained: drained)
    case .plainPair(let channels): channels.checkLaws(drained: drained)
    case .firstReady(let channels): channels.checkLaws(drained: drained)
    case .inOrder(let channels): channels.checkLaws(drained: drained)
    }
  }
}

/// Channels that serve in one order.
final class OrderedChannels<Order: AccessOrder> {
  private let channels: UnsafeMutablePointer<TrainChannel<Order, PortTrace>>
  private let count: Int
  private let activity: UnsafeMutablePointer<WaitingActivity>

  init(_ hbm: HBMSpec, _ records: UnsafeMutablePointer<PortRecord>, _ lead: Int64) {
    count = hbm.channelCount
    activity = .allocate(capacity: 1)
    activity.initialize(to: WaitingActivity())
    channels = .allocate(capacity: count)
    let plan = ControllerPlan(device: hbm.device, spec: hbm.controller)
    for index in 0..<count {
      let ofChannel = records + index * hbm.device.organisation.pseudoChannels
      let trace = PortTrace(records: ofChannel, activity: activity)
      (channels + index).initialize(
        to: TrainChannel(
          plan, index: Int32(index), observer: trace, records: ofChannel, lag: AnswerLag(plan, lead: lead)))
    }
  }

  deinit {
    // `deinitialize(count:)` does not run the deinit of a generic ~Copyable type (Swift 6.3): the channels would leak.
    for index in 0..<count { _ = (channels + index).move() }
    channels.deallocate()
    activity.deinitialize(count: 1).deallocate()
  }

  func submit(_ train: MemoryTrain, to channel: Int32, at cycle: Int64, map: PortMap) -> Int64 {
    channels[Int(channel)].submit(train, at: cycle, map: map)
  }

  func run(
    _ channel: UInt32, through last: Int64, map: PortMap, completed: inout GrowingBuffer<TrainCompletion>,
    recorder: inout ActivityRecorder
  ) -> Int64 {
    channels[Int(channel)].run(
      through: last, map: map, completed: &completed, recorder: &recorder)
    activity.pointee.empty(into: &recorder)
    return channels[Int(channel)].nextRun()
  }

  func settle(
    before cycle: Int64, map: PortMap, completed: inout GrowingBuffer<TrainCompletion>,
    recorder: inout ActivityRecorder
  ) {
    for index in 0..<count {
      channels[index].run(
        through: cycle - 1, map: map, completed: &completed, recorder: &recorder, isSettling: true)
      channels[index].catchUp(before: cycle)
      activity.pointee.empty(into: &recorder)
    }
  }

  var counts: ChannelCounts {
    var sum = ChannelCounts()
    for index in 0..<count { sum += channels[index].counts }
    return sum
  }

  func checkLaws(drained: Bool) -> [String] { (0..<count).flatMap { checkLaws(drained: drained, $0) } }

  private func checkLaws(drained: Bool, _ index: Int) -> [String] {
    var broken: [String] = []
    func expect(_ holds: Bool, _ law: String) {
      if !holds { broken.append("chip0.hbm, memory channel \(index): \(law)") }
    }
    let counts = channels[index].counts
    let served = counts.reads + counts.writes + counts.forwardedReads + counts.mergedWrites
    if drained {
      expect(
        served == channels[index].accesses, "\(channels[index].accesses) accesses requested, \(served) served")
    }
    if channels[index].isIdle {
      expect(
        counts.refreshes == counts.refreshesDue,
        "\(counts.refreshes) refreshes issued, \(counts.refreshesDue) due")
    }
    expect(
      counts.rowHits + counts.rowMisses + counts.rowConflicts == counts.reads + counts.writes,
      "row hits, misses and conflicts do not add up to the accesses")
    return broken
  }
}
