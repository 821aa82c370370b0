import Testing

@testable import Architecture
@testable import Simulator

@Suite struct HBMTests {
  static func spec(channels: Int = 1, refresh: Bool = true) -> HBMSpec {
    HBMSpec(
      standard: "HBM2", channels: channels, bytes: 1 << 30, accessBytes: 32, nBL: 2, interleaveBytes: 256, banks: 16,
      rowBytes: 1024, nCL: 14, nCWL: 5, nRCDRD: 14, nRCDWR: 12, nRP: 14, nREFI: refresh ? 3900 : 0, nRFC: 260,
      attachment: Array(repeating: 0, count: channels))
  }

  static let energy = HBMEnergy(readByte: 1, writeByte: 2, activate: 3, refreshCycle: 4)

  static func read(_ id: Int32, _ address: Int64, _ accesses: Int32, isWrite: Bool = false) -> MemoryRequest {
    MemoryRequest(id: id, source: 0, channel: 0, address: address, accesses: accesses, isWrite: isWrite)
  }

  /// Completions of some trains, in the order in which they are taken.
  static func run(
    _ trains: [(cycle: Int64, request: MemoryRequest)], _ spec: HBMSpec, ideal: Bool = false
  ) -> [MemoryCompletion] {
    var recorder = ActivityRecorder { _, _ in }
    var memory = HBMSystem(spec: spec, ideal: ideal, energy: energy, recorder: &recorder)
    for train in trains { memory.submit(train.request, at: train.cycle) }
    while memory.nextWake != .max { memory.run(at: memory.nextWake, recorder: &recorder) }
    return (0..<memory.completionCount).map { memory.completion($0) }
  }

