import Architecture

/// First come, first served: of each queue pair only the oldest request of the direction served, and only while no activated
/// request of the pair waits for its column command.
extension ChannelController {
  /// The request at the front of a pair's served queue, and the command it needs.
  struct FrontRequest {
    var channel: Int
    var bank: Int
    var command: EngineCommand
    var ready: Int64
  }

  mutating func inOrderColumn(_ tick: Int64) {
    guard let front = readyFront(isColumn: true, at: tick) else { return }
    issueHit(front.channel, front.bank, mode(front.channel), at: tick)
  }

  mutating func inOrderRow(_ tick: Int64) {
    if let front = readyFront(isColumn: false, at: tick) {
      if front.command == .ACT {
        issueActivate(front.channel, front.bank, mode(front.channel), at: tick)
      } else {
        issuePrecharge(front.channel, front.bank, mode(front.channel), at: tick)
      }
    } else if rowPolicy == .timeout {
      closeUnused(tick)
    }
  }

  mutating func inOrderWake(_ soonest: Int64) -> Int64 {
    var tick = Int64.max
    for pair in 0..<pairCount {
      guard let front = front(ofPair: pair) else { continue }
      tick = min(tick, max(front.ready, soonest) | timing.edge[front.command.rawValue])
    }
    return tick
  }

  private mutating func readyFront(isColumn: Bool, at tick: Int64) -> FrontRequest? {
    for pair in 0..<pairCount {
      guard let front = front(ofPair: pair), front.command.isColumn == isColumn else { continue }
      if front.ready <= tick && timing.edge[front.command.rawValue] & ~tick == 0 { return front }
    }
    return nil
  }

  private mutating func front(ofPair pair: Int) -> FrontRequest? {
    var oldest = Int64.max
    var place = (channel: 0, bank: 0)
    for channel in 0..<pseudoChannels where states[channel].queue == pair {
      if masks[channel * 2].active | masks[channel * 2 + 1].active != 0 { return nil }
      for bank in 0..<banks {
        let head = bankQueue(channel, bank, mode(channel)).pointee.head
        if head >= 0 && entries[Int(head)].key < oldest {
          oldest = entries[Int(head)].key
          place = (channel, bank)
        }
      }
    }
    if oldest == .max || isBlocked(place.channel) { return nil }
    let direction = mode(place.channel)
    let entry = entries[Int(bankQueue(place.channel, place.bank, direction).pointee.head)]
    let openRow = bankState(place.channel, place.bank).pointee.openRow
    let command: EngineCommand =
      openRow < 0 ? .ACT : openRow != entry.row ? .PREpb : direction == 0 ? .RD : .WR
    let ready = max(timing.gate(command, place.channel), timing.bankReady(command, place.channel, place.bank))
    return FrontRequest(channel: place.channel, bank: place.bank, command: command, ready: ready)
  }
}
