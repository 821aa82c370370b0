/// By how many ticks a column command moves those first ticks that nearly every one moves: done at once, without a list.
struct ColumnMoves: BitwiseCopyable {
  /// No rule: a time so far back moves nothing.
  private static let none = Int64.min / 4

  /// RD and WR of the pseudo channel, of the bank group, and the bank's PRE.
  var readGate = none
  var writeGate = none
  var readOfGroup = none
  var writeOfGroup = none
  var precharge = none

  private static let fields:
    [(level: TimingUpdate.Level, place: Int, field: WritableKeyPath<ColumnMoves, Int64> & Sendable)] = [
      (.pseudoChannel, EngineCommand.RD.rawValue, \.readGate),
      (.pseudoChannel, EngineCommand.WR.rawValue, \.writeGate),
      (.group, TimesLayout.inGroup(.RD), \.readOfGroup),
      (.group, TimesLayout.inGroup(.WR), \.writeOfGroup),
      (.bank, TimesLayout.inBank(.PREpb), \.precharge),
    ]

  /// - Parameter updates: The command's, by level.
  init(_ updates: [[TimingUpdate]]) {
    for (level, place, field) in Self.fields {
      for update in updates[level.rawValue] where update.place == place {
        self[keyPath: field] = max(self[keyPath: field], Int64(update.ticks))
      }
    }
  }

  /// What is left of the lists.
  static func others(_ updates: [[TimingUpdate]]) -> [[TimingUpdate]] {
    TimingUpdate.Level.allCases.map { level in
      updates[level.rawValue].filter { update in
        !fields.contains { $0.level == level && $0.place == update.place }
      }
    }
  }

  /// Moves the first ticks of a pseudo channel, a bank group and a bank by a command in tick `now`.
  @inline(__always)
  func move(
    _ gates: UnsafeMutablePointer<Int64>, _ group: UnsafeMutablePointer<Int64>, _ bank: UnsafeMutablePointer<Bank>,
    _ now: Int64
  ) {
    Self.raise(gates + EngineCommand.RD.rawValue, to: now &+ readGate)
    Self.raise(gates + EngineCommand.WR.rawValue, to: now &+ writeGate)
    Self.raise(group + TimesLayout.inGroup(.RD), to: now &+ readOfGroup)
    Self.raise(group + TimesLayout.inGroup(.WR), to: now &+ writeOfGroup)
    Self.raise(bank.words + TimesLayout.inBank(.PREpb), to: now &+ precharge)
  }

  @inline(__always)
  private static func raise(_ time: UnsafeMutablePointer<Int64>, to tick: Int64) {
    time.pointee = max(time.pointee, tick)
  }
}
