/// What a pseudo channel's data bus did last, and the refreshes that may have held it.
struct BusRecord: BitwiseCopyable {
  /// Refreshes kept: more than that lie in a stretch without requests.
  static let keptRefreshes = 8

  /// First tick after the last data, in ticks of the data bus.
  var dataEnd: Int64 = 0
  /// Tick of the last column command.
  var lastColumn: Int64 = 0
  var refreshDue = DueTick()
  /// From when a refresh fell due until it was over; the oldest first.
  private(set) var refreshes = InlineArray<8, TickSpans.Span>(repeating: TickSpans.Span(low: 0, high: 0))
  private(set) var refreshCount = 0

  mutating func add(_ refresh: TickSpans.Span) {
    if refreshCount == Self.keptRefreshes {
      for index in 1..<refreshCount { refreshes[index - 1] = refreshes[index] }
      refreshCount -= 1
    }
    refreshes[refreshCount] = refresh
    refreshCount += 1
  }

  /// Forgets refreshes that were over by `tick`.
  mutating func forget(upTo tick: Int64) {
    var kept = 0
    for index in 0..<refreshCount where refreshes[index].high > tick {
      refreshes[kept] = refreshes[index]
      kept += 1
    }
    refreshCount = kept
  }
}

/// What the row commands for a bank waited for.
struct BankRecord: BitwiseCopyable {
  /// PREpb: when, from when the bank allowed it, and until when it takes.
  var precharge: Int64 = 0
  var prechargeReady: Int64 = 0
  var prechargeEnd: Int64 = 0
  /// ACT: when, from when the bank allowed it but for that precharge, and from when other activates allowed it.
  var activate: Int64 = 0
  var activateReady: Int64 = 0
  var activateAllowed: Int64 = 0
  /// Of the bank alone: due, and from when it was due until it was over.
  var refreshDue = DueTick()
  var refresh = TickSpans.Span(low: 0, high: 0)
}

/// When the first refresh that waits fell due; 0: none waits.
struct DueTick: BitwiseCopyable {
  private var tick: Int64 = 0

  mutating func note(_ due: Int64) { tick = tick == 0 ? due : tick }

  mutating func take() -> Int64 {
    defer { tick = 0 }
    return tick
  }
}
