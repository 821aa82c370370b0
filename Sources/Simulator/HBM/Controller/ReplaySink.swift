/// What a replay's channels have served, together.
struct ReplayTotals: ~Copyable {
  /// End of the last data.
  var endTicks: Int64 = 0
  /// Tick of the last completion as the requester sees it: a read's data, a write's command.
  var lastTick: Int64 = 0
  /// From arrival, `controllerLatency` before entering the queue, to the end of the data.
  var readLatency = TickCounters()
}

/// Counts completions where they happen.
struct ReplaySink: CompletionSink {
  private let totals: UnsafeMutablePointer<ReplayTotals>
  private let writeLatency: Int64
  private let controllerTicks: Int64

  init(_ plan: ControllerPlan, _ totals: UnsafeMutablePointer<ReplayTotals>) {
    self.totals = totals
    writeLatency = plan.writeLatency
    controllerTicks = Int64(plan.spec.controllerLatency * plan.device.ticksPerClock)
  }

  @inline(__always)
  mutating func complete(_ access: AccessCompletion) {
    totals.pointee.endTicks = max(totals.pointee.endTicks, access.finished &- 1)
    if access.isWrite {
      let written = access.isMerged ? access.arrived : access.finished &- writeLatency
      totals.pointee.lastTick = max(totals.pointee.lastTick, written)
    } else {
      totals.pointee.lastTick = max(totals.pointee.lastTick, access.finished)
      totals.pointee.readLatency.add(access.finished &- access.arrived &+ controllerTicks)
    }
  }
}
