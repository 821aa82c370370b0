import Architecture
import EnergyModel

/// The chip's memory: its channels behind one interface, whatever their controllers' policy; trains in, completions out.
struct ChipMemory: ~Copyable {
  private let channels: MemoryChannels
  private let isIdeal: Bool
  let map: PortMap
  private var coming = OrderedHeap<ComingTrain>()
  private let controllerLatency: Int64
  /// By channel and pseudo channel.
  private let records: UnsafeMutablePointer<PortRecord>
  private let portCount: Int
  let signals: [PortSignals]
  /// Completions since `removeCompletions`.
  private(set) var completions = GrowingBuffer<TrainCompletion>()
  /// Of ideal memory, by direction.
  private var idealAccesses: (reads: Int64, writes: Int64) = (0, 0)

  /// - Parameters:
  ///   - isIdeal: each train is served in the cycle after its arrival.
  ///   - lead: Cycles by which the answer to a read may leave before its last data is there.
  init(spec: HBMSpec, isIdeal: Bool, lead: Int64, energy: MemoryEnergy, recorder: inout ActivityRecorder) {
    self.isIdeal = isIdeal
    map = PortMap(spec)
    controllerLatency = Int64(spec.controller.controllerLatency)
    portCount = spec.pseudoChannelCount
    records = .allocate(capacity: portCount)
    let timing = BusTiming(spec.device)
    let pseudoChannels = spec.device.organisation.pseudoChannels
    var signals: [PortSignals] = []
    for port in 0..<portCount {
      let ofPort = PortSignals(name: "chip0.hbm.channel\(port)", hbm: spec, energy: energy, recorder: &recorder)
      signals.append(ofPort)
      let place = map.place(ofPort: Int32(port))
      (records + (Int(place.channel) * pseudoChannels + Int(place.pseudoChannel))).initialize(
        to: PortRecord(signals: ofPort, timing: timing))
    }
    self.signals = signals
    channels = MemoryChannels(spec, records: records, lead: lead)
  }

  deinit { records.deallocate() }

  /// Hands in a train that arrives in `cycle`, which has not run yet; returns its channel, and a cycle for which that is to be run,
  /// `.max` when an earlier one has been returned before.
  mutating func submit(_ train: MemoryTrain, at cycle: Int64) -> (channel: UInt32, cycle: Int64) {
    if isIdeal {
      coming.push(ComingTrain(cycle: cycle, train: train))
      return (0, cycle)
    }
    let channel = map.place(ofPort: train.port).channel
    return (UInt32(channel), channels.submit(train, to: channel, at: cycle + controllerLatency, map: map))
  }

  /// Runs a channel up to `horizon`; completions wait in the buffer. Returns a cycle for which to run it next, as `submit`.
  mutating func run(_ channel: UInt32, through horizon: Int64, recorder: inout ActivityRecorder) -> Int64 {
    if isIdeal { return serveAtOnce(through: horizon, recorder: &recorder) }
    return channels.run(
      channel, through: horizon, map: map, completed: &completions, recorder: &recorder)
  }

  mutating func removeCompletions() { completions.removeAll() }

  /// Ideal memory: the next cycle, at unlimited bandwidth.
  private mutating func serveAtOnce(through horizon: Int64, recorder: inout ActivityRecorder) -> Int64 {
    while !coming.isEmpty && coming.first.cycle <= horizon {
      let arrival = coming.popFirst()
      let (train, cycle) = (arrival.train, arrival.cycle)
      let bytes = Int64(train.accesses) * map.access
      let signals = signals[Int(train.port)]
      recorder.add(train.isWrite ? signals.writeBytes : signals.readBytes, from: cycle, to: cycle + 1, rate: bytes)
      if train.isWrite {
        idealAccesses.writes += Int64(train.accesses)
      } else {
        idealAccesses.reads += Int64(train.accesses)
      }
      completions.append(
        TrainCompletion(
          id: train.id, port: train.port, arrived: cycle, started: cycle, firstData: cycle + 1, lastData: cycle + 1,
          known: cycle))
    }
    return coming.isEmpty ? .max : coming.first.cycle
  }

  /// Does what is to be done before `cycle`, also by idle channels, and ends the time series there; completions wait in the buffer.
  /// Precondition: no train that arrives before `cycle` is missing.
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    if isIdeal { return }
    precondition(completions.count == 0, "trains served have not been answered")
    channels.settle(before: cycle, map: map, completed: &completions, recorder: &recorder)
    for index in 0..<portCount { records[index].settle(before: cycle, recorder: &recorder) }
  }

  /// What all channels have counted.
  var counts: ChannelCounts {
    if !isIdeal { return channels.counts }
    var counts = ChannelCounts()
    (counts.reads, counts.writes) = idealAccesses
    return counts
  }

  /// Laws that are broken, each as a sentence; empty when all hold. `drained`: every train has been served.
  func checkLaws(drained: Bool) -> [String] { isIdeal ? [] : channels.checkLaws(drained: drained) }
}
