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
  private struct Step: BitwiseCopyable {
    var signal: SignalID
    var cycle: Int64
    var change: Int64
  }

  private var steps = GrowingBuffer<Step>()

  @inline(__always)
  mutating func step(_ signal: SignalID, at cycle: Int64, by change: Int64) {
    steps.append(Step(signal: signal, cycle: cycle, change: change))
  }

  /// Hands everything on.
  @inline(__always)
  mutating func empty(into recorder: inout ActivityRecorder) {
    for index in 0..<steps.count {
      let step = steps[index]
      recorder.step(step.signal, at: step.cycle, by: step.change)
    }
    steps.removeAll()
  }
}
