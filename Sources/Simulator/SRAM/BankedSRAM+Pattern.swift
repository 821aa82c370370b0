extension BankedSRAM {
  /// After a cycle: passes whole periods in one step when the banks are as they were a period ago; returns the first
  /// cycle not done, at most `end`.
  @inline(__always)
  mutating func passPeriods(from now: Int64, until end: Int64, _ recorder: inout ActivityRecorder) -> Int64 {
    if watch.endCycle() {
      keepMoment(now)
      return now
    }
    guard watch.isKeeping, isAsKept(now) else { return now }
    let period = watch.age
    let times = periodsAhead(atMost: (end - now) / period)
    if times > 0 { replay(times, from: now, &recorder) }
    watch.startOver()
    return now + times * period
  }

  private mutating func keepMoment(_ now: Int64) {
    var left = active
    while left != 0 {
      let client = left.trailingZeroBitCount
      left &= left &- 1
      let state = clients + client
      if state.pointee.hasRepeats { return watch.startOver() }
      let local = now - state.pointee.clock.lost
      watch.moments[client] = PatternWatch.Moment(state.pointee)
      for index in 0..<BankClient.streamCount where state.pointee.streams[index].remaining > 0 {
        let stream = state.pointee.streams + index
        watch.streams[client * BankClient.streamCount + index] = PatternWatch.Stream(
          address: stream.pointee.address, ahead: stream.pointee.next - local, done: stream.pointee.done)
      }
    }
    watch.keep(turn: turn)
  }

  /// The same accesses are to be made as at the moment kept, and all that follows is the same.
  private func isAsKept(_ now: Int64) -> Bool {
    if turn != watch.turn { return false }
    var left = active
    while left != 0 {
      let client = left.trailingZeroBitCount
      left &= left &- 1
      let state = clients + client
      if state.pointee.hasRepeats || PatternWatch.Moment(state.pointee) != watch.moments[client] { return false }
      let local = now &- state.pointee.clock.lost
      for index in 0..<BankClient.streamCount where state.pointee.streams[index].remaining > 0 {
        let stream = state.pointee.streams + index
        let kept = watch.streams + (client &* BankClient.streamCount &+ index)
        if stream.pointee.next &- local != kept.pointee.ahead { return false }
        if (stream.pointee.address &- kept.pointee.address) % geometry.span != 0 { return false }
      }
    }
    return true
  }

  /// How often the period can be repeated before a stream comes to its last step, which may touch less than the others,
  /// or turns.
  private func periodsAhead(atMost limit: Int64) -> Int64 {
    var times = limit
    forEachStream { client, index, stream in
      let steps = stream.pointee.done - watch.streams[client * BankClient.streamCount + index].done
      if steps > 0 { times = min(times, (min(stream.pointee.linear, stream.pointee.remaining) - 2) / steps) }
    }
    return max(0, times)
  }

  private mutating func replay(_ times: Int64, from now: Int64, _ recorder: inout ActivityRecorder) {
    forEachStream { client, index, stream in
      let steps = stream.pointee.done - watch.streams[client * BankClient.streamCount + index].done
      if steps > 0 { _ = clients[client].streams[index].skip(times * steps) }
    }
    for round in 0..<times {
      let start = now + round * watch.age
      for index in 0..<watch.refusalCount {
        let refusal = watch.refusals[index]
        clients[refusal.client].lose(start + refusal.offset, to: refusal.winner, at: refusal.bank, &recorder)
      }
    }
  }
}
