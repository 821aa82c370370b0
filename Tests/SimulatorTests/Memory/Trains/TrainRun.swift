import Architecture
import EnergyModel

@testable import Simulator

/// What became of trains.
struct TrainRun {
  struct Served: Equatable, Comparable {
    var id: Int32
    /// Cycles of CK.
    var arrived: Int64
    var firstData: Int64
    var lastData: Int64

    static func < (one: Served, other: Served) -> Bool { one.id < other.id }
  }

  /// The commands of each channel.
  var commands: [[IssuedCommand]] = []
  /// By number.
  var served: [Served] = []
  /// Trains whose answers could have left before the cycle for which the channel had asked to be run.
  var missed = 0
  /// Accesses that were passed in whole periods.
  var passedAccesses: Int64 = 0
  /// Accesses whose commands were given in one step with others.
  var runAccesses: Int64 = 0
}

extension TrainRun {
  /// Trains through the machine's memory channels.
  ///
  /// - Parameter lead: Cycles by which the answer to a read may leave before its last data is there.
  init(_ trains: TrainCase, lead: Int64 = 0, passesPeriods: Bool = true) {
    for channel in 0..<Int32(trains.hbm.channelCount) {
      switch ControllerPlan.Order(trains.hbm.device, trains.hbm.controller) {
      case .plain: run(channel, of: trains, PlainFirstReady.self, lead, passesPeriods)
      case .plainPair: run(channel, of: trains, PlainPairFirstReady.self, lead, passesPeriods)
      case .firstReady: run(channel, of: trains, FirstReady.self, lead, passesPeriods)
      case .inOrder: run(channel, of: trains, InOrder.self, lead, passesPeriods)
      }
    }
    served.sort()
  }

  private mutating func run<Order: AccessOrder>(
    _ index: Int32, of trains: TrainCase, _ order: Order.Type, _ lead: Int64, _ passesPeriods: Bool
  ) {
    let map = PortMap(trains.hbm)
    let writes = Set(trains.arrivals.lazy.filter(\.train.isWrite).map(\.train.id))
    var recorder = ActivityRecorder(sink: .none)
    var completed = GrowingBuffer<TrainCompletion>()
    let records = Self.records(trains.hbm, &recorder)
    defer { records.deallocate() }
    let plan = ControllerPlan(device: trains.hbm.device, spec: trains.hbm.controller)
    var channel = TrainChannel<Order, CommandLog>(
      plan, index: index, observer: CommandLog(), records: records, lag: AnswerLag(plan, lead: lead),
      passesPeriods: passesPeriods)
    var next = Int64.max
    func run(through last: Int64) {
      while true {
        let (until, before) = (min(next, last), completed.count)
        channel.run(through: until, map: map, completed: &completed, recorder: &recorder)
        for index in before..<completed.count {
          let train = completed[index]
          let data = train.lastData - (writes.contains(train.id) ? 0 : lead)
          if max(train.known, data) < next { missed += 1 }
        }
        if next > last { return }
        next = channel.nextRun()
      }
    }
    for (arrival, horizon) in zip(trains.arrivals, trains.horizons)
    where map.location(of: arrival.train.address).channel == index {
      run(through: horizon)
      next = min(next, channel.submit(arrival.train, at: arrival.cycle, map: map))
    }
    run(through: .max - 1)
    // A run of column commands is reported when it ends. In a tick the column slot comes first.
    func order(_ command: IssuedCommand) -> Int64 { command.clock * 2 + (command.command.isColumn ? 0 : 1) }
    commands.append(channel.commands.sorted { order($0) < order($1) })
    passedAccesses += channel.passedAccesses
    runAccesses += channel.controller.runAccesses
    for index in 0..<completed.count {
      let train = completed[index]
      served.append(
        Served(id: train.id, arrived: train.arrived, firstData: train.firstData, lastData: train.lastData))
    }
  }

  /// Of one channel's ports.
  private static func records(
    _ hbm: HBMSpec, _ recorder: inout ActivityRecorder
  ) -> UnsafeMutablePointer<PortRecord> {
    let energy = MemoryEnergy(
      activate: 0, read: 0, write: 0, refresh: 0, bankRefresh: 0, activeStandby: 0, prechargedStandby: 0, interface: 0)
    return .copy(
      (0..<hbm.device.organisation.pseudoChannels).map { port in
        let signals = PortSignals(name: "port\(port)", hbm: hbm, energy: energy, recorder: &recorder)
        return PortRecord(signals: signals, timing: BusTiming(hbm.device))
      })
  }
}
