@testable import Architecture

/// One router. Every stage decides from the state before the cycle's updates (`docs/models/noc.md`).
final class TwinRouter {
  /// A flit that wins the switch, or one that keeps it.
  typealias Win = (input: Int, channel: Int, output: Int)
  typealias Sent = (flit: TwinFlit, win: Win)

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

  init(spec: NoCSpec, index: Int, networks: Int, routes: TwinRoutes) {
    self.spec = spec
    self.index = index
    self.routes = routes
    ports = routes.topology.ports
    channels = networks * spec.virtualChannels
    inputs = Array(repeating: Array(repeating: TwinInputChannel(), count: channels), count: ports)
    outputs = Array(
      repeating: TwinOutputPort(
        channels: channels, depth: spec.bufferDepth, waitsForTailCredit: spec.waitForTailCredit), count: ports)
    let pairs = ports * channels
    channelAllocator = TwinAllocator(kind: spec.allocator, inputs: pairs, outputs: pairs)
    switchAllocator = TwinAllocator(kind: spec.allocator, inputs: ports, outputs: ports)
    turn = Array(repeating: 0, count: ports)
    holder = Array(repeating: nil, count: ports)
  }

  // MARK: arrivals, before the cycle's decisions

  func accept(_ flit: TwinFlit, input: Int, at now: Int) {
    inputs[input][flit.channel].queue.append(flit)
    precondition(inputs[input][flit.channel].queue.count <= spec.bufferDepth)
    if inputs[input][flit.channel].isIdle { startHead(input, flit.channel, at: now) }
  }

  func credit(output: Int, channel: Int) { outputs[output].credit(channel) }

  /// A head has come to the front: its route is known after `routingDelay`, then it waits for its turn to ask.
  private func startHead(_ input: Int, _ channel: Int, at cycle: Int) {
    let (output, allowed) = routes.next(inputs[input][channel].queue[0].packet, at: index, inputPort: input)
    inputs[input][channel].output = output
    inputs[input][channel].allowed = allowed
    inputs[input][channel].owned = nil
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
    for (pair, granted) in grants { takeChannel(pair, granted) }
    let refused = holder.indices.filter { input in holder[input] != nil && !kept.contains { $0.input == input } }
    for input in refused { holder[input] = nil }
    return (kept + valid).map { send($0, at: now) }
  }

  /// Asks for every free channel of its range, whatever its credits. Pairs are port · channels + channel.
  private func allocateChannels(at now: Int) -> [Int: Int] {
    let pairs = ports * channels
    var requests = TwinAllocator.Requests(repeating: [], count: 0)
    for (input, channel) in asking(at: now) {
      if requests.isEmpty { requests = Array(repeating: Array(repeating: nil, count: pairs), count: pairs) }
      let front = inputs[input][channel]
      for wanted in front.allowed where !outputs[front.output].channels[wanted].owned {
        requests[input * channels + channel][front.output * channels + wanted] = 0
      }
    }
    if requests.isEmpty { return [:] }
    let matches = channelAllocator.allocate(requests).enumerated()
    return Dictionary(uniqueKeysWithValues: matches.compactMap { pair, match in match.map { (pair, $0) } })
  }

  /// Heads without an output channel whose time has come.
  private func asking(at now: Int) -> [(input: Int, channel: Int)] {
    everyChannel.filter { input, channel in
      let front = inputs[input][channel]
      return front.owned == nil && now >= front.asksFrom ?? .max
    }
  }

  private var everyChannel: [(Int, Int)] {
    (0..<ports).flatMap { input in (0..<channels).map { (input, $0) } }
  }

  private func takeChannel(_ pair: Int, _ granted: Int) {
    outputs[granted / channels].take(granted % channels)
    inputs[pair / channels][pair % channels].owned = granted % channels
  }

  /// The flit that goes through a held connection; nil when nothing is held or there is no credit.
  private func keptWin(_ input: Int) -> Win? {
    guard let channel = holder[input] else { return nil }
    let front = inputs[input][channel]
    return outputs[front.output].channels[front.owned!].credits > 0 ? (input, channel, front.output) : nil
  }

  /// One channel is chosen for each pair of ports; then the ports are matched.
  private func allocateSwitch(at now: Int) -> [Win] {
    let heldOutputs = holder.indices.compactMap { input in holder[input].map { inputs[input][$0].output } }
    var chosen = [[Int?]](repeating: Array(repeating: nil, count: ports), count: ports)
    var requests = TwinAllocator.Requests(repeating: Array(repeating: nil, count: ports), count: ports)
    for input in 0..<ports where holder[input] == nil {
      for channel in (0..<channels).map({ (turn[input] + $0) % channels }) {
        let output = inputs[input][channel].output
        guard let priority = switchPriority(input, channel, at: now), !heldOutputs.contains(output) else { continue }
        if priority > requests[input][output] ?? -1 {
          requests[input][output] = priority
          chosen[input][output] = channel
        }
      }
    }
    if requests.allSatisfy({ $0.allSatisfy { $0 == nil } }) { return [] }
    return switchAllocator.allocate(requests).enumerated().compactMap { input, match in
      guard let output = match, let channel = chosen[input][output] else { return nil }
      turn[input] = (channel + 1) % channels
      return (input, channel, output)
    }
  }

  /// 1: a flit that owns an output channel with a credit. 0: a head that bets on getting one. Nil: none.
  private func switchPriority(_ input: Int, _ channel: Int, at now: Int) -> Int? {
    let front = inputs[input][channel]
    let output = outputs[front.output]
    if let owned = front.owned { return !front.queue.isEmpty && output.channels[owned].credits > 0 ? 1 : nil }
    guard spec.speculative && now >= front.asksFrom ?? .max else { return nil }
    return front.allowed.contains { !output.channels[$0].owned && output.channels[$0].credits > 0 } ? 0 : nil
  }

  /// A bet is lost when no channel was granted in this cycle, or one without a credit.
  private func isUsable(_ win: Win, _ grants: [Int: Int]) -> Bool {
    if inputs[win.input][win.channel].owned != nil { return true }
    guard let granted = grants[win.input * channels + win.channel] else { return false }
    return outputs[granted / channels].channels[granted % channels].credits > 0
  }

  private func send(_ win: Win, at now: Int) -> Sent {
    var flit = inputs[win.input][win.channel].queue.removeFirst()
    flit.channel = inputs[win.input][win.channel].owned!
    outputs[win.output].send(on: flit.channel, isTail: flit.isTail)
    let isEmpty = inputs[win.input][win.channel].queue.isEmpty
    holder[win.input] = spec.holdSwitch && !flit.isTail && !isEmpty ? win.channel : nil
    if flit.isTail {
      inputs[win.input][win.channel].asksFrom = nil
      inputs[win.input][win.channel].owned = nil
      if !isEmpty { startHead(win.input, win.channel, at: now + 1) }
    }
    return (flit, win)
  }
}
