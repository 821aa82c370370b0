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
  /// Packets that enter, of which the signal does not tell yet, and the change of the last cycle of which it tells.
  private var entering = FIFORing<EnteringFlits>()
  private var levelCycle: Int64 = 0
  private var levelChange: Int64 = 0

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
    for entry in network.grants { allocations.note(entry.grants, at: entry.cycle, recorder: &recorder) }
    network.removeActivity()
  }

  /// Flits through switches; those over links are added up by cycle.
  @inline(__always)
  private mutating func notePasses(_ network: borrowing RouterNetwork, _ recorder: inout ActivityRecorder) {
    var (linked, cycle) = (Int64(0), Int64(0))
    for pass in network.passes {
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

  /// A packet enters its interface's queue in `cycle`, which may not have run yet but is not before that of another packet.
  @inline(__always)
  mutating func entered(flits: Int64, at cycle: Int64) {
    entering.append(EnteringFlits(cycle: cycle, flits: flits))
  }

  /// A packet has arrived; in time order.
  @inline(__always)
  mutating func left(flits: Int64, at cycle: Int64, recorder: inout ActivityRecorder) {
    enter(through: cycle, recorder: &recorder)
    changeLevel(by: -flits, at: cycle, &recorder)
  }

  /// Packets have entered through `cycle`.
  @inline(__always)
  mutating func enter(through cycle: Int64, recorder: inout ActivityRecorder) {
    while !entering.isEmpty && entering[0].cycle <= cycle {
      let packet = entering.removeFirst()
      changeLevel(by: packet.flits, at: packet.cycle, &recorder)
    }
  }

  /// Adds up the changes of a cycle: calls are in time order.
  @inline(__always)
  private mutating func changeLevel(by flits: Int64, at cycle: Int64, _ recorder: inout ActivityRecorder) {
    if cycle != levelCycle { recordLevel(&recorder) }
    (levelCycle, levelChange) = (cycle, levelChange &+ flits)
  }

  @inline(__always)
  private mutating func recordLevel(_ recorder: inout ActivityRecorder) {
    if levelChange != 0 { recorder.change(signals.flitsInFlight, at: levelCycle, value: levelChange) }
    levelChange = 0
  }

  /// Records what has begun before `cycle`, so that nothing before it is missing.
  mutating func settle(before cycle: Int64, recorder: inout ActivityRecorder) {
    enter(through: cycle - 1, recorder: &recorder)
    for router in 0..<routers { hops[router].settle(before: cycle, recorder: &recorder) }
    links.settle(before: cycle, recorder: &recorder)
    allocations.settle(before: cycle, recorder: &recorder)
    if levelCycle < cycle { recordLevel(&recorder) }
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

/// Flits that enter an interface's queue.
private struct EnteringFlits: BitwiseCopyable {
  var cycle: Int64
  var flits: Int64
}
