/// A piece of local memory in one or two copies, filled in turn: filling number s lies in copy s mod copies.
final class Buffer {
  let ranges: [Range<Int>]
  private var slots: [[Slot?]]

  init(ranges: [Range<Int>], streams: Int) {
    self.ranges = ranges
    slots = ranges.map { _ in Array(repeating: nil, count: streams) }
  }

  /// Where filling `sequence` lies.
  func range(_ sequence: Int) -> Range<Int> { ranges[sequence % ranges.count] }

  func base(_ sequence: Int) -> Int64 { Int64(range(sequence).lowerBound) }

  /// Starts filling `sequence` in a stream.
  func start(_ sequence: Int, stream: Int, _ program: Program) -> Slot {
    let slot = program.allocate(range(sequence), in: stream)
    slots[sequence % ranges.count][stream] = slot
    return slot
  }

  /// The slot of filling `sequence`. Precondition: it was started.
  func slot(_ sequence: Int, stream: Int) -> Slot { slots[sequence % ranges.count][stream]! }

  /// Readers of the youngest fillings: the last stores of an output buffer.
  func readers(stream: Int) -> [Int] { slots.flatMap { $0[stream]?.readers ?? [] } }
}
