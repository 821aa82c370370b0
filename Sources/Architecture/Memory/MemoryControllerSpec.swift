/// The controller of one memory channel: queues, order, rows, refresh. The rules are in `docs/models/hbm.md`.
public struct MemoryControllerSpec: Equatable, Sendable {
  /// Whose fine rules decide where the keys below leave room.
  public enum Policy: String, Equatable, Sendable, CaseIterable {
    /// This project's own controller.
    case palsim
    /// Ramulator 2.1's controller, to the tick: for comparing with it.
    case ramulator2
  }
  public enum Scheduler: String, Equatable, Sendable, CaseIterable {
    /// The oldest request whose next command is possible now.
    case frfcfs = "fr-fcfs"
    /// The same, but no row is closed while an older or equally old request of the same queue hits it.
    case rowHitFirst = "fr-fcfs-row-hit"
    /// Strictly in order of arrival.
    case fcfs
  }
  public enum RowPolicy: String, Equatable, Sendable, CaseIterable {
    case open
    /// Closed after `rowAccesses` accesses.
    case closed
    /// Closed after `rowTimeout` cycles without an access.
    case timeout
  }
  public enum Refresh: String, Equatable, Sendable, CaseIterable {
    case none
    case allBank = "all-bank"
    case perBank = "per-bank"
  }
  public var policy: Policy
  public var scheduler: Scheduler
  /// Accesses that a row has after its ACT before its hits give way to an older request to another row of the bank; 0: no cap.
  public var rowHitCap: Int
  /// Entries of the read and of the write queue.
  public var readQueue: Int
  public var writeQueue: Int
  /// Accesses of a train that an entry may stand for, at least 1: consecutive columns of one row. A request of
  /// `palsim memory` is a single access.
  public var requestAccesses: Int
  /// Each pseudo channel has queues of these sizes; else both share one pair.
  public var queuesPerPseudoChannel: Bool
  public var rowPolicy: RowPolicy
  public var rowAccesses: Int
  /// Cycles of CK.
  public var rowTimeout: Int
  /// Writes are drained from above `writeHigh` percent of the write queue to below `writeLow` percent.
  public var writeHigh: Int
  public var writeLow: Int
  public var refresh: Refresh
  /// Cycles of CK between the all-bank refreshes of a channel's pseudo channels: that of pseudo channel i falls due
  /// (i + 1) x `refreshStagger` after each multiple of nREFI. 0: all fall due together.
  public var refreshStagger: Int
  /// Cycles of CK added to each access's way: through the PHY after its data, and through the controller from its arrival to
  /// its queue.
  public var phyLatency: Int
  public var controllerLatency: Int

  public init(
    policy: Policy = .palsim, scheduler: Scheduler = .frfcfs, rowHitCap: Int = 0, readQueue: Int = 32,
    writeQueue: Int = 32, requestAccesses: Int = 1, queuesPerPseudoChannel: Bool = false, rowPolicy: RowPolicy = .open,
    rowAccesses: Int = 4, rowTimeout: Int = 100, writeHigh: Int = 80, writeLow: Int = 20, refresh: Refresh = .allBank,
    refreshStagger: Int = 0, phyLatency: Int = 0, controllerLatency: Int = 0
  ) {
    self.policy = policy
    self.scheduler = scheduler
    self.rowHitCap = rowHitCap
    self.readQueue = readQueue
    self.writeQueue = writeQueue
    self.requestAccesses = requestAccesses
    self.queuesPerPseudoChannel = queuesPerPseudoChannel
    self.rowPolicy = rowPolicy
    self.rowAccesses = rowAccesses
    self.rowTimeout = rowTimeout
    self.writeHigh = writeHigh
    self.writeLow = writeLow
    self.refresh = refresh
    self.refreshStagger = refreshStagger
    self.phyLatency = phyLatency
    self.controllerLatency = controllerLatency
  }
}
