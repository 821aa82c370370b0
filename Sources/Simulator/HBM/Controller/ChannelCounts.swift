import Architecture

/// What one channel, or several, have done; plain sums.
public struct ChannelCounts: Equatable, Sendable {
  /// Commands issued, by kind.
  public var activates: Int64 = 0
  public var precharges: Int64 = 0
  public var allBankPrecharges: Int64 = 0
  public var reads: Int64 = 0
  public var writes: Int64 = 0
  /// Of `reads` and `writes`, those with auto-precharge.
  public var autoPrechargeReads: Int64 = 0
  public var autoPrechargeWrites: Int64 = 0
  public var allBankRefreshes: Int64 = 0
  public var perBankRefreshes: Int64 = 0
  /// Accesses that found, at their first command, their row open, their bank closed, or another row open.
  public var rowHits: Int64 = 0
  public var rowMisses: Int64 = 0
  public var rowConflicts: Int64 = 0
  /// Reads served from waiting writes, writes merged into them.
  public var forwardedReads: Int64 = 0
  public var mergedWrites: Int64 = 0
  /// Refreshes that have fallen due.
  public var refreshesDue: Int64 = 0
  /// Ticks in which a pseudo channel's data bus carried data, summed over pseudo channels.
  public var busyTicks: Int64 = 0
  /// Ticks in which a pseudo channel had at least one bank open, summed over pseudo channels.
  public var openTicks: Int64 = 0

  public init() {}

  public var refreshes: Int64 { allBankRefreshes + perBankRefreshes }

  public static func += (sum: inout ChannelCounts, part: ChannelCounts) {
    for field in fields { sum[keyPath: field] += part[keyPath: field] }
  }

  /// What has been added since `earlier`.
  func minus(_ earlier: ChannelCounts) -> ChannelCounts {
    var difference = self
    for field in Self.fields { difference[keyPath: field] -= earlier[keyPath: field] }
    return difference
  }

  func times(_ factor: Int64) -> ChannelCounts {
    var product = self
    for field in Self.fields { product[keyPath: field] *= factor }
    return product
  }

  private static var fields: [WritableKeyPath<ChannelCounts, Int64>] {
    [
      \.activates, \.precharges, \.allBankPrecharges, \.reads, \.writes, \.autoPrechargeReads, \.autoPrechargeWrites,
      \.allBankRefreshes, \.perBankRefreshes, \.rowHits, \.rowMisses, \.rowConflicts, \.forwardedReads, \.mergedWrites,
      \.refreshesDue, \.busyTicks, \.openTicks,
    ]
  }
}
