import Architecture

/// The chip's memory channels, plain model: bandwidth, latency, row hit or miss, refresh (`docs/models/hbm.md`).
/// It will be replaced by the exact model behind the same interface.
///
/// A channel serves trains in the order in which they arrive, so it knows a train's times when it takes it: the completion is
/// reported in the train's cycle of arrival and carries times that may lie in the future.
public struct HBMSystem: ~Copyable {
  private let channels: UnsafeMutablePointer<HBMChannel>
  private let channelCount: Int
  private let isIdeal: Bool
  private var inbox = OrderedHeap<ArrivingRequest>()
  private var completions = GrowingBuffer<MemoryCompletion>()
  /// Everything before this cycle has happened.
  private var settled: Int64 = 0

  /// - Parameters:
  ///   - ideal: each train completes in the cycle after its arrival.
  ///   - name: prefix of the signals, for example `chip0.hbm`.
  public init(
    spec: HBMSpec, ideal: Bool, name: String = "chip0.hbm", energy: HBMEnergy, recorder: inout ActivityRecorder
  ) {
    HBMChannel.check(spec)
    isIdeal = ideal
    channelCount = spec.channels
    channels = .allocate(capacity: channelCount)
    for index in 0..<channelCount {
      let signals = HBMSignals(name: "\(name).channel\(index)", energy: energy, recorder: &recorder)
      (channels + index).initialize(to: HBMChannel(spec: spec, index: Int32(index), signals: signals))
    }
  }

  deinit {
    channels.deinitialize(count: channelCount)
    channels.deallocate()
  }

  /// Hands in a train that its channel sees in `cycle`. Trains may be handed in in any order; a channel takes those of one cycle
  /// in the order (source, id). Precondition: `cycle` has not run yet, and (source, id) is unique within channel and cycle.
  public mutating func submit(_ request: MemoryRequest, at cycle: Int64) {
    precondition(cycle >= settled, "a memory request arrives in the past")
    precondition(request.channel >= 0 && request.channel < channelCount, "no such memory channel: \(request.channel)")
    precondition(request.accesses > 0 && request.address >= 0, "a memory request is empty or below address 0")
    inbox.push(ArrivingRequest(cycle: cycle, request: request))
  }

  /// The next cycle in which `run` has work, `.max` when none.
  public var nextWake: Int64 { inbox.isEmpty ? .max : inbox.first.cycle }

  /// Takes the trains that have arrived by `cycle`; their completions wait in the buffer.
  public mutating func run(at cycle: Int64, recorder: inout ActivityRecorder) {
    while !inbox.isEmpty && inbox.first.cycle <= cycle {
      let next = inbox.popFirst()
      let channel = channels + Int(next.request.channel)
      let completion =
        isIdeal
        ? channel.pointee.complete(next.request, at: next.cycle, recorder: &recorder)
        : channel.pointee.serve(next.request, at: next.cycle, recorder: &recorder)
      completions.append(completion)
    }
    settled = max(settled, cycle + 1)
  }

  /// Completions reported since `removeCompletions`, in the order in which the trains were taken.
  public var completionCount: Int { completions.count }

  /// Precondition: 0..<completionCount.
  public func completion(_ index: Int) -> MemoryCompletion { completions[index] }

  /// Empties the buffer, keeping its memory.
  public mutating func removeCompletions() { completions.removeAll() }

  /// Does what idle channels do before `cycle`: refreshes. After it no signal changes before `cycle`. Call it before the recorder
  /// is flushed, and once at the end of the run. Precondition: no train that arrives before `cycle` is missing.
  public mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    if cycle > 0 { run(at: cycle - 1, recorder: &recorder) }
    if isIdeal { return }
    for index in 0..<channelCount { channels[index].settle(before: cycle, recorder: &recorder) }
  }

  /// What a channel has counted. Precondition: 0..<channels.
  public func counts(ofChannel index: Int) -> HBMCounts {
    precondition(index >= 0 && index < channelCount, "no such memory channel: \(index)")
    return channels[index].counts
  }

  /// Signals of a channel, for totals. Precondition: 0..<channels.
  public func signals(ofChannel index: Int) -> HBMSignals {
    precondition(index >= 0 && index < channelCount, "no such memory channel: \(index)")
    return channels[index].signals
  }

  /// Laws that are broken, each as a sentence that names the channel; empty when all hold. Call after `settle(before: end)`
  /// with the same end: also compares refreshes issued with refreshes due before it.
  public func checkLaws(end: Int64) -> [String] {
    var broken: [String] = []
    for index in 0..<channelCount {
      broken += channels[index].checkLaws(end: end, isIdeal: isIdeal).map { "hbm channel \(index): \($0)" }
    }
    return broken
  }
}

/// A train on its way into a channel's queue.
struct ArrivingRequest: HeapOrdered {
  var cycle: Int64
  var request: MemoryRequest

  func precedes(_ other: ArrivingRequest) -> Bool {
    if cycle != other.cycle { return cycle < other.cycle }
    if request.channel != other.request.channel { return request.channel < other.request.channel }
    if request.source != other.request.source { return request.source < other.request.source }
    return request.id < other.request.id
  }
}
