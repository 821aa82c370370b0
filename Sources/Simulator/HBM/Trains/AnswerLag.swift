/// How long after a train's last column command nobody needs to know that it has been served, in cycles of CK: its data is still to
/// come, and its answer waits for that.
struct AnswerLag: BitwiseCopyable {
  let reads: Int64
  let writes: Int64

  /// Everyone is to know at once.
  static var none: AnswerLag { AnswerLag(reads: 0, writes: 0) }

  private init(reads: Int64, writes: Int64) { (self.reads, self.writes) = (reads, writes) }

  /// - Parameter lead: by how much the answer to a read may leave before the last data is there.
  init(_ plan: ControllerPlan, lead: Int64) {
    let ticks = Int64(plan.device.ticksPerClock)
    reads = max(0, plan.readLatency / ticks - lead)
    writes = plan.writeLatency / ticks
  }
}
