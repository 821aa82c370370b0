import Architecture
import Testing

@testable import Simulator

/// What a datapath did with a scenario, in a form two implementations can be compared in.
struct DatapathRun: Equatable {
  struct Start: Equatable {
    var tag: Int32
    var cycle: Int64
  }
  var starts: [Start] = []
  var completions: [DatapathCompletion] = []
  var activity: [DatapathActivity] = []
  var conflicts: [BankConflicts] = []
  /// Values in each cycle, by signal.
  var series: [String: [Int64]] = [:]

  static let energy = DatapathEnergy(
    macs: Array(repeating: [10, 20], count: 8), sramReadByte: 1, sramWriteByte: 1, accumulatorByte: 1, vectorElement: 1)
}

extension DatapathScenario {
  /// Runs the twin until everything has ended, and a little longer.
  func runTwin() -> DatapathRun {
    let twin = DatapathTwin(spec: spec, ideal: ideal)
    var run = DatapathRun()
    var heads = Array(repeating: 0, count: offers.count)
    let count = offers.joined().count
    var slack = 3
    while slack > 0 {
      for requester in offers.indices {
        while heads[requester] < offers[requester].count {
          let offer = offers[requester][heads[requester]]
          guard offer.from <= twin.now, offer.start(on: twin) else { break }
          run.starts.append(.init(tag: offer.tag, cycle: Int64(twin.now)))
          heads[requester] += 1
        }
      }
      twin.doCycle()
      if twin.completions.count == count { slack -= 1 }
    }
    run.completions = twin.completions.sorted { ($0.cycle, $0.requester, $0.tag) < ($1.cycle, $1.requester, $1.tag) }
    run.activity = twin.units.map { DatapathActivity(active: $0.active, stalls: $0.lostTo) }
    run.conflicts = twin.conflicts()
    for (name, values) in twin.series {
      run.series[name] = (0..<twin.now).map { values[$0] ?? 0 }
      if run.series[name]!.allSatisfy({ $0 == 0 }) { run.series[name] = nil }
    }
    return run
  }

  /// Runs the datapath to `cycles`, waking it when it asks, and at random besides when `restless` is a generator.
  func runDatapath(cycles: Int64, restless: inout SplitMix64?) -> DatapathRun {
    let pieces = SeriesPieces()
    var recorder = ActivityRecorder(sink: pieces.sink)
    var datapath = Datapath(spec: spec, name: "t", ideal: ideal, energy: DatapathRun.energy, recorder: &recorder)
    var run = DatapathRun()
    var heads = Array(repeating: 0, count: offers.count)
    while true {
      while let completion = datapath.popCompletion() { run.completions.append(completion) }
      offer(to: &datapath, &heads, &run, &recorder)
      if datapath.now >= cycles { break }
      var wake = min(cycles, datapath.nextEvent)
      for requester in offers.indices where heads[requester] < offers[requester].count {
        let from = offers[requester][heads[requester]].from
        if from > datapath.now { wake = min(wake, from) }
      }
      if restless != nil { wake = min(wake, datapath.now + Int64(restless!.pick(1...9))) }
      precondition(wake > datapath.now, "the datapath wants to run again in the same cycle")
      datapath.advance(to: wake, recorder: &recorder)
      recorder.flush(.tile, before: datapath.now)
    }
    run.completions.sort { ($0.cycle, $0.requester, $0.tag) < ($1.cycle, $1.requester, $1.tag) }
    run.activity = offers.indices.map { datapath.activity(ofRequester: $0) }
    run.conflicts = datapath.bankConflicts()
    let totals = recorder.finish(cycles: [cycles, cycles, cycles])
    for (signal, total) in datapath.signalTotals() { #expect(total == totals[Int(signal.index)]) }
    for (index, signal) in recorder.signals.enumerated() {
      let values = pieces.values(of: Int32(index), cycles: Int(cycles))
      #expect(values.reduce(0, +) == totals[index])
      if values.contains(where: { $0 != 0 }) { run.series[signal.name] = values }
    }
    return run
  }

  private func offer(
    to datapath: inout Datapath, _ heads: inout [Int], _ run: inout DatapathRun, _ recorder: inout ActivityRecorder
  ) {
    for requester in offers.indices {
      while heads[requester] < offers[requester].count {
        let offer = offers[requester][heads[requester]]
        guard offer.from <= datapath.now, offer.start(on: &datapath, &recorder) else { break }
        run.starts.append(.init(tag: offer.tag, cycle: datapath.now))
        heads[requester] += 1
      }
    }
  }
}

extension DatapathScenario.Offer {
  fileprivate func start(on twin: DatapathTwin) -> Bool {
    switch work {
    case .array(let index, let operation): return twin.tryStart(array: index, operation, tag: tag)
    case .vector(let operation, let cost): return twin.tryStartVector(operation, cost: cost, tag: tag)
    case .burst(let write, let address, let bytes):
      twin.startDMA(write: write, tag: tag, address: address, bytes: bytes)
      return true
    }
  }

  fileprivate func start(on datapath: inout Datapath, _ recorder: inout ActivityRecorder) -> Bool {
    switch work {
    case .array(let index, let operation):
      return datapath.tryStart(array: index, operation, tag: tag, recorder: &recorder)
    case .vector(let operation, _): return datapath.tryStartVector(operation, tag: tag, recorder: &recorder)
    case .burst(true, let address, let bytes):
      datapath.startDMAWrite(tag: tag, address: address, bytes: bytes, recorder: &recorder)
    case .burst(false, let address, let bytes):
      datapath.startDMARead(tag: tag, address: address, bytes: bytes, recorder: &recorder)
    }
    return true
  }
}

/// Collects what a recorder hands over; a class because the recorder's sink outlives the call that makes it.
final class SeriesPieces {
  private var pieces: [Int32: [[UInt8]]] = [:]

  var sink: ActivityRecorder.Sink {
    ActivityRecorder.Sink { signal, piece in self.pieces[signal.index, default: []].append(Array(piece.bytes)) }
  }

  /// One value a cycle.
  func values(of signal: Int32, cycles: Int) -> [Int64] {
    var list = ValueList()
    var state = SeriesState()
    for piece in pieces[signal] ?? [] {
      piece.withUnsafeBytes { raw in
        var reader = SeriesReader(raw)
        precondition(reader.read(from: &state, by: &list), "a piece is damaged")
      }
    }
    let left = Int64(max(0, cycles - list.values.count))
    return list.values.prefix(cycles) + (0..<left).map { state.value(after: $0) }
  }
}

/// Lists a series' value in every cycle.
private struct ValueList: SeriesVisitor {
  var values: [Int64] = []

  mutating func visit(_ value: Int64, from cycle: Int64, cycles: Int64) {
    values += Array(repeating: value, count: Int(cycles))
  }

  mutating func visit(_ state: SeriesState, cycles: Int64) {
    values += (0..<cycles).map { state.value(after: $0) }
  }
}
