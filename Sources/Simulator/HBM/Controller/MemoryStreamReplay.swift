import Architecture

/// One request of a stream: an access at an address, in the given cycle or as early as it is accepted.
public struct StreamRequest: Equatable, BitwiseCopyable, Sendable {
  /// Earliest cycle of CK, 0 or more; -1: as early as accepted.
  public var cycle: Int64
  /// Byte address, not negative.
  public var address: Int64
  public var isWrite: Bool

  public init(cycle: Int64 = -1, address: Int64, isWrite: Bool) {
    self.cycle = cycle
    self.address = address
    self.isWrite = isWrite
  }
}

/// What a replayed stream came to. Ticks are scheduling ticks, `ticksPerClock` a cycle of CK.
public struct MemoryReplayResult: Equatable, Sendable {
  public var ticksPerClock = 1
  /// From cycle 0 to the end of the last data.
  public var endTicks: Int64 = 0
  public var requests: Int64 = 0
  /// From arrival, `controllerLatency` before entering the queue, to the end of the data.
  public var readLatency = TickHistogram()
  /// Of all channels, up to the last completion.
  public var counts = ChannelCounts()
  /// Every command that was not taken before, channel after channel, if they were to be kept.
  public var commands: [IssuedCommand] = []
  /// What the data buses did, if that was asked for.
  public var bandwidthUse: BandwidthUse?

  public init() {}

  /// In cycles of CK.
  public var cycles: Double { Double(endTicks) / Double(ticksPerClock) }
}

/// Replays a stream of requests over all channels of a memory, without anything else.
///
/// Requests enter in their order, as many in a cycle as are accepted; one whose queue is full holds back all behind it. One
/// of cycle c may enter in cycle c + `controllerLatency`. In a cycle requests enter first, then the channels work (cycle c:
/// tick ticksPerClock x c + 1 and, with two ticks a cycle, the next).
public struct MemoryStreamReplay {
  /// What is to be told besides counts and latencies.
  public enum Detail: Sendable {
    case none
    /// What the data buses did.
    case bandwidthUse
    /// That, and every command.
    case commands
  }

  private enum Engine {
    case silent(PolicyReplay<NoObserver>)
    case watched(PolicyReplay<ReplayWatch>, ReplayLedgers)
  }
  private let engine: Engine

  /// - Parameters:
  ///   - channels: Channels of `device`; the map's channel field counts up to it.
  /// - Precondition: `controllerProblem(device:spec:)` finds none.
  public init(
    device: DRAMDevice, channels: Int, map: AddressMap, controller: MemoryControllerSpec, detail: Detail = .none
  ) {
    let memory = ReplayMemory(
      plan: ControllerPlan(device: device, spec: controller), channels: channels, map: map)
    if detail == .none {
      engine = .silent(PolicyReplay(memory, Array(repeating: NoObserver(), count: channels)))
    } else {
      let ledgers = ReplayLedgers(memory.plan, channels: channels)
      engine = .watched(PolicyReplay(memory, ledgers.watches(keepsCommands: detail == .commands)), ledgers)
    }
  }

  /// Adds the next requests of the stream.
  public func feed(_ requests: [StreamRequest]) {
    switch engine {
    case .silent(let replay): replay.feed(requests)
    case .watched(let replay, _): replay.feed(requests)
    }
  }

  /// The commands before which nothing can come any more, channel after channel, if they are kept: those before the cycle in
  /// which the last request entered its queue. Each is given once: what is taken piece by piece need not be held.
  public func takeCommands() -> [IssuedCommand] {
    switch engine {
    case .silent: []
    case .watched(let replay, _): replay.takeCommands()
    }
  }

  /// Serves what still waits. Call once, after the last `feed`.
  public func finish() -> MemoryReplayResult {
    switch engine {
    case .silent(let replay): return replay.finish()
    case .watched(let replay, let ledgers):
      var result = replay.finish()
      result.bandwidthUse = ledgers.use(until: result.endTicks)
      return result
    }
  }
}

/// What a replay is made of.
private struct ReplayMemory {
  var plan: ControllerPlan
  var channels: Int
  var map: AddressMap
}

/// A replay in one of the orders: one choice a chunk of requests, so that everything below is compiled for its order, as in
/// `MemoryChannels`.
private enum PolicyReplay<Observer: CommandObserver> {
  case plain(OrderedReplay<PlainFirstReady, Observer>)
  case plainPair(OrderedReplay<PlainPairFirstReady, Observer>)
  case firstReady(OrderedReplay<FirstReady, Observer>)
  case inOrder(OrderedReplay<InOrder, Observer>)

