import Architecture

/// Turns a channel's commands into activity of its ports as they are issued.
struct PortTrace: CommandObserver {
  static var isActive: Bool { true }
  /// By pseudo channel.
  let records: UnsafeMutablePointer<PortRecord>
  /// The owner's, who empties it into the recorder after each run; channels that run one after the other may share it.
  let activity: UnsafeMutablePointer<ActivityRuns>
  var commands: [IssuedCommand] { [] }

  @inline(__always)
  mutating func observe(_ command: IssuedCommand) {
    let banks = command.bankOfAll < 0 ? .max : bankBit(Int(command.bankOfAll))
    records[Int(command.pseudoChannel)].note(
      command.command, banks: banks, at: command.clock, recorder: &activity.pointee)
  }
}

/// Activity that waits for the recorder.
struct ActivityRuns: ActivityTaker, ~Copyable {
  private struct Run: BitwiseCopyable {
    var signal: SignalID
    var from: Int64
    var to: Int64
    var rate: Int64
  }

  private var runs = GrowingBuffer<Run>()

  @inline(__always)
  mutating func add(_ signal: SignalID, from: Int64, to: Int64, rate: Int64) {
    runs.append(Run(signal: signal, from: from, to: to, rate: rate))
  }

  /// Hands everything on.
  @inline(__always)
  mutating func empty(into recorder: inout ActivityRecorder) {
    for index in 0..<runs.count {
      let run = runs[index]
      recorder.add(run.signal, from: run.from, to: run.to, rate: run.rate)
    }
    runs.removeAll()
  }
}
