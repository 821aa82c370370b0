// What must hold, and who is stuck.

extension RouterFabric {
  /// Flits in buffers and on links.
  var flitsInside: Int64 {
    let tally = tally.pointee
    return tally.flitsInjected + tally.flitsReplicated - tally.flitsCombined - tally.flitsEjected
  }

  /// Broken laws as sentences. Idle: when no flit is inside, everything is back where it began.
  func brokenLaws(isIdle: Bool) -> [String] {
    var broken: [String] = []
    let inside = flitsInside
    if inside < 0 {
      broken.append("noc: \(-inside) more flits ejected than injected, replicated and not combined")
    }
    if tally.pointee.buffered < 0 || tally.pointee.buffered > max(inside, 0) {
      broken.append("noc: \(tally.pointee.buffered) flits in buffers, \(inside) inside")
    }
    let traversals = (0..<shape.portCount).reduce(Int64(0)) { $0 + ports[$1].flits }
    let left = tally.pointee.bufferWrites - tally.pointee.buffered
    let expected = left + tally.pointee.flitsReplicated - tally.pointee.flitsCombined
    if traversals != expected {
      broken.append("noc: \(traversals) flits passed switches, \(expected) left buffers")
    }
    return broken + (isIdle && inside == 0 ? brokenRestLaws() : [])
  }

  /// Nothing inside: every buffer empty and its credits full, every channel idle and free.
  private func brokenRestLaws() -> [String] {
    var broken: [String] = []
    for index in 0..<shape.channelCount where shape.virtualChannel(of: index) < shape.channels {
      let channel = channels[index]
      if channel.stored != 0 || channel.target != -1 || channel.owner != -1 || channel.read != channel.write {
        broken.append("noc: \(name(ofChannel: index)) is not idle though no flit is inside")
      }
      if Int(channel.credits) != shape.bufferDepth {
        broken.append(
          "noc: the sender of \(name(ofChannel: index)) has \(channel.credits) credits of \(shape.bufferDepth) "
            + "though no flit is inside")
      }
    }
    for port in 0..<shape.portCount {
      let isOutput = port & (1 << shape.portShift - 1) < shape.ports
      if isOutput && (ports[port].free != Self.mask(shape.channels) || ports[port].waiting != 0) {
        broken.append("noc: \(name(ofOutput: port)) has owned channels though no flit is inside")
      }
    }
    return broken
  }

  // MARK: Watchdog

  /// Packets at the front of a buffer or an interface's queue, and what each waits for.
  func stuckPackets(limit: Int) -> [String] {
    var sentences: [String] = []
    for index in 0..<shape.channelCount where sentences.count < limit && channels[index].stored > 0 {
      let packet = packets[frontFlit(index).slot]
      sentences.append(
        "packet \(packet.id) from node \(packet.source): \(channels[index].stored) flits in \(name(ofChannel: index)), "
          + "\(reason(index))")
    }
    for queue in 0..<shape.nodes * queuesPerNode where sentences.count < limit && queues[queue].count > 0 {
      let packet = packets[Int(queues[queue].first)]
      sentences.append(
        "packet \(packet.id): \(queues[queue].sent) of \(packet.flits) flits sent by node \(packet.source)'s interface, "
          + "waits for credit of its injection port")
    }
    return sentences
  }

  private func reason(_ index: Int) -> String {
    let router = shape.router(ofChannel: index)
    if shape.slot(ofChannel: index) >= shape.ports { return "waits for the node's sink to open" }
    if isReduction(index) { return operandReason(index) }
    if isMulticast(index) { return branchReason(index, router: router) }
    let output = router << shape.portShift | Int(heads[index].output)
    let target = Int(channels[index].target)
    if target < 0 { return "waits for a virtual channel of \(name(ofOutput: output))" }
    return channels[target].credits == 0
      ? "waits for credit of \(name(ofChannel: target))" : "waits for its turn at \(name(ofOutput: output))"
  }

  private func operandReason(_ index: Int) -> String {
    let node = reduction(shape.router(ofChannel: index), shape.virtualChannel(of: index)).pointee
    let missing = (0..<shape.ports).filter { (node.operands & ~node.present) & portBit($0) != 0 }
    if missing.isEmpty { return "waits for its way to the root" }
    return "waits for operands at input \(missing.map(String.init).joined(separator: ", "))"
  }

  private func branchReason(_ index: Int, router: Int) -> String {
    var reasons: [String] = []
    forEachBranch(index) { output, branch in
      let port = name(ofOutput: router << shape.portShift | output)
      reasons.append(
        branch.pointee.target < 0
          ? "waits for a virtual channel of \(port) with credit for the packet"
          : "has sent \(branch.pointee.sent) flits to \(port)")
    }
    return reasons.isEmpty ? "waits for a route" : reasons.joined(separator: "; ")
  }

  // MARK: Names

  private func name(ofChannel index: Int) -> String {
    let (router, slot) = (shape.router(ofChannel: index), shape.slot(ofChannel: index))
    let place = slot < shape.ports ? "input \(slot)" : "ejection buffer \(slot - shape.ports)"
    return "router \(router) \(place) channel \(shape.virtualChannel(of: index))"
  }

  private func name(ofOutput port: Int) -> String {
    "router \(port >> shape.portShift) output \(port & (1 << shape.portShift - 1))"
  }
}