  init(_ memory: ReplayMemory, _ observers: [Observer]) {
    switch ControllerPlan.Order(memory.plan.device, memory.plan.spec) {
    case .plain: self = .plain(OrderedReplay(memory, observers))
    case .plainPair: self = .plainPair(OrderedReplay(memory, observers))
    case .firstReady: self = .firstReady(OrderedReplay(memory, observers))
    case .inOrder: self = .inOrder(OrderedReplay(memory, observers))
    }
  }

  func feed(_ requests: [StreamRequest]) {
    switch self {
    case .plain(let replay): replay.feed(requests)
    case .plainPair(let replay): replay.feed(requests)
    case .firstReady(let replay): replay.feed(requests)
    case .inOrder(let replay): replay.feed(requests)
    }
  }

  func takeCommands() -> [IssuedCommand] {
    switch self {
    case .plain(let replay): replay.takeCommands()
    case .plainPair(let replay): replay.takeCommands()
    case .firstReady(let replay): replay.takeCommands()
    case .inOrder(let replay): replay.takeCommands()
    }
  }

  func finish() -> MemoryReplayResult {
    switch self {
    case .plain(let replay): replay.finish()
    case .plainPair(let replay): replay.finish()
    case .firstReady(let replay): replay.finish()
    case .inOrder(let replay): replay.finish()
    }
  }
}

/// Channels of one order under a stream.
private final class OrderedReplay<Order: AccessOrder, Observer: CommandObserver> {
  private typealias Channel = ChannelController<Order, Observer, ReplaySink>
  private let channels: UnsafeMutablePointer<Channel>
  private let channelCount: Int
  private let decoder: AddressDecoder
  /// Cycles between arrival and queue.
  private let controllerLatency: Int64
  /// The cycle in which the last request entered its queue.
  private var cycle: Int64
  private var result = MemoryReplayResult()
  private let totals: UnsafeMutablePointer<ReplayTotals>

  /// - Parameter observers: One for each channel.
  init(_ memory: ReplayMemory, _ observers: [Observer]) {
    let (device, spec) = (memory.plan.device, memory.plan.spec)
    totals = .allocate(capacity: 1)
    totals.initialize(to: ReplayTotals())
    channelCount = memory.channels
    channels = .allocate(capacity: memory.channels)
    let sink = ReplaySink(memory.plan, totals)
    for index in 0..<memory.channels {
      (channels + index).initialize(
        to: Channel(memory.plan, index: Int32(index), observer: observers[index], sink: sink))
    }
    decoder = AddressDecoder(map: memory.map, accessBytes: device.organisation.accessBytes)
    controllerLatency = Int64(spec.controllerLatency)
    cycle = controllerLatency
    result.ticksPerClock = device.ticksPerClock
  }

  deinit {
    // `deinitialize(count:)` does not run the deinit of a generic ~Copyable type (Swift 6.3): the channels would leak.
    for index in 0..<channelCount { _ = (channels + index).move() }
    channels.deallocate()
    totals.deinitialize(count: 1).deallocate()
  }

  func feed(_ requests: [StreamRequest]) {
    var cycle = cycle
    requests.withUnsafeBufferPointer { requests in
      for request in requests { cycle = enter(request, from: max(cycle, request.cycle &+ controllerLatency)) }
    }
    self.cycle = cycle
    result.requests += Int64(requests.count)
  }

  /// Adds a request in the first cycle from `cycle` on in which its channel takes it; returns that cycle.
  @inline(__always)
  private func enter(_ request: StreamRequest, from cycle: Int64) -> Int64 {
    let line = decoder.line(of: request.address)
    let access = ChannelRequest(id: 0, location: decoder.location(of: line), line: line, isWrite: request.isWrite)
    precondition(Int(access.location.channel) < channelCount, "a request goes to a channel that the memory has not")
    return channels[Int(access.location.channel)].addWhenPossible(access, from: cycle)
  }

  func takeCommands() -> [IssuedCommand] {
    let last = cycle * Int64(result.ticksPerClock)
    var commands: [IssuedCommand] = []
    for index in 0..<channelCount {
      channels[index].run(through: last)
      commands += channels[index].observer.takeCommands(through: last)
    }
    return commands
  }

  func finish() -> MemoryReplayResult {
    for index in 0..<channelCount { channels[index].runUntilServed() }
    result.endTicks = totals.pointee.endTicks
    result.readLatency = TickHistogram(totals.pointee.readLatency)
    for index in 0..<channelCount {
      channels[index].run(through: totals.pointee.lastTick)
      result.counts += channels[index].counts
      result.commands += channels[index].observer.commands
    }
    return result
  }
}
