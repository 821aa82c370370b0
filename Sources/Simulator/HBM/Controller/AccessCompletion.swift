/// How an access was served, in scheduling ticks (`DRAMDevice.ticksPerClock` a cycle of CK; cycle c is tick ticksPerClock x c).
public struct AccessCompletion: Equatable, BitwiseCopyable, Sendable {
  public var id: Int32
  public var isWrite: Bool
  /// Served without a command of its own: read from, or merged into, a waiting write.
  public var isMerged: Bool
  /// Entered its queue.
  public var arrived: Int64
  /// First command on its behalf; `arrived` for a merged access.
  public var started: Int64
  /// The last of its data has crossed the bus: the column command + nCL (nCWL) + nBL.
  public var finished: Int64
  /// Of its pseudo channel; 0 for a merged access.
  public var bank: Int32 = 0
  /// How many accesses had been accepted before it; 0 for a merged access.
  public var age: Int64 = 0
}

/// Where a channel's completions go, in the order of the column commands; their ends may lie in the future. A generic parameter,
/// so that nothing stands between the channel and whoever counts.
public protocol CompletionSink {
  mutating func complete(_ access: AccessCompletion)
}
