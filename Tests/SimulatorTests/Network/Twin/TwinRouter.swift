@testable import Architecture

/// One router. Every stage decides from the state before the cycle's updates (`docs/models/noc.md`, `noc-collectives.md`).
final class TwinRouter {
  /// A virtual channel that may send, or sends, through an output.
  struct Win {
    var input: Int
    var channel: Int
    var output: Int
  }

  /// A flit on its way out, and the slots it freed.
  struct Sent {
    var flit: TwinFlit
    var output: Int
    var freed: [(input: Int, channel: Int)]
  }

  let spec: NoCSpec
  let index: Int
  let ports: Int
  let channels: Int
  let routes: TwinRoutes
  var inputs: [[TwinInputChannel]]
  var outputs: [TwinOutputPort]
  var channelAllocator: TwinAllocator
  var switchAllocator: TwinAllocator
  /// At each input, the virtual channel that is first in turn for the switch.
  var turn: [Int]
  /// At each input, the virtual channel that holds the switch.
  var holder: [Int?]
  var counts = TwinCounts()

  init(spec: NoCSpec, index: Int, routes: TwinRoutes) {
    self.spec = spec
    self.index = index
    self.routes = routes
    ports = routes.topology.ports
    channels = routes.networks.count * spec.virtualChannels
    inputs = Array(repeating: Array(repeating: TwinInputChannel(), count: channels), count: ports)
    let output = TwinOutputPort(
      channels: channels, depth: spec.bufferDepth, waitsForTailCredit: spec.waitForTailCredit)
    outputs = Array(repeating: output, count: ports)
    let pairs = ports * channels
    channelAllocator = TwinAllocator(kind: spec.allocator, inputs: pairs, outputs: pairs)
    switchAllocator = TwinAllocator(kind: spec.allocator, inputs: ports, outputs: ports)
    turn = Array(repeating: 0, count: ports)
    holder = Array(repeating: nil, count: ports)
  }

  // MARK: arrivals, before the cycle's decisions

  func accept(_ flit: TwinFlit, input: Int, at now: Int) {
    counts.bufferWrites += 1
    inputs[input][flit.channel].queue.append(flit)
    precondition(inputs[input][flit.channel].queue.count <= spec.bufferDepth)
    if inputs[input][flit.channel].asksFrom == nil { startHead(input, flit.channel, at: now) }
  }

  func credit(output: Int, channel: Int) { outputs[output].credit(channel) }

  /// A head has come to the front: its route is known after `routingDelay`, then it waits for its turn to ask. Of a
  /// reduction only the leader goes this way.
  private func startHead(_ input: Int, _ channel: Int, at cycle: Int) {
    let flit = inputs[input][channel].queue[0]
    guard routes.operands(flit.packet, at: index, inputPort: input)[0] == input else { return }
    precondition(flit.isHead)
    inputs[input][channel].branches = routes.branches(flit, at: index, inputPort: input)
    let wait =
      spec.speculative
      ? max(spec.vcAllocationDelay - spec.switchAllocationDelay, 0) : spec.vcAllocationDelay - 1
    inputs[input][channel].asksFrom = cycle + spec.routingDelay + wait
  }

  // MARK: one cycle

  func step(at now: Int) -> [Sent] {
    let grants = allocateChannels(at: now)
    let kept = (0..<ports).compactMap(keptWin)
    let wins = allocateSwitch(at: now)
    let valid = wins.filter { isUsable($0, grants) }
    for (win, granted) in grants { takeChannel(win, granted) }
    for input in holder.indices where !kept.contains(where: { $0.input == input }) { holder[input] = nil }
    let sent = send(kept + valid, at: now)
    counts.bufferedFlitCycles += inputs.joined().reduce(0) { $0 + $1.queue.count }
    return sent
  }

  // MARK: virtual channels

  /// Each way on without a channel asks for every free one of its range that has the room. Outputs are matched one after
  /// the other. Pairs are port · channels + channel.
  private func allocateChannels(at now: Int) -> [(win: Win, granted: Int)] {
    let asking = everyChannel.filter { now >= inputs[$0.input][$0.channel].asksFrom ?? .max }
    return (0..<ports).flatMap { output in
      let here = asking.filter { asks($0.input, $0.channel, output) }
      return here.isEmpty ? [] : allocateChannels(here, output)
    }
  }

  private func asks(_ input: Int, _ channel: Int, _ output: Int) -> Bool {
    inputs[input][channel].branch(to: output).map { inputs[input][channel].branches[$0].owned == nil } ?? false
  }

  private func allocateChannels(_ asking: [(input: Int, channel: Int)], _ output: Int) -> [(win: Win, granted: Int)] {
    let pairs = ports * channels
    var requests = TwinAllocator.Requests(repeating: Array(repeating: nil, count: pairs), count: pairs)
    for (input, channel) in asking {
      let branch = inputs[input][channel].branches[inputs[input][channel].branch(to: output)!]
      for wanted in branch.allowed {
        let there = outputs[output].channels[wanted]
        if !there.owned && there.credits >= branch.room {
          requests[input * channels + channel][output * channels + wanted] = 0
        }
      }
    }
    return channelAllocator.allocate(requests).enumerated().compactMap { pair, granted in
      granted.first.map { (Win(input: pair / channels, channel: pair % channels, output: output), $0 % channels) }
    }
  }

  private var everyChannel: [(input: Int, channel: Int)] {
    (0..<ports).flatMap { input in (0..<channels).map { (input, $0) } }
  }

  private func takeChannel(_ win: Win, _ granted: Int) {
    counts.channelAllocations += 1
    outputs[win.output].take(granted)
    let branch = inputs[win.input][win.channel].branch(to: win.output)!
    inputs[win.input][win.channel].branches[branch].owned = granted
  }

