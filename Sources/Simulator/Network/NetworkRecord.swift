/// Turns what routers do in each cycle into time series, and counts it a second time for the laws.
///
/// Rates change seldom: a packet passes a router with a flit in each of many cycles. So only changes of rate are recorded.
struct NetworkRecord: ~Copyable {
  let signals: NetworkSignals
  /// By router: its signal, and the stretch of cycles of one rate that has not been recorded yet.
  private let hops: UnsafeMutablePointer<RateRun>
  private let routers: Int
  private var links: RateRun
  private var allocations: RateRun
  private var flitsEntered: Int64 = 0
  private var flitsLeft: Int64 = 0

  init(routers: Int, energy: NetworkActions, recorder: inout ActivityRecorder) {
    self.routers = routers
    signals = NetworkSignals(routers: routers, energy: energy, recorder: &recorder)
    hops = .allocate(capacity: max(routers, 1))
    for router in 0..<routers { (hops + router).initialize(to: RateRun(signal: signals.flitHops[router])) }
    links = RateRun(signal: signals.linkFlits)
    allocations = RateRun(signal: signals.channelAllocations)
  }

  deinit { hops.deallocate() }

  /// Notes what the routers have done since the last call.
  mutating func note(_ network: inout RouterNetwork, recorder: inout ActivityRecorder) {
    notePasses(network, &recorder)
    for index in 0..<network.grantCount {
      let entry = network.grants(index)
      allocations.note(entry.grants, at: entry.cycle, recorder: &recorder)
    }
    network.removeActivity()
  }

  /// Flits through switches; those over links are added up by cycle.
  @inline(__always)
  private mutating func notePasses(_ network: borrowing RouterNetwork, _ recorder: inout ActivityRecorder) {
    var (linked, cycle) = (Int64(0), Int64(0))
    for index in 0..<network.passCount {
      let pass = network.pass(index)
      hops[Int(pass.router)].note(Int64(pass.flits), at: pass.cycle, recorder: &recorder)
      if pass.linked == 0 { continue }
      if pass.cycle != cycle { noteLinked(linked, at: cycle, &recorder) }
      linked = (pass.cycle == cycle ? linked : 0) &+ Int64(pass.linked)
      cycle = pass.cycle
    }
    noteLinked(linked, at: cycle, &recorder)
  }

  @inline(__always)
  private mutating func noteLinked(_ flits: Int64, at cycle: Int64, _ recorder: inout ActivityRecorder) {
    if flits > 0 { links.note(flits, at: cycle, recorder: &recorder) }
  }

  /// A packet has entered its interface's queue.
  mutating func entered(flits: Int64, at cycle: Int64, recorder: inout ActivityRecorder) {
    flitsEntered += flits
    recorder.change(signals.flitsInFlight, at: cycle, value: flits)
  }

  /// A packet has arrived.
  mutating func left(flits: Int64, at cycle: Int64, recorder: inout ActivityRecorder) {
    flitsLeft += flits
    recorder.change(signals.flitsInFlight, at: cycle, value: -flits)
  }

  /// A packet has entered and arrives in the next cycle.
  mutating func passedAtOnce(flits: Int64, at cycle: Int64, recorder: inout ActivityRecorder) {
    entered(flits: flits, at: cycle, recorder: &recorder)
    left(flits: flits, at: cycle + 1, recorder: &recorder)
  }

  /// Records stretches that have begun before `cycle`, so that nothing before it is missing.
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    for router in 0..<routers { hops[router].settle(before: cycle, recorder: &recorder) }
    links.settle(before: cycle, recorder: &recorder)
    allocations.settle(before: cycle, recorder: &recorder)
  }

  private func networkLinkFlits(_ network: borrowing RouterNetwork) -> Int64 {
    var sum: Int64 = 0
    for router in 0..<routers {
      for port in 0..<network.networkPorts { sum += network.linkFlits(router: router, port: port) }
    }
    return sum
  }

  /// Totals of the signals, counted apart from the recorder.
  func totals(_ network: borrowing RouterNetwork) -> [(SignalID, Int64)] {
    var totals = (0..<routers).map { (signals.flitHops[$0], network.flitHops(router: $0)) }
    totals.append((signals.linkFlits, networkLinkFlits(network)))
    totals.append((signals.channelAllocations, network.channelAllocations))
    return totals
  }
}
