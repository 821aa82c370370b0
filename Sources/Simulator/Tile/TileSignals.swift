/// A tile's own signals: dispatch, window and outstanding trains.
struct TileSignals {
  let dispatch: SignalID
  let windowLevel: SignalID
  let outstandingLevel: SignalID
  let readTrains: SignalID
  let readLatency: SignalID
  private var completing = CompletingTrains()
  private var trainRun: RateRun
  private var latencyRun: RateRun
  private var window = LevelTotal()
  private var outstanding = LevelTotal()

  init(name: String, dispatchEnergy: Int64, recorder: inout ActivityRecorder) {
    dispatch = recorder.register(
      SignalInfo(
        name: "\(name).dispatch.records", unit: "records", definition: "Records dispatched in a cycle.", kind: .count,
        domain: .tile, attojoules: dispatchEnergy))
    windowLevel = recorder.register(
      SignalInfo(
        name: "\(name).window", unit: "records", definition: "Records from the oldest unretired to the youngest.",
        kind: .level, domain: .tile))
    outstandingLevel = recorder.register(
      SignalInfo(
        name: "\(name).dma.outstanding", unit: "trains", definition: "Memory trains in flight for the tile's DMA.",
        kind: .level, domain: .tile))
    readTrains = recorder.register(
      SignalInfo(
        name: "\(name).dma.read_trains", unit: "trains", definition: "Read trains completed in a cycle.", kind: .count,
        domain: .tile))
    readLatency = recorder.register(
      SignalInfo(
        name: "\(name).dma.read_latency", unit: "tile cycles",
        definition: "Latencies of the read trains completed in a cycle, added up; over read_trains: their mean.",
        kind: .count, domain: .tile))
    trainRun = RateRun(signal: readTrains)
    latencyRun = RateRun(signal: readLatency)
  }

  /// A read train completes after `latency` cycles. Precondition: in no earlier cycle than the one before.
  mutating func completed(latency: Int64, at cycle: Int64, recorder: inout ActivityRecorder) {
    if cycle != completing.cycle {
      recordCompletions(&recorder)
      completing = CompletingTrains(cycle: cycle)
    }
    completing.trains &+= 1
    completing.latency &+= latency
  }

  @inline(__always)
  private mutating func recordCompletions(_ recorder: inout ActivityRecorder) {
    if completing.trains == 0 { return }
    trainRun.note(completing.trains, at: completing.cycle, recorder: &recorder)
    latencyRun.note(completing.latency, at: completing.cycle, recorder: &recorder)
    completing = CompletingTrains()
  }

  /// Records what has completed before `cycle`. Precondition: nothing before it is missing.
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    recordCompletions(&recorder)
    trainRun.settle(before: cycle, recorder: &recorder)
    latencyRun.settle(before: cycle, recorder: &recorder)
  }

  func dispatched(at cycle: Int64, recorder: inout ActivityRecorder) {
    recorder.add(dispatch, from: cycle, to: cycle + 1, rate: 1)
  }

  @inline(__always)
  mutating func window(_ count: Int64, at cycle: Int64, recorder: inout ActivityRecorder) {
    if window.set(count, at: cycle) { recorder.set(windowLevel, at: cycle, to: count) }
  }

  @inline(__always)
  mutating func outstanding(_ count: Int, at cycle: Int64, recorder: inout ActivityRecorder) {
    if outstanding.set(Int64(count), at: cycle) { recorder.set(outstandingLevel, at: cycle, to: Int64(count)) }
  }

  /// Cycle-weighted sums of the levels up to `end`.
  func levelTotals(at end: Int64) -> [(SignalID, Int64)] {
    [(windowLevel, window.total(at: end)), (outstandingLevel, outstanding.total(at: end))]
  }
}

/// The read trains that complete in one cycle, and their latencies added up.
private struct CompletingTrains {
  var cycle: Int64 = -1
  var trains: Int64 = 0
  var latency: Int64 = 0
}

/// A level and its sum over cycles, counted apart from the recorder so that the two can be held against each other.
struct LevelTotal {
  private var level: Int64 = 0
  private var since: Int64 = 0
  private var sum: Int64 = 0

  /// True when the level changes.
  @inline(__always)
  mutating func set(_ value: Int64, at cycle: Int64) -> Bool {
    guard value != level else { return false }
    sum += level * (cycle - since)
    level = value
    since = cycle
    return true
  }

  func total(at end: Int64) -> Int64 { sum + level * (end - since) }
}

/// What a tile has done, counted apart from its signals.
struct TileCounts {
  var dispatched: Int64 = 0
  var retired: Int64 = 0
  var marks: Int64 = 0
  var macs: Int64 = 0
  var bytesRequested: Int64 = 0
  var bytesDelivered: Int64 = 0
  var bytesStored: Int64 = 0
  var bytesStoredDone: Int64 = 0
  var bytesCopied: Int64 = 0
  var bytesCopiedDone: Int64 = 0
  var trains: Int64 = 0
  var readTrains: Int64 = 0
  var readLatency: Int64 = 0
}
