@testable import Architecture

/// A node's side: a queue for each virtual network, one flit a cycle onto the injection link.
struct TwinInterface {
  let spec: NoCSpec
  let networks: Int
  var port: TwinOutputPort
  /// Packets waiting and how many flits of the first have gone, by network.
  var queues: [[(packet: Int, flits: Int)]]
  var sent: [Int]
  /// The channel of the packet under way, by network; and the one used last.
  var current: [Int?]
  var last: [Int?]
  /// The network that sent last.
  var lastNetwork = 0

  init(spec: NoCSpec, networks: Int) {
    self.spec = spec
    self.networks = networks
    port = TwinOutputPort(
      channels: networks * spec.virtualChannels, depth: spec.bufferDepth, waitsForTailCredit: spec.waitForTailCredit)
    queues = Array(repeating: [], count: networks)
    sent = Array(repeating: 0, count: networks)
    current = Array(repeating: nil, count: networks)
    last = Array(repeating: nil, count: networks)
  }

  /// Networks take turns flit by flit; with a held switch a packet under way goes first while it has credits.
  mutating func inject() -> TwinFlit? {
    var order = (1...networks).map { (lastNetwork + $0) % networks }
    if spec.holdSwitch && sent[lastNetwork] > 0 { order.insert(lastNetwork, at: 0) }
    guard let network = order.first(where: { channel(for: $0) != nil }), let channel = channel(for: network) else {
      return nil
    }
    lastNetwork = network
    return send(network, on: channel)
  }

  /// The channel on which the front flit of a network can go now.
  private func channel(for network: Int) -> Int? {
    guard !queues[network].isEmpty else { return nil }
    if let current = current[network] { return port.channels[current].credits > 0 ? current : nil }
    return candidates(network).first { !port.channels[$0].owned && port.channels[$0].credits > 0 }
  }

  /// Round robin from one past the channel used last; before the first packet only the first channel.
  private func candidates(_ network: Int) -> [Int] {
    let (base, count) = (network * spec.virtualChannels, spec.virtualChannels)
    guard let last = last[network] else { return [base] }
    return (1...count).map { base + (last - base + $0) % count }
  }

  private mutating func send(_ network: Int, on channel: Int) -> TwinFlit {
    let (packet, flits) = queues[network][0]
    let isHead = sent[network] == 0
    let isTail = sent[network] == flits - 1
    if isHead { port.take(channel) }
    port.send(on: channel, isTail: isTail)
    last[network] = channel
    current[network] = isTail ? nil : channel
    sent[network] = isTail ? 0 : sent[network] + 1
    if isTail { queues[network].removeFirst() }
    return TwinFlit(packet: packet, isHead: isHead, isTail: isTail, channel: channel)
  }
}
