import Simulator

/// One independently readable piece of a signal's series: where it lies, where it begins, what it adds up to.
public struct TimelineBlock: Equatable, Sendable {
  /// Place in the file, and bytes there.
  var offset: Int64
  var bytes: Int64
  /// The state before the block's first event; its `cycle` is the block's first cycle.
  public var start: SeriesState
  /// One past the last cycle the block accounts for.
  public var endCycle: Int64
  public var extent: SeriesExtent
}

/// One signal in a timeline file.
public struct TimelineSignal: Equatable, Sendable {
  public var info: SignalInfo
  /// Sum of all cycles (counts: the counter; levels: cycle-weighted).
  public var total: Int64
  /// Finest level of the pyramid.
  public var blocks: [TimelineBlock]
  /// Second level: every `TimelineIndex.fanOut` blocks together.
  public var groups: [SeriesExtent]
  /// Top level: all cycles of the domain.
  public var whole: SeriesExtent
  /// The state after the last block, which holds to the end.
  public var tail: SeriesState
}

/// A power charged over the whole run.
public struct TimelineStaticPower: Equatable, Sendable {
  public var name: String
  public var microwatts: Int64
}

/// What the end of a timeline file says about everything before it.
public struct TimelineIndex: Equatable, Sendable {
  static let magic: [UInt8] = Array("PALTLINE".utf8)
  static let version: UInt64 = 2
  /// Blocks a group of the second level stands for.
  public static let fanOut = 16

  public var domains: [TimelineDomain]
  public var signals: [TimelineSignal]
  public var staticPower: [TimelineStaticPower]

  /// The clock of a domain.
  public func domain(_ domain: ClockDomain) -> TimelineDomain { domains[Int(domain.rawValue)] }
}

/// Clock of a domain and the cycles it counted.
public struct TimelineDomain: Equatable, Sendable {
  public var hertz: Int64
  public var cycles: Int64
}
