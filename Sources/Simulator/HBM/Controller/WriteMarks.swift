import Architecture

/// Between which numbers of queued writes a queue pair serves them: from more than `above` on, until there are fewer than `below`.
struct WriteMarks: Equatable {
  let above: Int
  /// At least 1: an empty queue is drained.
  let below: Int

  init(_ spec: MemoryControllerSpec) {
    if spec.policy == .ramulator2 {
      // Ramulator 2 keeps the marks as fractions in single precision and multiplies by the size: not always the exact product.
      let size = Float(spec.writeQueue)
      let (high, low) = (Float(Double(spec.writeHigh) / 100) * size, Float(Double(spec.writeLow) / 100) * size)
      above = (0...spec.writeQueue).last { Float($0) <= high } ?? 0
      below = max((0...spec.writeQueue + 1).first { Float($0) >= low } ?? 0, 1)
    } else {
      // Half-way between the marks: the last writes of a long drain fall on few banks and leave the bus idle between them.
      let until = (spec.writeLow + spec.writeHigh) / 2
      above = spec.writeHigh * spec.writeQueue / 100
      below = max((until * spec.writeQueue + 99) / 100, 1)
    }
  }
}
