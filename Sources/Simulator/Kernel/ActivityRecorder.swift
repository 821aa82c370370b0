/// Keeps the time series of every signal as changes (see `docs/architecture.md`, Activity).
///
/// Times are cycles of the signal's domain. Changes of one signal may be added in any order as long as none lies before
/// the cycle last passed to `flush` for its domain. A signal with gaps counts its own local cycles: global cycles less
/// the gaps before them.
///
/// A change waits in a small buffer of its signal until `flush` makes it final; then it is encoded (`SeriesCodec`) and
/// added up in closed form. Recording allocates nothing once the buffers have grown to what the run needs.
public struct ActivityRecorder: ~Copyable {
  /// Who takes what is recorded.
  public struct Sink {
    /// Takes finished pieces of one signal's series, in time order (cold: called once a piece of some 8 KiB).
    let take: (SignalID, SeriesPiece) -> Void
    /// Where a signal that is registered is added up by window.
    let windows: (SignalInfo) -> WindowCursor

    /// - Parameters:
    ///   - take: called with each piece.
    ///   - windows: of `RunningWindows` that live as long as the sink; by default nothing is added up by window.
    public init(
      take: @escaping (SignalID, SeriesPiece) -> Void, windows: @escaping (SignalInfo) -> WindowCursor = { _ in .none }
    ) {
      (self.take, self.windows) = (take, windows)
    }

    /// Nobody asks.
    public static var none: Sink { Sink { _, _ in } }
  }

  /// Every registered signal, by index.
  public private(set) var signals: [SignalInfo] = []
  private var series: UnsafeMutablePointer<SignalSeries>
  private var capacity = 64
  private let sink: Sink

  /// A recorder without signals that hands encoded pieces to `sink`.
  public init(sink: Sink) {
    self.sink = sink
    series = .allocate(capacity: capacity)
  }

  deinit {
    for index in 0..<signals.count { series[index].deallocate() }
    series.deallocate()
  }

  /// Adds a signal; before the run, not in it.
  public mutating func register(_ info: SignalInfo) -> SignalID {
    if signals.count == capacity { grow() }
    (series + signals.count).initialize(
      to: SignalSeries(domain: info.domain, hasOwnClock: info.hasOwnClock, windows: sink.windows(info)))
    signals.append(info)
    return SignalID(index: Int32(signals.count - 1))
  }

  /// Adds `rate` a cycle over cycles from..<to.
  @inline(__always)
  public mutating func add(_ signal: SignalID, from: Int64, to: Int64, rate: Int64) {
    if from == to { return }
    change(signal, at: from, value: rate)
    change(signal, at: to, value: -rate)
  }

  /// Adds to value, slope and curvature from `cycle` on.
  @inline(__always)
  public mutating func change(
    _ signal: SignalID, at cycle: Int64, value: Int64, slope: Int64 = 0, curvature: Int64 = 0
  ) {
    let place = series + Int(signal.index)
    if slope | curvature == 0 {
      place.pointee.pending.insert(.step(at: cycle, by: value))
    } else {
      place.pointee.pending.insert(.init(value: value, slope: slope, curvature: curvature), at: cycle)
    }
  }

  /// Sets a level from `cycle` on. Precondition: calls for one signal come in time order.
  @inline(__always)
  public mutating func set(_ signal: SignalID, at cycle: Int64, to level: Int64) {
    let place = series + Int(signal.index)
    let step = level &- place.pointee.pending.level
    if step == 0 { return }
    place.pointee.pending.level = level
    place.pointee.pending.insert(.step(at: cycle, by: step))
  }

  /// Inserts `cycles` cycles of zero before local cycle `cycle`; everything from it on shifts.
  @inline(__always)
  public mutating func gap(_ signal: SignalID, at cycle: Int64, cycles: Int64) {
    if cycles == 0 { return }
    series[Int(signal.index)].pending.insert(.gap(at: cycle, cycles: cycles))
  }

  /// Promises that no change before `cycle` of the domain will be added.
  ///
  /// `cycle` is global: a signal with gaps translates it by the gaps it has been told of. One whose gaps are told late (a
  /// stall is reported when it ends) registers with `hasOwnClock`; this call then leaves it alone, and its owner
  /// flushes it by its local cycles.
  public mutating func flush(_ domain: ClockDomain, before cycle: Int64) {
    for index in 0..<signals.count where series[index].domain == domain && !series[index].hasOwnClock {
      series[index].settle(beforeGlobal: cycle)
      handOver(index, whenOver: SignalSeries.pieceBytes)
    }
  }

  /// Promises that no change or gap before local cycle `cycle` of this signal will be added.
  public mutating func flush(_ signal: SignalID, before cycle: Int64) {
    series[Int(signal.index)].settle(beforeLocal: cycle)
    handOver(Int(signal.index), whenOver: SignalSeries.pieceBytes)
  }

  /// Ends every series at the cycles its domain counted, by `ClockDomain.rawValue`, hands over the last pieces and
  /// returns each signal's sum over all cycles. What was recorded for later cycles is left out.
  public mutating func finish(cycles: [Int64]) -> [Int64] {
    (0..<signals.count).map { index in
      let end = cycles[Int(series[index].domain.rawValue)]
      series[index].settle(beforeGlobal: end + 1)
      handOver(index, whenOver: 0)
      return series[index].finish(at: end)
    }
  }

  private mutating func handOver(_ index: Int, whenOver bytes: Int) {
    if series[index].encoded <= bytes { return }
    sink.take(SignalID(index: Int32(index)), series[index].takePiece())
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<SignalSeries>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: series, count: signals.count)
    series.deallocate()
    series = larger
    capacity *= 2
  }
}
