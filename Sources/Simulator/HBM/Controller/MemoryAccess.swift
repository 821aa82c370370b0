/// Where one access goes inside a memory: all indices from 0, each within its parent level.
public struct DRAMLocation: Equatable, BitwiseCopyable, Sendable {
  public var channel: Int32
  public var pseudoChannel: Int32
  public var stackID: Int32
  public var bankGroup: Int32
  public var bank: Int32
  public var row: Int32
  public var column: Int32

  public init(
    channel: Int32 = 0, pseudoChannel: Int32 = 0, stackID: Int32 = 0, bankGroup: Int32 = 0, bank: Int32 = 0,
    row: Int32 = 0, column: Int32 = 0
  ) {
    self.channel = channel
    self.pseudoChannel = pseudoChannel
    self.stackID = stackID
    self.bankGroup = bankGroup
    self.bank = bank
    self.row = row
    self.column = column
  }
}

/// One burst, `DRAMOrganisation.accessBytes` to or from one column; or a request for some of consecutive columns.
public struct MemoryAccess: Equatable, BitwiseCopyable, Sendable {
  /// Chosen by the sender; comes back in the completion.
  public var id: Int32
  public var location: DRAMLocation
  /// How many, from this one on; their columns and lines follow each other.
  public var accesses: Int32 = 1
  /// Address in accesses. Accesses of equal line are the same bytes: writes merge, reads are forwarded from writes.
  public var line: Int64
  public var isWrite: Bool

  public init(id: Int32, location: DRAMLocation, line: Int64, isWrite: Bool) {
    self.id = id
    self.location = location
    self.line = line
    self.isWrite = isWrite
  }
}

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
