@testable import Architecture
@testable import Simulator

/// A node's sending side: a queue for each unicast or multicast network and for each channel of a reduction network; one
/// flit a cycle onto the injection link.
struct TwinInterface {
  struct Queue {
    var isMulticast: Bool
    /// Virtual channels its packets may take.
    var channels: Range<Int>
    var packets: [(packet: Int, flits: Int, destinations: [Int])] = []
    /// Flits of the first packet that have gone.
    var sent = 0
    /// The channel of the packet under way; and the one used last.
    var current: Int?
    var last: Int?
  }

  let spec: NoCSpec
  var port: TwinOutputPort
  var queues: [Queue]
  /// The queue that sent last.
  var lastQueue = 0

  init(spec: NoCSpec, networks: [TrafficKind]) {
    self.spec = spec
    let count = spec.virtualChannels
    port = TwinOutputPort(
      channels: networks.count * count, depth: spec.bufferDepth, waitsForTailCredit: spec.waitForTailCredit)
    queues = networks.enumerated().flatMap { network, kind in
      let channels = network * count..<(network + 1) * count
      if kind != .reduction { return [Queue(isMulticast: kind == .multicast, channels: channels)] }
      return channels.map { Queue(isMulticast: false, channels: $0..<$0 + 1) }
    }
  }

  /// Queues a packet that may enter through `channel`.
  mutating func add(_ packet: Int, flits: Int, destinations: [Int], channel: Int) {
    let queue = queues.firstIndex { $0.channels.contains(channel) }!
    queues[queue].packets.append((packet, flits, destinations))
  }

  /// Queues take turns flit by flit; with a held switch a packet under way goes first while it has credits.
  mutating func inject() -> TwinFlit? {
    var order = TwinAllocator.around(lastQueue + 1, of: queues.count)
    if spec.holdSwitch && queues[lastQueue].sent > 0 { order.insert(lastQueue, at: 0) }
    guard let queue = order.first(where: { channel(for: queues[$0]) != nil }) else { return nil }
    lastQueue = queue
    return send(queue, on: channel(for: queues[queue])!)
  }

  /// The channel on which a queue's front flit can go now.
  private func channel(for queue: Queue) -> Int? {
    guard let front = queue.packets.first else { return nil }
    if let current = queue.current { return port.channels[current].credits > 0 ? current : nil }
    let room = queue.isMulticast ? front.flits : 1
    return candidates(queue).first { !port.channels[$0].owned && port.channels[$0].credits >= room }
  }

  /// Round robin from one past the channel used last; before the first packet only the first channel.
  private func candidates(_ queue: Queue) -> [Int] {
    guard let last = queue.last else { return [queue.channels.lowerBound] }
    let first = last + 1 - queue.channels.lowerBound
    return TwinAllocator.around(first, of: queue.channels.count).map { queue.channels.lowerBound + $0 }
  }

  private mutating func send(_ queue: Int, on channel: Int) -> TwinFlit {
    let front = queues[queue].packets[0]
    let flit = TwinFlit(
      packet: front.packet, sequence: queues[queue].sent, isTail: queues[queue].sent == front.flits - 1,
      channel: channel, destinations: front.destinations)
    if flit.isHead { port.take(channel) }
    port.send(on: channel, isTail: flit.isTail)
    queues[queue].last = channel
    queues[queue].current = flit.isTail ? nil : channel
    queues[queue].sent = flit.isTail ? 0 : flit.sequence + 1
    if flit.isTail { queues[queue].packets.removeFirst() }
    return flit
  }
}

/// A node's receiving side: a buffer for each virtual channel, from which one flit a cycle is taken.
struct TwinSink {
  let channelsPerNetwork: Int
  var buffers: [[TwinFlit]]
  var isOpen: [Bool]
  /// The channel that is first in turn.
  var turn = 0

  init(spec: NoCSpec, networks: Int) {
    channelsPerNetwork = spec.virtualChannels
    buffers = Array(repeating: [], count: networks * spec.virtualChannels)
    isOpen = Array(repeating: true, count: networks)
  }

  mutating func take() -> TwinFlit? {
    let channel = TwinAllocator.around(turn, of: buffers.count).first {
      !buffers[$0].isEmpty && isOpen[$0 / channelsPerNetwork]
    }
    guard let channel else { return nil }
    turn = (channel + 1) % buffers.count
    return buffers[channel].removeFirst()
  }
}
