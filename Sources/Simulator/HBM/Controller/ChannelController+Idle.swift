extension ChannelController {
  /// Passes rounds of refreshes of an idle channel in one step, never beyond `tick`; false if that is not worth it and
  /// nothing has happened.
  ///
  /// One round is played. If the channel then stands as before, only later, all further rounds go the same way: times that lie
  /// ahead move on by whole rounds, and counts grow by those of one round each.
  private mutating func skipIdleRounds(through tick: Int64) -> Bool {
    if observer.seesIdleRefreshes || !isAllClosed || (tick - refresh.due) / 4 < refresh.roundTicks { return false }
    let (start, before, rounds) = (refresh.due, tally, refresh.rounds)
    let outlook = idleOutlook()
    while wake <= tick && (refresh.rounds == rounds || !isIdle || wake != refresh.due) { process(wake) }
    let period = refresh.due - start
    let passes = (tick - refresh.due) / max(period, 1) - 1
    if wake > tick || passes < 1 || idleOutlook() != outlook { return true }
    let roundCounts = tally.minus(before)
    tally += roundCounts.times(passes)
    timing.shift(from: start, by: period * passes)
    refresh.shift(by: period * passes, rounds: (refresh.rounds - rounds) * passes)
    clock += period * passes
    columnWake = nextColumnWake()
    rowWake = nextRowWake()
    noteWake()
    return true
  }

  /// Refreshes an idle channel without looking at ticks at which nothing happens; false if that cannot be and nothing has happened.
  mutating func passIdleRefreshes(through tick: Int64) -> Bool {
    if skipIdleRounds(through: tick) { return true }
    // A turn that is still to be picked wants its own tick.
    if !isPlain || isTurnPending && sizedAt >= wake &- 1 { return false }
    refreshIdle(through: tick)
    return true
  }

  /// The refreshes that fall due in tick `wake` while the channel has nothing else to do, up to `tick`: one command after the
  /// other, each at the first tick it can come.
  private mutating func refreshIdle(through tick: Int64) {
    clock = wake
    refreshFallsDue(clock)
    maintain(through: min(tick, refresh.due &- 1))
    columnWake = nextColumnWake()
    rowWake = nextRowWake()
    noteWake()
  }

  private var isAllClosed: Bool {
    for channel in 0..<pseudoChannels where pseudos[channel].open != 0 { return false }
    return true
  }

  /// Everything that decides what an idle channel does from the next refresh on, relative to it.
  private func idleOutlook() -> [Int64] {
    var outlook = refresh.outlook
    outlook += timing.outlook(from: refresh.due)
    for channel in 0..<pairCount { outlook.append(Int64(pairs[channel].mode)) }
    return outlook
  }
}
