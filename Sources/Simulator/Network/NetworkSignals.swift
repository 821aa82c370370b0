/// Attojoules of what a machine's network does.
public struct NetworkActions: Equatable, Sendable {
  /// A flit through a router: written to and read from its buffer, switch allocation, crossbar.
  public var flitHop: Int64
  /// A grant of an output virtual channel.
  public var channelAllocation: Int64
  /// A flit over a link between routers.
  public var link: Int64

  public init(flitHop: Int64, channelAllocation: Int64, link: Int64) {
    self.flitHop = flitHop
    self.channelAllocation = channelAllocation
    self.link = link
  }
}

/// The network's time series.
struct NetworkSignals {
  /// By router.
  let flitHops: [SignalID]
  let linkFlits: SignalID
  let channelAllocations: SignalID
  let flitsInFlight: SignalID

  init(routers: Int, energy: NetworkActions, recorder: inout ActivityRecorder) {
    func count(_ name: String, _ unit: String, _ definition: String, _ energy: Int64) -> SignalInfo {
      SignalInfo(
        name: "chip0.noc.\(name)", unit: unit, definition: definition, kind: .count, domain: .noc, attojoules: energy)
    }
    flitHops = (0..<routers).map { router in
      recorder.register(
        count(
          "router\(router).flit_hops", "flits",
          "Flits the router's switch passes on, in the cycles of their grants; a multicast counts each branch.",
          energy.flitHop))
    }
    linkFlits = recorder.register(
      count("link_flits", "flits", "Flits sent to other routers, in the cycles of their grants.", energy.link))
    channelAllocations = recorder.register(
      count(
        "channel_allocations", "grants", "Output virtual channels granted, in the cycles of the grants.",
        energy.channelAllocation))
    flitsInFlight = recorder.register(
      SignalInfo(
        name: "chip0.noc.flits_in_flight", unit: "flits",
        definition:
          "Flits in interfaces' queues and in the network until their packet's arrival, one copy for each destination.",
        kind: .level, domain: .noc))
  }
}
