/// A train of consecutive accesses on one HBM channel.
public struct MemoryRequest: Equatable, BitwiseCopyable, Sendable {
  /// Chosen by the sender; comes back in the completion.
  public var id: Int32
  /// NoC node (tile index) that asks; order is kept per (source, channel).
  public var source: Int32
  public var channel: Int32
  /// Channel-local byte address of the first access, aligned to the access size.
  public var address: Int64
  /// How many consecutive accesses, at least 1.
  public var accesses: Int32
  public var isWrite: Bool
  public init(id: Int32, source: Int32, channel: Int32, address: Int64, accesses: Int32, isWrite: Bool) {
    self.id = id
    self.source = source
    self.channel = channel
    self.address = address
    self.accesses = accesses
    self.isWrite = isWrite
  }
}

/// When a train was served, in HBM cycles: arrived <= started <= firstData <= lastData.
public struct MemoryCompletion: Equatable, BitwiseCopyable, Sendable {
  public var id: Int32
  public var channel: Int32
  /// Entered the channel's queue.
  public var arrived: Int64
  /// Left the queue: its first command.
  public var started: Int64
  /// First access's data complete, last access's data complete.
  public var firstData: Int64
  public var lastData: Int64
}
