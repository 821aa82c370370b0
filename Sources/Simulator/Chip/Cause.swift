/// Why a unit's cycle went as it did: each cycle of each unit has exactly one. The order is the precedence for ties
/// (`docs/statistics.md`): the first that applies is charged.
public enum Cause: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  /// Doing useful work.
  case active = 0
  /// Held by a bank conflict in the scratchpad.
  case sramConflict
  /// A MAC array loading its stationary block with nothing streaming.
  case preload
  /// Waiting for data of a DMA transfer that was, at that time: queued in its DMA unit, held by the outstanding limit or by a full interface queue,
  case dmaQueue
  /// travelling to the memory (request network),
  case requestNoC
  /// queued in the HBM channel,
  case hbmQueue
  /// being served by the HBM channel,
  case hbmService
  /// travelling back (response or multicast network),
  case responseNoC
  /// being written into, or read from, the scratchpad.
  case sramTransfer
  /// Waiting for a result of a MAC array.
  case mac
  /// Waiting for a result of a vector unit.
  case vector
  /// Waiting for a token or barrier.
  case sync
  /// The stream has records for this unit but the dispatcher has not delivered one (width, window, queue depth).
  case dispatch
  /// The stream has ended, or has no more work.
  case finished
}

extension Cause {
  /// Name in files and tables.
  public var name: String {
    switch self {
    case .active: "active"
    case .sramConflict: "sram_conflict"
    case .preload: "preload"
    case .dmaQueue: "dma_queue"
    case .requestNoC: "request_noc"
    case .hbmQueue: "hbm_queue"
    case .hbmService: "hbm_service"
    case .responseNoC: "response_noc"
    case .sramTransfer: "sram_transfer"
    case .mac: "mac"
    case .vector: "vector"
    case .sync: "sync"
    case .dispatch: "dispatch"
    case .finished: "finished"
    }
  }
}
