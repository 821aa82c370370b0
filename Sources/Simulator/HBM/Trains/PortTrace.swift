import Architecture

/// Turns a channel's commands into activity of its ports as they are issued.
struct PortTrace: CommandObserver {
  static var isActive: Bool { true }
  /// By pseudo channel.
  let records: UnsafeMutablePointer<PortRecord>
  /// The owner's, who empties it into the recorder after each run; channels that run one after the other may share it.
  let activity: UnsafeMutablePointer<WaitingActivity>
  var commands: [IssuedCommand] { [] }

  @inline(__always)
  mutating func observe(_ command: IssuedCommand) { observe(command, count: 1, spacing: 0) }

  @inline(__always)
  mutating func observe(_ first: IssuedCommand, count: Int64, spacing: Int64) {
    let banks = first.bankOfAll < 0 ? .max : bankBit(Int(first.bankOfAll))
    records[Int(first.pseudoChannel)].note(
      first.kind, banks: banks, at: first.clock, count: count, spacing: spacing, recorder: &activity.pointee)
  }
}

/// Changes that wait for the recorder.
struct WaitingActivity: ActivityTaker, ~Copyable {
  private struct Change: BitwiseCopyable {
    var signal: SignalID
    var cycle: Int64
    var value: Int64
  }

  private var changes = GrowingBuffer<Change>()

  @inline(__always)
  mutating func change(_ signal: SignalID, at cycle: Int64, value: Int64) {
    changes.append(Change(signal: signal, cycle: cycle, value: value))
  }

  /// Hands everything on.
  @inline(__always)
  mutating func empty(into recorder: inout ActivityRecorder) {
    for index in 0..<changes.count {
      let change = changes[index]
      recorder.change(change.signal, at: change.cycle, value: change.value)
    }
    changes.removeAll()
  }
}