  // MARK: the switch

  /// The channel that keeps its connection; nil when nothing is held or there is no credit.
  private func keptWin(_ input: Int) -> Win? {
    guard let channel = holder[input] else { return nil }
    let branch = inputs[input][channel].branches[0]
    guard outputs[branch.output].channels[branch.owned!].credits > 0 else { return nil }
    return Win(input: input, channel: channel, output: branch.output)
  }

  /// One channel is chosen for each pair of ports; then the ports are matched. A multicast takes all outputs offered for
  /// the same flit.
  private func allocateSwitch(at now: Int) -> [Win] {
    let (chosen, requests) = switchRequests(at: now)
    if requests.allSatisfy({ $0.allSatisfy { $0 == nil } }) { return [] }
    let matches = switchAllocator.allocate(requests) { input, output, other in
      guard let channel = chosen[input][output], chosen[input][other] == channel else { return false }
      return self.nextFlit(input, channel, output)?.sequence == self.nextFlit(input, channel, other)?.sequence
    }
    return matches.enumerated().flatMap { input, outputs in
      outputs.map { output in
        turn[input] = (chosen[input][output]! + 1) % channels
        return Win(input: input, channel: chosen[input][output]!, output: output)
      }
    }
  }

  private func switchRequests(at now: Int) -> (chosen: [[Int?]], requests: TwinAllocator.Requests) {
    let none = [Int?](repeating: nil, count: ports)
    var chosen = Array(repeating: none, count: ports)
    var requests = Array(repeating: none, count: ports)
    let heldOutputs = holder.indices.compactMap { input in holder[input].map { inputs[input][$0].branches[0].output } }
    for input in 0..<ports where holder[input] == nil {
      for channel in TwinAllocator.around(turn[input], of: channels) {
        for output in 0..<ports where !heldOutputs.contains(output) {
          guard let priority = switchPriority(input, channel, output, at: now) else { continue }
          if priority > requests[input][output] ?? -1 {
            requests[input][output] = priority
            chosen[input][output] = channel
          }
        }
      }
    }
    return (chosen, requests)
  }

  /// 1: a stored flit that owns an output channel with a credit. 0: a head that bets on getting one. Nil: none.
  private func switchPriority(_ input: Int, _ channel: Int, _ output: Int, at now: Int) -> Int? {
    let front = inputs[input][channel]
    guard now >= front.asksFrom ?? .max, let branch = front.branch(to: output).map({ front.branches[$0] }) else {
      return nil
    }
    let there = outputs[output].channels
    if let owned = branch.owned { return isStored(input, channel, output) && there[owned].credits > 0 ? 1 : nil }
    return spec.speculative && branch.allowed.contains { !there[$0].owned && there[$0].credits > 0 } ? 0 : nil
  }

  private func nextFlit(_ input: Int, _ channel: Int, _ output: Int) -> TwinFlit? {
    inputs[input][channel].branch(to: output).flatMap { inputs[input][channel].next($0) }
  }

  /// Whether the flit is there, and in a reduction every other operand too.
  private func isStored(_ input: Int, _ channel: Int, _ output: Int) -> Bool {
    guard let flit = nextFlit(input, channel, output) else { return false }
    return routes.operands(flit.packet, at: index, inputPort: input).allSatisfy { !inputs[$0][channel].queue.isEmpty }
  }

  /// A bet is lost when no channel was granted in this cycle, or one without a credit.
  private func isUsable(_ win: Win, _ grants: [(win: Win, granted: Int)]) -> Bool {
    if !asks(win.input, win.channel, win.output) { return true }
    guard let grant = grants.first(where: { $0.win.input == win.input && $0.win.channel == win.channel }) else {
      return false
    }
    return outputs[win.output].channels[grant.granted].credits > 0
  }

  // MARK: leaving

  private func send(_ wins: [Win], at now: Int) -> [Sent] {
    counts.bufferReads += Set(wins.map { $0.input * channels + $0.channel }).count
    counts.crossbarTraversals += wins.count
    return wins.map { send($0, at: now) }
  }

  private func send(_ win: Win, at now: Int) -> Sent {
    let (input, channel) = (win.input, win.channel)
    let branch = inputs[input][channel].branch(to: win.output)!
    var flit = inputs[input][channel].next(branch)!
    flit.channel = inputs[input][channel].branches[branch].owned!
    flit.destinations = inputs[input][channel].branches[branch].destinations
    flit.upper = inputs[input][channel].branches[branch].upper
    flit.routers += 1
    outputs[win.output].send(on: flit.channel, isTail: flit.isTail)
    inputs[input][channel].branches[branch].sent += 1
    let isLast = inputs[input][channel].branches.allSatisfy { $0.sent > flit.sequence }
    let freed = isLast ? remove(flit, input, channel, at: now) : []
    let isEmpty = inputs[input][channel].queue.isEmpty
    holder[input] = spec.holdSwitch && !flit.isTail && !isEmpty ? channel : nil
    return Sent(flit: flit, output: win.output, freed: freed)
  }

  /// The flit has gone every way; the fronts of a reduction's other operands go with it.
  private func remove(_ flit: TwinFlit, _ input: Int, _ channel: Int, at now: Int) -> [(input: Int, channel: Int)] {
    let operands = routes.operands(flit.packet, at: index, inputPort: input)
    for operand in operands { inputs[operand][channel].queue.removeFirst() }
    counts.bufferReads += operands.count - 1
    counts.flitsCombined += operands.count - 1
    if flit.isTail {
      inputs[input][channel].asksFrom = nil
      if !inputs[input][channel].queue.isEmpty { startHead(input, channel, at: now + 1) }
    }
    return operands.map { ($0, channel) }
  }
}
