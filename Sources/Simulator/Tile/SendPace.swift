/// How fast a tile's DMA may ask: so many bytes of requests a cycle, or one request a cycle whatever its size.
///
/// A request of more bytes than a cycle allows keeps later cycles busy too; one of fewer leaves room for the next.
struct SendPace {
  private let rate: Int64
  private let countsBytes: Bool
  /// Bytes asked for (or requests sent) from cycle 0 on, had the DMA always been busy.
  private var spent: Int64 = 0

  /// - Parameter bytesPerCycle: 0 for one request a cycle.
  init(bytesPerCycle: Int) {
    rate = max(1, Int64(bytesPerCycle))
    countsBytes = bytesPerCycle > 0
  }

  /// Whether another request may be sent in cycle `now`.
  @inline(__always)
  func isOpen(at now: Int64) -> Bool { spent < (now + 1) * rate }

  /// The first cycle after `now` in which a request may be sent.
  @inline(__always)
  func next(after now: Int64) -> Int64 { max(now + 1, spent / rate) }

  /// Notes a request sent in cycle `now`.
  @inline(__always)
  mutating func send(bytes: Int64, at now: Int64) { spent = max(spent, now * rate) + (countsBytes ? bytes : 1) }
}
