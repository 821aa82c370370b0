import Architecture

/// A channel that serves nothing but hits of one direction and pseudo channel, with its queue filled again as they leave, comes back
/// to where it was after some accesses, only later: what happens in between goes the same way as long as nothing new comes.
extension ChannelController {
  /// Whether nothing but `accesses` hits of that kind is under way, none of which had a command, and no more than that decides what
  /// comes next.
  func isStreaming(_ channel: Int, isWrite: Bool, accesses: Int) -> Bool {
    if rowPolicy != .open || spec.rowHitCap > 0 || activeCount != 0 || !maintenance.isEmpty || isTurnPending {
      return false
    }
    let masks = (pseudos + channel).masks[isWrite ? 1 : 0]
    if waiting != accesses || masks.waiting != masks.column || masks.precharge != 0 { return false }
    var entries = 0
    forEachWaiting(channel, isWrite: isWrite) { _, entry in entries += details.started[entry] == 0 ? 1 : 0 }
    return entries == accesses
  }

  /// Everything that decides what a streaming channel does, relative to `clock` and to the last access accepted.
  func streamOutlook(_ channel: Int, isWrite: Bool) -> [Int64] {
    var outlook = timing.outlook(from: clock)
    outlook.append(clock - sizedAt)
    forEachWaiting(channel, isWrite: isWrite) { bank, entry in
      outlook += [Int64(bank), details.ages[entry] - sequence, entries[entry].arrived - clock]
    }
    return outlook
  }

  /// How many stretches of `ticks` go by before the next refresh falls due.
  func stretches(of ticks: Int64) -> Int64 { (refresh.due - 1 - clock) / ticks }

  /// Takes everything that lies ahead, and what waits, to come `ticks` later: `accesses` have been served and as many accepted
  /// in between. `place` tells where the access is stored that was accepted so many before the next.
  mutating func passStream(
    _ channel: Int, isWrite: Bool, ticks: Int64, accesses: Int64, place: (Int64) -> (line: Int64, column: Int32)
  ) {
    timing.shift(from: clock, by: ticks)
    clock += ticks
    sizedAt += ticks
    sequence += accesses
    if isWrite { tally.writes += accesses } else { tally.reads += accesses }
    tally.rowHits += accesses
    forEachWaiting(channel, isWrite: isWrite) { _, entry in
      details.ages[entry] += accesses
      entries[entry].arrived += ticks
      let place = place(sequence - details.ages[entry])
      if isWrite { details.lines[entry] = place.line }
      if Observer.isActive { details.columns[entry] = place.column }
    }
    columnWake = nextColumnWake()
    rowWake = nextRowWake()
    noteWake()
  }

  /// Banks of the lowest number first, in each bank the oldest.
  private func forEachWaiting(_ channel: Int, isWrite: Bool, _ body: (_ bank: Int, _ entry: Int) -> Void) {
    let direction = isWrite ? 1 : 0
    for bank in 0..<banks where (pseudos + channel).masks[direction].waiting & bankBit(bank) != 0 {
      var entry = pseudos[channel].queue(bank, direction).pointee.head
      while entry >= 0 {
        body(bank, Int(entry))
        entry = entries[Int(entry)].next
      }
    }
  }
}
