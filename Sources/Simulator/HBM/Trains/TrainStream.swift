/// A column command of a train that is watched.
struct StreamedAccess {
  /// Scheduling tick.
  var tick: Int64
  /// Of its pseudo channel.
  var bank: Int
  /// Which access of the train.
  var index: Int64
}

/// A train alone at its channel: from where it is watched, until its channel is back where it was then.
struct StreamWatch {
  let slot: Int32
  /// The next cycle to run.
  let cycle: Int64
  /// When the next refresh falls due: one that came in between would not come again.
  let refreshDue: Int64
  /// Rows opened by then: one opened in between would not be opened again.
  let activates: Int64
  let turn: Int
  let outlook: [Int64]
  /// Accesses after which the train is at the same banks again.
  let stride: Int
  var served: [StreamedAccess] = []
}

/// Periods of a train that may be passed in one step: each takes so many cycles and serves what the last one served, later and
/// further on.
struct TrainStream {
  let slot: Int32
  let port: Int
  private(set) var period: [StreamedAccess]
  let cycles: Int64
  /// The next cycle to run, and how many periods there are from there.
  private(set) var cycle: Int64
  private(set) var periods: Int64

  init(
    slot: Int32, port: Int, period: [StreamedAccess], cycles: Int64, cycle: Int64, periods: Int64
  ) {
    (self.slot, self.port, self.period) = (slot, port, period)
    (self.cycles, self.cycle, self.periods) = (cycles, cycle, periods)
  }

  /// The last period served is so many further on.
  mutating func pass(_ passed: Int64, ticksPerClock: Int64) {
    cycle += passed * cycles
    periods -= passed
    let accesses = Int64(period.count)
    for index in period.indices {
      period[index].tick += passed * cycles * ticksPerClock
      period[index].index += passed * accesses
    }
  }

  /// The first cycle after them.
  var end: Int64 { cycle + cycles * periods }
}
