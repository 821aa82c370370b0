import Architecture
import Testing

@testable import Simulator

/// Trains through the machine's memory channels are their accesses one by one.
struct TrainTests {
  /// The same commands in the same ticks, whether accesses arrive as trains or each alone.
  @Test(arguments: 0..<6)
  func trainsEqualSingleAccesses(_ part: Int) {
    for seed in part * 50 + 1...(part + 1) * 50 {
      let trains = TrainCase(seed: seed)
      #expect(TrainRun(trains).commands == TrainRun(trains.singly).commands, "seed \(seed)")
    }
  }

  /// The same commands, and the same times of data, as tick by tick.
  @Test(arguments: 0..<6)
  func trainsEqualTwin(_ part: Int) {
    for seed in part * 50 + 1...(part + 1) * 50 {
      let trains = TrainCase(seed: seed)
      expect(TrainRun(trains, lead: Int64(seed % 4) * 15), equalsTwinOf: trains, seed: seed)
    }
  }

  /// The same where an entry of a queue stands for several accesses, and some of their commands are given in one step.
  @Test(arguments: 0..<6)
  func requestsOfManyAccessesEqualTwin(_ part: Int) {
    var given: Int64 = 0
    for seed in part * 60 + 1...(part + 1) * 60 {
      let trains = TrainCase(seed: seed, joins: true)
      let model = TrainRun(trains, lead: Int64(seed % 4) * 15, settles: seed % 2 == 0)
      expect(model, equalsTwinOf: trains, seed: seed)
      given += model.runAccesses
    }
    #expect(given > 1000, "\(given) commands given in one step with others")
  }

  /// The same where rows have a cap: each access of an activated request counts towards it at once.
  @Test(arguments: 0..<2)
  func cappedRequestsEqualTwin(_ part: Int) {
    for seed in part * 150 + 1...(part + 1) * 150 {
      let trains = TrainCase(seed: seed, joins: true, caps: true)
      expect(TrainRun(trains), equalsTwinOf: trains, seed: seed)
    }
  }

  private func expect(_ model: TrainRun, equalsTwinOf trains: TrainCase, seed: Int) {
    let twin = TwinTrains.run(trains)
    let traces = model.commands.map { $0.map(TracedCommand.init) }
    // Neither looks beyond its last access; refreshes thereafter are nobody's.
    let difference = divergence(
      EngineRun.comparable(traces.map(\.upToLastAccess)),
      from: EngineRun.comparable(twin.traces.map(\.upToLastAccess)))
    #expect(difference == nil, "seed \(seed) \(trains.hbm.device.standard) \(trains.hbm.controller)")
    #expect(model.served == twin.served, "seed \(seed)")
    #expect(model.missed == 0, "seed \(seed)")
  }

  /// The same commands in the same ticks, rows and columns, and the same times of data, whether trains that are alone are advanced by
  /// whole periods or access by access; and accesses are passed so.
  @Test func periodsEqualAccesses() {
    var (passed, runs) = (Int64(0), 0)
    for seed in 1...300 {
      let trains = TrainCase(seed: seed, isLong: true)
      let (whole, single) = (TrainRun(trains), TrainRun(trains, passesPeriods: false))
      let isEqual = whole.commands == single.commands
      #expect(isEqual, "seed \(seed) \(trains.hbm.device.standard) \(trains.hbm.controller)")
      #expect(whole.served == single.served, "seed \(seed)")
      #expect(single.passedAccesses == 0 && whole.missed == 0, "seed \(seed)")
      passed += whole.passedAccesses
      if whole.passedAccesses > 0 { runs += 1 }
    }
    #expect(runs >= 5 && passed >= 200, "\(passed) accesses passed in \(runs) runs")
  }

  /// What the cases must contain to mean something.
  @Test func casesCoverTheRules() {
    let cases = (1...300).map { TrainCase(seed: $0) }
    #expect(cases.contains { $0.hbm.addressMap.hashes.contains { $0.target != .bank } })
    #expect(cases.contains { $0.hbm.controller.scheduler == .fcfs })
    #expect(cases.contains { !$0.hbm.controller.queuesPerPseudoChannel && $0.hbm.pseudoChannelCount > 2 })
    #expect(cases.filter { $0.arrivals.contains { $0.train.accesses > 16 } }.count > 50)
    let joining = (1...360).map { TrainCase(seed: $0, joins: true) }
    #expect(joining.filter(\.isPlain).count > 150)
    #expect(joining.filter { !$0.isPlain && $0.hbm.controller.rowPolicy == .closed }.count > 15)
    #expect(joining.contains { $0.hbm.controller.scheduler == .fcfs })
    #expect(Set(joining.filter(\.isPlain).map(\.hbm.device.standard)).count == 4)
    #expect(Set(cases.map(\.hbm.device.standard)).count == 4)
  }
}

extension [TracedCommand] {
  fileprivate var upToLastAccess: [TracedCommand] {
    guard let last = lastIndex(where: \.command.isColumn) else { return [] }
    return Array(self[...last])
  }
}