  @Test func aClosedRowCostsActivateAndColumnLatency() {
    let done = Self.run([(100, Self.read(1, 0, 4))], Self.spec())
    #expect(
      done == [MemoryCompletion(id: 1, channel: 0, arrived: 100, started: 100, firstData: 130, lastData: 136)])
  }

  @Test func anOpenRowCostsTheColumnLatencyAndAnotherRowAPrechargeMore() {
    let trains: [(cycle: Int64, request: MemoryRequest)] = [
      (0, Self.read(1, 0, 1)), (500, Self.read(2, 32, 1)), (1000, Self.read(3, 1024 * 16, 1)),
    ]
    let latencies = Self.run(trains, Self.spec()).map { $0.lastData - $0.arrived }
    #expect(latencies == [30, 16, 44] as [Int64])
  }

  @Test func writesHaveTheirOwnLatencies() {
    let done = Self.run([(0, Self.read(1, 0, 3, isWrite: true))], Self.spec())
    #expect(done[0].firstData == 12 + 5 + 2 && done[0].lastData == 12 + 5 + 6)
  }

  @Test func aLongTrainHidesTheRowsThatFollow() {
    let done = Self.run([(0, Self.read(1, 0, 320))], Self.spec(refresh: false))
    #expect(done[0].lastData == 28 + 640)
  }

  @Test func refreshHoldsTheChannelAndClosesRows() {
    let done = Self.run([(3890, Self.read(1, 0, 1)), (3950, Self.read(2, 32, 1))], Self.spec())
    // The first began before the refresh fell due at 3900, so the refresh starts when its data is done, at 3920.
    #expect(done[0].lastData == 3920)
    #expect(done[1].started == 3920 + 260 && done[1].lastData == 4180 + 30)
  }

  @Test func idleRefreshesAreAllCounted() {
    var recorder = ActivityRecorder { _, _ in }
    var memory = HBMSystem(spec: Self.spec(), ideal: false, energy: Self.energy, recorder: &recorder)
    memory.settle(before: 3900 * 1000, recorder: &recorder)
    #expect(memory.counts(ofChannel: 0).refreshes == 999)
    memory.settle(before: 3900 * 1000 + 1, recorder: &recorder)
    #expect(memory.counts(ofChannel: 0).refreshes == 1000)
    #expect(memory.checkLaws(end: 3900 * 1000 + 1).isEmpty)
    #expect(
      memory.checkLaws(end: 3900 * 1001 + 1) == [
        "hbm channel 0: refreshes issued (1000) are not those due (1001)"
      ])
  }

  /// The end of the run may fall between the cycle a refresh is due and the one in which the bus lets it begin.
  @Test func aRefreshThatWaitsForTheBusIsNotYetIssued() {
    var recorder = ActivityRecorder { _, _ in }
    var memory = HBMSystem(spec: Self.spec(), ideal: false, energy: Self.energy, recorder: &recorder)
    memory.submit(Self.read(1, 0, 1), at: 3890)
    memory.settle(before: 3905, recorder: &recorder)
    #expect(memory.counts(ofChannel: 0).refreshes == 0)
    #expect(memory.checkLaws(end: 3905).isEmpty)
    memory.settle(before: 3921, recorder: &recorder)
    #expect(memory.counts(ofChannel: 0).refreshes == 1)
    #expect(memory.checkLaws(end: 3921).isEmpty)
  }

  @Test func idealMemoryAnswersInTheNextCycle() {
    let done = Self.run([(7, Self.read(1, 0, 1000)), (7, Self.read(2, 0, 1000))], Self.spec(), ideal: true)
    #expect(done.allSatisfy { $0.started == 7 && $0.firstData == 8 && $0.lastData == 8 })
  }

  @Test func aTrainEqualsItsSingleAccesses() {
    var random = SplitMix64(seed: 5)
    for round in 0..<200 {
      let address = Int64(random.next() % 200) * 32
      let arrived = Int64(random.next() % 4000)
      let accesses = Int32(1 + random.next() % 300)
      let isWrite = Bool.random(using: &random)
      let train = Self.run([(arrived, Self.read(1, address, accesses, isWrite: isWrite))], Self.spec())
      let singles = Self.run(
        (0..<accesses).map { (arrived, Self.read($0, address + Int64($0) * 32, 1, isWrite: isWrite)) }, Self.spec())
      #expect(train[0].lastData == singles.last!.lastData, "round \(round)")
      #expect(train[0].firstData == singles[0].firstData, "round \(round)")
    }
  }

  @Test(arguments: Array(1...24) as [UInt64])
  func agreesWithTheTwinWhateverTheOrderOfSubmission(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let spec = Self.randomSpec(&random)
    let end: Int64 = 30_000
    let trains = Self.randomTrains(&random, spec)
    var twins: [HBMTwin] = []
    for channel in 0..<spec.channels {
      twins.append(HBMTwin(spec: spec))
      let own = trains.filter { $0.request.channel == channel }
      twins[channel].run(own.sorted { Self.order($0) < Self.order($1) }, until: end)
    }
    var recorder = ActivityRecorder { _, _ in }
    var memory = HBMSystem(spec: spec, ideal: false, energy: Self.energy, recorder: &recorder)
    for train in trains.shuffled(using: &random) { memory.submit(train.request, at: train.cycle) }
    memory.settle(before: end, recorder: &recorder)
    let done = (0..<memory.completionCount).map { memory.completion($0) }
    for channel in 0..<spec.channels {
      #expect(done.filter { $0.channel == channel } == twins[channel].completions, "seed \(seed) channel \(channel)")
      #expect(memory.counts(ofChannel: channel) == twins[channel].counts, "seed \(seed) channel \(channel)")
    }
    #expect(memory.checkLaws(end: end).isEmpty, "seed \(seed)")
    let totals = recorder.finish(cycles: [0, 0, 1 << 40])
    for channel in 0..<spec.channels {
      let (counts, signals) = (memory.counts(ofChannel: channel), memory.signals(ofChannel: channel))
      let series = [
        signals.readBytes, signals.writeBytes, signals.activates, signals.refreshes, signals.refreshCycles,
        signals.queue,
      ]
      let counted = [
        counts.readBytes, counts.writeBytes, counts.activates, counts.refreshes,
        counts.refreshes * Int64(spec.nRFC), counts.queuedCycles,
      ]
      #expect(series.map { totals[Int($0.index)] } == counted, "seed \(seed) channel \(channel)")
    }
  }

  private static func order(_ train: (cycle: Int64, request: MemoryRequest)) -> (Int64, Int32, Int32) {
    (train.cycle, train.request.source, train.request.id)
  }

  private static func randomSpec(_ random: inout SplitMix64) -> HBMSpec {
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let burst = [1, 2, 4].randomElement(using: &random)!
    let refresh = [0, 300, 1_000].randomElement(using: &random)!
    let channels = pick(1...3)
    return HBMSpec(
      standard: "random", channels: channels, bytes: 1 << 24, accessBytes: 32, nBL: burst, interleaveBytes: 64,
      banks: pick(1...5), rowBytes: 32 * pick(1...8), nCL: pick(1...20), nCWL: pick(1...12), nRCDRD: pick(0...15),
      nRCDWR: pick(0...15), nRP: pick(0...15), nREFI: refresh, nRFC: refresh == 0 ? 10 : pick(1...(refresh - 1)),
      attachment: Array(repeating: 0, count: channels))
  }

  /// Sparse or dense, near or scattered addresses, so that hits, conflicts and refreshes all occur.
  private static func randomTrains(
    _ random: inout SplitMix64, _ spec: HBMSpec
  ) -> [(cycle: Int64, request: MemoryRequest)] {
    var cycle: Int64 = 0
    let gap = [1, 20, 200].randomElement(using: &random)!
    let reach = [8, 64, 1_000].randomElement(using: &random)!
    return (0..<60).map { id in
      cycle += Int64.random(in: 0...Int64(gap), using: &random)
      let request = MemoryRequest(
        id: Int32(id), source: Int32.random(in: 0...3, using: &random),
        channel: Int32.random(in: 0..<Int32(spec.channels), using: &random),
        address: 32 * Int64.random(in: 0...Int64(reach), using: &random),
        accesses: Int32.random(in: 1...(Bool.random(using: &random) ? 4 : 40), using: &random),
        isWrite: Bool.random(using: &random))
      return (cycle, request)
    }
  }
}
