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
  /// Every command, channel after channel, if they were to be kept.
  public var commands: [IssuedCommand] = []
  /// Likewise, by channel: every access in the order of the column commands.
  public var accesses: [[AccessCompletion]] = []

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
  private enum Engine {
    case silent(PolicyReplay<NoObserver>)
    case logged(PolicyReplay<CommandLog>)
  }
  private let engine: Engine

  /// - Parameters:
  ///   - channels: Channels of `device`; the map's channel field counts up to it.
  ///   - keepsCommands: the result is to list every command.
  /// - Precondition: `controllerProblem(device:spec:)` finds none.
  public init(
    device: DRAMDevice, channels: Int, map: AddressMap, controller: MemoryControllerSpec, keepsCommands: Bool = false
  ) {
    let memory = ReplayMemory(device: device, channels: channels, map: map, controller: controller)
    engine =
      keepsCommands
      ? .logged(PolicyReplay(memory, CommandLog())) : .silent(PolicyReplay(memory, NoObserver()))
  }

  /// Adds the next requests of the stream.
  public func feed(_ requests: [StreamRequest]) {
    switch engine {
    case .silent(let replay): replay.feed(requests)
    case .logged(let replay): replay.feed(requests)
    }
  }

  /// Serves what still waits. Call once, after the last `feed`.
  public func finish() -> MemoryReplayResult {
    switch engine {
    case .silent(let replay): replay.finish()
    case .logged(let replay): replay.finish()
    }
  }
}

/// What a replay is made of.
private struct ReplayMemory {
  var device: DRAMDevice
  var channels: Int
  var map: AddressMap
  var controller: MemoryControllerSpec
}

/// A replay in one of the orders: one choice a chunk of requests, so that everything below is compiled for its order.
private enum PolicyReplay<Observer: CommandObserver> {
  case firstReady(OrderedReplay<FirstReady, Observer>)
  case inOrder(OrderedReplay<InOrder, Observer>)

  init(_ memory: ReplayMemory, _ observer: Observer) {
    self =
      memory.controller.scheduler == .fcfs
      ? .inOrder(OrderedReplay(memory, observer)) : .firstReady(OrderedReplay(memory, observer))
  }

  func feed(_ requests: [StreamRequest]) {
    switch self {
    case .firstReady(let replay): replay.feed(requests)
    case .inOrder(let replay): replay.feed(requests)
    }
  }

  func finish() -> MemoryReplayResult {
    switch self {
    case .firstReady(let replay): replay.finish()
    case .inOrder(let replay): replay.finish()
    }
  }
}

/// Channels of one order under a stream.
private final class OrderedReplay<Order: AccessOrder, Observer: CommandObserver> {
  private typealias Channel = ChannelController<Order, Observer>
  private let channels: UnsafeMutablePointer<Channel>
  private let channelCount: Int
  private let decoder: AddressDecoder
  private let ticksPerClock: Int64
  private let writeLatency: Int64
  /// Cycles between arrival and queue.
  private let controllerLatency: Int64
  /// The cycle in which the last request entered its queue.
  private var cycle: Int64
  /// Tick of the last completion as the requester sees it: a read's data, a write's command.
  private var lastTick: Int64 = 0
  private var result = MemoryReplayResult()
  private let readLatency: UnsafeMutablePointer<TickHistogram>

  init(_ memory: ReplayMemory, _ observer: Observer) {
    channelCount = memory.channels
    channels = .allocate(capacity: memory.channels)
    for index in 0..<memory.channels {
      (channels + index).initialize(
        to: Channel(device: memory.device, spec: memory.controller, index: Int32(index), observer: observer))
    }
    decoder = AddressDecoder(map: memory.map, accessBytes: memory.device.organisation.accessBytes)
    ticksPerClock = Int64(memory.device.ticksPerClock)
    writeLatency = channels.pointee.writeLatency
    controllerLatency = Int64(memory.controller.controllerLatency)
    cycle = controllerLatency
    readLatency = .allocate(capacity: 1)
    readLatency.initialize(to: TickHistogram())
    result.ticksPerClock = memory.device.ticksPerClock
    if Observer.isActive { result.accesses = Array(repeating: [], count: memory.channels) }
  }

  deinit {
    channels.deinitialize(count: channelCount)
    channels.deallocate()
    readLatency.deinitialize(count: 1)
    readLatency.deallocate()
  }

  func feed(_ requests: [StreamRequest]) {
    var cycle = cycle
    requests.withUnsafeBufferPointer { requests in
      for request in requests { cycle = enter(request, from: max(cycle, request.cycle &+ controllerLatency)) }
    }
    self.cycle = cycle
    result.requests += Int64(requests.count)
    for index in 0..<channelCount { collect(channels + index) }
  }

  /// Adds a request in the first cycle from `cycle` on in which its channel takes it; returns that cycle.
  @inline(__always)
  private func enter(_ request: StreamRequest, from cycle: Int64) -> Int64 {
    let line = decoder.line(of: request.address)
    let access = MemoryAccess(id: 0, location: decoder.location(of: line), line: line, isWrite: request.isWrite)
    precondition(Int(access.location.channel) < channelCount, "a request goes to a channel that the memory has not")
    let channel = channels + Int(access.location.channel)
    if channel.pointee.completionCount >= 512 { collect(channel) }
    return channel.pointee.addWhenPossible(access, from: cycle)
  }

  @inline(never)
  private func collect(_ channel: UnsafeMutablePointer<Channel>) {
    var (end, last) = (result.endTicks, lastTick)
    let controllerTicks = controllerLatency &* ticksPerClock
    for index in 0..<channel.pointee.completionCount {
      let completion = channel.pointee.completion(index)
      if Observer.isActive { result.accesses[Int(channel.pointee.index)].append(completion) }
      end = max(end, completion.finished &- 1)
      if completion.isWrite {
        last = max(last, completion.isMerged ? completion.arrived : completion.finished &- writeLatency)
      } else {
        last = max(last, completion.finished)
        readLatency.pointee.add(completion.finished &- completion.arrived &+ controllerTicks)
      }
    }
    (result.endTicks, lastTick) = (end, last)
    channel.pointee.removeCompletions()
  }

  func finish() -> MemoryReplayResult {
    for index in 0..<channelCount {
      channels[index].runUntilServed()
      collect(channels + index)
    }
    result.readLatency = readLatency.pointee
    for index in 0..<channelCount {
      channels[index].run(through: lastTick)
      result.counts += channels[index].counts
      result.commands += channels[index].observer.commands
    }
    return result
  }
}
