import Architecture

/// Why a data bus carried nothing in a tick; the first that applies, in this order.
public enum BandwidthLoss: String, CaseIterable, Sendable {
  /// No request for the pseudo channel waited in its queue.
  case noRequest = "no request"
  /// A refresh was due, under way, or closing its rows.
  case refresh
  /// Between reads and writes.
  case turnaround
  /// The bank of the request that came next was not yet allowed to close or to open (nRAS, nRTP, nWR, nRC), or the request
  /// came too late for nRP and nRCD to be hidden.
  case bankTiming = "ACT/PRE timing"
  /// Its activate waited for those of other banks: nRRD, nFAW.
  case activation = "FAW/RRD"
  /// Its row command waited for the row bus.
  case rowBus = "row bus"
  /// Its column command waited for the column bus, or for its distance to the column command before: nCCD.
  case columnBus = "column bus"
  /// Nothing held it: another request was chosen first.
  case scheduler

  /// Its place among all of them.
  @inline(__always)
  var index: Int {
    switch self {
    case .noRequest: 0
    case .refresh: 1
    case .turnaround: 2
    case .bankTiming: 3
    case .activation: 4
    case .rowBus: 5
    case .columnBus: 6
    case .scheduler: 7
    }
  }
}

/// What the data buses of a memory did, in ticks summed over its pseudo channels: each tick carried data, or was lost for one reason.
///
/// A stretch in which a data bus is idle ends with the data of one request. The ticks before its column command, as many as
/// the stretch has, are charged to what held that request in each of them. Ticks in which its row was opening were lost
/// because its activate came so late, and are charged to what held the activate in as many ticks before it; those in which
/// the row before was closing, likewise to what held the precharge. So a bus that is full of row commands is found, and
/// not hidden behind the nRCD of each request. What remains at the end, after a bus's last data, goes to `noRequest`.
public struct BandwidthUse: Equatable, Sendable {
  public private(set) var busyTicks: Int64 = 0
  private var lost = [Int64](repeating: 0, count: BandwidthLoss.allCases.count)

  public init() {}

  /// Ticks lost for a reason.
  public subscript(_ loss: BandwidthLoss) -> Int64 { lost[loss.index] }

  /// Busy and lost ticks together.
  public var totalTicks: Int64 { busyTicks + lost.reduce(0, +) }

  mutating func carry(_ ticks: Int64) { busyTicks += ticks }

  mutating func lose(_ ticks: Int64, _ loss: BandwidthLoss) { lost[loss.index] += ticks }
}
