/// One direction between the DMA and local memory: bursts one after the other, one beat a local cycle. Where no bank refuses
/// anything (ports without limit) a beat is any bytes, and what is left of a cycle is the next burst's.
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
  /// How bursts take cycles.
  enum Pace {
    /// Beats are aligned windows, of one burst each.
    case windows
    /// Beats are bytes, of several bursts if they are short.
    case bytes
    /// A burst takes one cycle, any number at once.
    case ideal
  }
  private let pace: Pace
  /// Bytes moved by the end of the last burst, had the engine always been busy, in whole beats if they are windows.
  private var spent: Int64 = 0

  init(kind: DatapathCompletion.Kind, beat: Int, latency: Int64, pace: Pace) {
    self.kind = kind
    self.beat = Int64(beat)
    self.latency = latency
    self.pace = pace
  }

  /// Queues a burst in local cycle `local`; returns it with its start.
  mutating func start(tag: Int32, address: Int64, bytes: Int64, at local: Int64) -> Burst {
    let burst = place(address: address, bytes: bytes, at: local)
    let end = burst.start + burst.beats + latency
    active.add(from: burst.start, to: end)
    operations.append(PendingOperation(tag: tag, kind: kind, end: end))
    return burst
  }

  /// Gives a burst its cycles.
  private mutating func place(address: Int64, bytes: Int64, at local: Int64) -> Burst {
    if pace == .ideal { return Burst(address: address, bytes: bytes, start: local, beats: 1, first: bytes) }
    let from = max(spent, local * beat)
    let offset = pace == .bytes ? from % beat : address % beat
    let (start, beats) = (from / beat, (offset + bytes - 1) / beat + 1)
    spent = pace == .bytes ? from + bytes : (start + beats) * beat
    return Burst(address: address, bytes: bytes, start: start, beats: beats, first: min(bytes, beat - offset))
  }
}
