/// What each command moves: a `TimingPlan`'s lists in plain memory, shared by the channels.
final class CommandEffects: Sendable {
  /// One command's part of the lists, each level's updates behind those of the level before.
  struct Effect {
    var busTicks: Int64
    /// Of a column command: what nearly all of them move, and the lists do not hold then.
    var column: ColumnMoves
    /// The largest number of ticks by which it may push a first tick away from itself.
    var longestDelay: Int64
    var updates: UnsafePointer<TimingUpdate>
    var groupUpdates: UnsafePointer<TimingUpdate>
    var bankUpdates: UnsafePointer<TimingUpdate>
    var groupBankUpdates: UnsafePointer<TimingUpdate>
    var spareUpdates: UnsafePointer<TimingUpdate>
    var groupSpareUpdates: UnsafePointer<TimingUpdate>
    var end: UnsafePointer<TimingUpdate>
    var windows: Range<Int>
    var spreads: Range<Int>
    /// It has windows, spreads or updates of spare words.
    var isWide: Bool
    /// It has any of the lists.
    var hasLists: Bool
  }

  let plan: TimingPlan
  nonisolated(unsafe) let effects: UnsafeMutablePointer<Effect>
  nonisolated(unsafe) let windows: UnsafeMutablePointer<TimingWindow>
  nonisolated(unsafe) let spreads: UnsafeMutablePointer<TimingSpread>
  nonisolated(unsafe) private let updates: UnsafeMutablePointer<TimingUpdate>

  init(_ plan: TimingPlan) {
    self.plan = plan
    let lists = plan.updates.indices.map { command in
      EngineCommand(rawValue: command)!.isColumn ? ColumnMoves.others(plan.updates[command]) : plan.updates[command]
    }
    updates = .copy(lists.flatMap { $0.flatMap { $0 } })
    windows = .copy(plan.windows.flatMap { $0 })
    spreads = .copy(plan.spreads.flatMap { $0 })
    var (next, window, spread) = (UnsafePointer(updates), 0, 0)
    effects = .copy(
      plan.updates.indices.map { command in
        let starts = lists[command].map { level in
          defer { next += level.count }
          return next
        }
        defer {
          window += plan.windows[command].count
          spread += plan.spreads[command].count
        }
        let isWide = !plan.windows[command].isEmpty || !plan.spreads[command].isEmpty || starts[4] < next
        return Effect(
          busTicks: plan.busTicks[command], column: ColumnMoves(plan.updates[command]),
          longestDelay: plan.longestDelay(by: command), updates: starts[0],
          groupUpdates: starts[1], bankUpdates: starts[2],
          groupBankUpdates: starts[3], spareUpdates: starts[4], groupSpareUpdates: starts[5], end: next,
          windows: window..<window + plan.windows[command].count,
          spreads: spread..<spread + plan.spreads[command].count,
          isWide: isWide, hasLists: isWide || starts[0] < next)
      })
  }

  deinit {
    updates.deallocate()
    windows.deallocate()
    spreads.deallocate()
    effects.deallocate()
  }
}
