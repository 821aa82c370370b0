/// The network's time series.
public struct NetworkSignals: Sendable {
  /// By router.
  public let flitHops: [SignalID]
  public let flitsInFlight: SignalID

  init(name: String, routers: Int, flitHopEnergy: Int64, recorder: inout ActivityRecorder) {
    flitHops = (0..<routers).map { router in
      recorder.register(
        SignalInfo(
          name: "\(name).router\(router).flit_hops", unit: "flits",
          definition: "Flits that leave the router, in the cycles their output link is reserved for them.",
          kind: .count, domain: .noc, attojoules: flitHopEnergy))
    }
    flitsInFlight = recorder.register(
      SignalInfo(
        name: "\(name).flits_in_flight", unit: "flits",
        definition: "Flits handed in and not yet delivered, one copy for each destination.", kind: .level,
        domain: .noc))
  }
}

/// What the network has counted.
public struct NetworkCounts: Equatable, Sendable {
  public var packets: Int64 = 0
  /// Flits taken from the sources' interfaces.
  public var flitsInjected: Int64 = 0
  /// The same once for each destination: what must arrive.
  public var flitsExpected: Int64 = 0
  /// Flits delivered, over all destinations.
  public var flitsEjected: Int64 = 0
  /// Flits times routers passed.
  public var flitHops: Int64 = 0
  /// Flits times cycles between hand-in and delivery: the total of the `flits_in_flight` signal.
  public var flitCycles: Int64 = 0

  public init() {}
}
