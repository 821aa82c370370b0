import Architecture

/// First come, first served: of each queue pair only the oldest request of the direction served, and only while no activated
/// request of the pair waits for its column command.
extension ChannelController {
  /// The request at the front of a pair's served queue, and the command it needs.
  struct FrontRequest {
    var pseudo: PseudoChannelPointer
    var bank: Int
    var command: EngineCommand
    var ready: Int64
    var age: Int64
  }

  mutating func inOrderColumn(_ tick: Int64) {
    guard let front = readyFront(isColumn: true, at: tick) else { return }
    issueHit(front.pseudo, front.bank, front.pseudo.pointee.mode, at: tick)
  }

  mutating func inOrderRow(_ tick: Int64) {
    if let front = readyFront(isColumn: false, at: tick) {
      if front.command == .ACT {
        issueActivate(front.pseudo, front.bank, front.pseudo.pointee.mode, at: tick)
      } else {
        issuePrecharge(front.pseudo, front.bank, front.pseudo.pointee.mode, at: tick)
      }
    } else if rowPolicy == .timeout {
      closeUnused(tick)
    }
  }

  func inOrderWake(_ soonest: Int64) -> Int64 {
    var tick = Int64.max
    for pair in 0..<pairCount {
      guard let front = front(ofPair: pair) else { continue }
      tick = min(tick, max(front.ready, soonest) | edges[front.command])
    }
    return tick
  }

  /// Of the pairs' front requests the oldest whose next command is of the slot and ready.
  private func readyFront(isColumn: Bool, at tick: Int64) -> FrontRequest? {
    var oldest: FrontRequest?
    for pair in 0..<pairCount {
      guard let front = front(ofPair: pair), front.command.isColumn == isColumn else { continue }
      if front.ready > tick || edges[front.command] & ~tick != 0 { continue }
      if front.age < oldest?.age ?? .max { oldest = front }
    }
    return oldest
  }

  private func front(ofPair pair: Int) -> FrontRequest? {
    var oldest = Int64.max
    var place = (pseudo: pseudos, bank: 0)
    for channel in 0..<pseudoChannels where pseudos[channel].pair == pairs + pair {
      let pseudo = pseudos + channel
      if pseudo.active != 0 { return nil }
      for bank in 0..<banks {
        let head = pseudo.pointee.queue(bank, pseudo.pointee.mode).pointee.head
        if head >= 0 && details.ages[Int(head)] < oldest {
          oldest = details.ages[Int(head)]
          place = (pseudo, bank)
        }
      }
    }
    if oldest == .max || isBlocked(place.pseudo) || place.pseudo.pointee.heldBack & bankBit(place.bank) != 0 {
      return nil
    }
    let (pseudo, bank) = place
    let direction = pseudo.pointee.mode
    let entry = entries[Int(pseudo.pointee.queue(bank, direction).pointee.head)]
    let openRow = pseudo.pointee.banks[bank].openRow
    let command: EngineCommand = openRow < 0 ? .ACT : openRow != entry.row ? .PREpb : .column(direction)
    let ready = max(timing.gate(command, pseudo), pseudo.ready(command, bank))
    return FrontRequest(pseudo: pseudo, bank: bank, command: command, ready: ready, age: oldest)
  }
}
