import Architecture

/// Measures a network under random traffic: samples of a fixed length, the first discarded, the window ended when three
/// samples in a row change mean latency and accepted rate by at most 5 % or the samples are used up, then a drain of the
/// packets made in the window while traffic goes on (`docs/network.md`).
public struct TrafficMeasurement: ~Copyable {
  private let run: TrafficRun
  private let nodes: Int
  private var network: RouterNetwork
  private var traffic: BernoulliTraffic
  private var book: PacketBook
  private var window: NetworkSnapshot
  private var tally = DeliveryTally()
  /// Packets made from here on until the drain belong to the window; before it, all do.
  private var windowStart: Int64 = 0
  private var windowEnd: Int64 = .max
  private var isWarm = false
  private var cycle: Int64 = 0
  /// Packets made in the window that have not arrived.
  private var outstanding: Int64 = 0
  private var generated: Int64 = 0

  /// - Throws: `NoCFault` when the network cannot be built, `TrafficFault` when the pattern does not suit it.
  public init(_ run: TrafficRun, on spec: NoCSpec) throws {
    let destinations = try TrafficDestinations(run.pattern, on: spec, hotspots: run.hotspots, seed: run.seed)
    let network = try RouterNetwork(spec: spec, closesSinks: false)
    traffic = BernoulliTraffic(
      destinations, nodes: spec.nodes, packetsPerCycle: run.rate / Double(run.packetFlits), seed: run.seed)
    self.run = run
    nodes = spec.nodes
    book = PacketBook(nodes: spec.nodes)
    window = NetworkSnapshot(network, cycle: 0)
    self.network = network
  }

  /// Runs warm-up, window and drain.
  /// - Throws: `NoCFault` when a packet cannot be carried.
  public mutating func measure() throws(NoCFault) -> TrafficResult {
    var previous = (latency: 0.0, accepted: 0.0)
    var steady = 0
    var samples = 0
    while samples < run.maximumSamples && (!isWarm || steady < TrafficRun.steadySamples) {
      // As the reference does: statistics start anew at every second sample of the warm-up and with the window.
      if samples == run.warmupSamples || (!isWarm && samples % 2 == 0) { startWindow() }
      isWarm = samples >= run.warmupSamples
      try sample()
      samples += 1
      if meanWithAges() > run.latencyLimit { return result(.saturated) }
      let current = (latency: tally.meanLatency, accepted: acceptedRate)
      let isSteady =
        isClose(current.latency, previous.latency) && isClose(current.accepted, previous.accepted)
      steady = isWarm && isSteady ? steady + 1 : 0
      previous = current
    }
    let activity = currentActivity
    guard try drain() else { return result(.saturated, activity) }
    return result(steady >= TrafficRun.steadySamples ? .steady : .unsettled, activity)
  }

  private func isClose(_ now: Double, _ before: Double) -> Bool {
    now > 0 && abs(now - before) / now <= TrafficRun.steadyChange
  }
}

// MARK: - Cycles

extension TrafficMeasurement {
  private mutating func startWindow() {
    window = NetworkSnapshot(network, cycle: cycle)
    tally = DeliveryTally()
    windowStart = cycle
    outstanding = 0
    generated = 0
  }

  private mutating func sample() throws(NoCFault) {
    let end = cycle + run.samplePeriod(nodes: nodes)
    while cycle < end { try step() }
  }

  /// Until every packet of the window has arrived; false when the latency passes the limit first.
  private mutating func drain() throws(NoCFault) -> Bool {
    windowEnd = cycle
    while outstanding > 0 {
      for _ in 0..<Self.drainStep where outstanding > 0 { try step() }
      if outstanding > 0 && meanWithAges() > run.latencyLimit { return false }
    }
    return true
  }

  /// Cycles of the drain between two looks at the latency.
  private static let drainStep = 1000

  /// One cycle: new packets, the network, arrivals.
  private mutating func step() throws(NoCFault) {
    let isMeasured = cycle < windowEnd
    try traffic.cycle { (source, destination) throws(NoCFault) in
      book.add(source: source, cycle: cycle)
      let packet = NoCPacket(id: 0, source: source, destination: destination, flits: run.packetFlits)
      try network.send(packet, at: cycle)
      if isMeasured {
        outstanding &+= 1
        generated &+= 1
      }
    }
    network.run(through: cycle)
    collect()
    cycle += 1
  }

  /// In the warm-up every arrival counts, in the window those of packets made in it.
  private mutating func collect() {
    for index in 0..<network.deliveryCount {
      let delivery = network.delivery(index)
      book.remove(madeIn: delivery.created)
      let isOfWindow = delivery.created >= windowStart && delivery.created < windowEnd
      if isOfWindow { outstanding &-= 1 }
      if isOfWindow || !isWarm { tally.record(delivery) }
    }
    network.removeDeliveries()
  }
}

// MARK: - Figures

extension TrafficMeasurement {
  private var currentActivity: NetworkActivity {
    window.activity(
      until: NetworkSnapshot(network, cycle: cycle), ports: network.portsPerRouter, networkPorts: network.networkPorts)
  }

  private var acceptedRate: Double { currentActivity.acceptedRate(nodes: nodes) }

  /// Mean latency of arrived packets and of those under way, which count with their age. Packets behind the first of their
  /// source's queue do not count yet: the reference has not made them.
  private mutating func meanWithAges() -> Double {
    let waiting = book.keepWaiting { max(0, network.queuedPackets(node: $0, network: 0) - 1) }
    let packets = book.count - waiting.count
    let ages = packets * cycle - (book.sumOfCycles - waiting.sumOfCycles)
    let count = tally.packets + packets
    return count == 0 ? 0 : Double(tally.latency.sum + ages) / Double(count)
  }

  private func result(_ status: TrafficResult.Status, _ activity: NetworkActivity? = nil) -> TrafficResult {
    let activity = activity ?? currentActivity
    return TrafficResult(
      run: run, status: status, tally: tally, activity: activity,
      generatedRate: Double(generated) * Double(run.packetFlits) / Double(max(1, activity.cycles)) / Double(nodes),
      acceptedRate: activity.acceptedRate(nodes: nodes), totalCycles: cycle)
  }
}
