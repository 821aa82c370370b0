import Architecture

extension NoCSpec {
  /// Why no router network can be built from this, in words; nil when one can.
  func routerFault(networks: [TrafficKind]) -> String? {
    if networks.isEmpty { return "a network on chip needs at least one virtual network" }
    if width < 1 || height < 1 || concentration < 1 {
      return "a network on chip of \(width) x \(height) routers with \(concentration) nodes each has no node"
    }
    return shapeFault ?? channelFault(networks: networks.count) ?? delayFault ?? collectiveFault(networks)
  }

  private var shapeFault: String? {
    if (topology == .ring || topology == .crossbar) && height != 1 {
      return "a \(topology.rawValue) has height 1, not \(height)"
    }
    if topology != .concentratedMesh && concentration != 1 {
      return "a \(topology.rawValue) has concentration 1, not \(concentration); expected topology concentrated-mesh"
    }
    let ports = topology == .crossbar ? nodes : (topology == .ring ? 2 : 4) + concentration
    if ports > RouterShape.maximumPorts {
      return "a router of \(ports) ports is too large; expected at most \(RouterShape.maximumPorts)"
    }
    return max(width, height) > 4096
      ? "a network of \(width) x \(height) is too large; expected at most 4096 a side" : nil
  }

  private func channelFault(networks: Int) -> String? {
    if virtualChannels < 1 || virtualChannels * networks > RouterShape.maximumChannels {
      return "\(networks) virtual networks of \(virtualChannels) virtual channels are \(networks * virtualChannels); "
        + "expected 1 to \(RouterShape.maximumChannels) together"
    }
    if (topology == .torus || topology == .ring) && virtualChannels < 2 {
      return
        "a \(topology.rawValue) needs 2 virtual channels, one for each half of its datelines; found \(virtualChannels)"
    }
    return bufferDepth < 1 || bufferDepth > 4096 ? "buffers of \(bufferDepth) flits; expected 1 to 4096" : nil
  }

  private var delayFault: String? {
    let delays = [
      ("routing delay", routingDelay, 0), ("virtual-channel allocation delay", vcAllocationDelay, 1),
      ("switch allocation delay", switchAllocationDelay, 1), ("crossbar delay", crossbarDelay, 1),
      ("link latency", linkLatency, 1), ("terminal latency", terminalLatency, 1), ("credit delay", creditDelay, 0),
    ]
    for (name, cycles, least) in delays where cycles < least || cycles > 255 {
      return "a \(name) of \(cycles) cycles; expected \(least) to 255"
    }
    return nil
  }

  private func collectiveFault(_ networks: [TrafficKind]) -> String? {
    guard let kind = networks.first(where: { $0 != .unicast }) else { return nil }
    let options = [
      ("speculative", speculative), ("hold_switch", holdSwitch), ("wait_for_tail_credit", waitForTailCredit),
      ("vc_allocation_delay above 1", vcAllocationDelay > 1),
      ("switch_allocation_delay above 1", switchAllocationDelay > 1),
    ]
    guard let option = options.first(where: { $0.1 })?.0 else { return nil }
    return "\(option) is for unicast networks alone; found beside a \(kind) network"
  }
}
