/// One direction between the DMA and local memory: bursts one after the other, one beat a local cycle.
struct BurstEngine: ~Copyable {
  let kind: DatapathCompletion.Kind
  var operations = FIFORing<PendingOperation>()
  /// Bursts from or to the scratchpad whose stream has not begun.
  var waiting = FIFORing<Burst>()
  private(set) var active = ActiveSpan()
  /// Bytes of a beat.
  let beat: Int64
  /// Cycles from the last beat to the data being there: reads only.
  private let latency: Int64
  /// Bursts take one cycle, any number at once.
  private let isIdeal: Bool
  /// Local cycle from which on the next burst may start.
  private var free: Int64 = 0

  init(kind: DatapathCompletion.Kind, beat: Int, latency: Int64, isIdeal: Bool) {
    self.kind = kind
    self.beat = Int64(beat)
    self.latency = latency
    self.isIdeal = isIdeal
  }

  /// Queues a burst in local cycle `local`; returns it with its start.
  mutating func start(tag: Int32, address: Int64, bytes: Int64, at local: Int64) -> Burst {
    let beats = isIdeal ? 1 : (address + bytes - 1) / beat - address / beat + 1
    let burst = Burst(address: address, bytes: bytes, start: isIdeal ? local : max(local, free), beats: beats)
    free = burst.start + beats
    let end = free + latency
    active.add(from: burst.start, to: end)
    operations.append(PendingOperation(tag: tag, kind: kind, end: end))
    return burst
  }
}
