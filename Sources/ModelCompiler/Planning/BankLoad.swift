import Architecture

/// How many cycles the banks of a scratchpad need for what its arrays ask for (`docs/models/sram.md`): their first steps, access by
/// access.
struct BankLoad {
  let sram: SRAMSpec

  /// What an array reads in each step: `runs` runs of `run` bytes from `base` on, `pitch` bytes apart, `advance` bytes further on in
  /// each step.
  struct Stream: Hashable {
    var base = 0
    var run: Int
    var runs = 1
    var pitch = 0
    var advance: Int
  }

  /// Steps that are looked at.
  private static let most = 32

  /// Cycles a step, at least 1, until the last array is through; an earlier one goes first, as with fixed arbitration.
  ///
  /// - Parameter arrays: What each array reads.
  func cycles(_ arrays: [[Stream]]) -> Double {
    if sram.ports == .unlimited { return 1 }
    var readers = arrays.map { Reader(streams: $0, banks: sram.banks) }
    var cycles = 0
    while readers.contains(where: { $0.step < Self.most }) {
      var free = [Int](repeating: reads, count: sram.banks)
      for index in readers.indices where readers[index].step < Self.most { serve(&readers[index], &free) }
      cycles += 1
    }
    return Double(cycles) / Double(Self.most)
  }

  /// An array, and the accesses that it still needs in its step.
  private struct Reader {
    let streams: [Stream]
    var step = 0
    var wanted: [Int]
    var remaining = 0

    init(streams: [Stream], banks: Int) {
      self.streams = streams
      wanted = [Int](repeating: 0, count: banks)
    }
  }

  /// Gives a reader what is free of what it needs.
  private func serve(_ reader: inout Reader, _ free: inout [Int]) {
    if reader.remaining == 0 { ask(&reader) }
    for bank in free.indices where reader.wanted[bank] > 0 {
      let granted = min(free[bank], reader.wanted[bank])
      free[bank] -= granted
      reader.wanted[bank] -= granted
      reader.remaining -= granted
    }
    if reader.remaining == 0 { reader.step += 1 }
  }

  /// The accesses of a reader's next step.
  private func ask(_ reader: inout Reader) {
    for stream in reader.streams {
      for index in 0..<stream.runs {
        let first = stream.base + reader.step * stream.advance + index * stream.pitch
        for word in first / sram.bankWidth...(first + stream.run - 1) / sram.bankWidth {
          reader.wanted[bank(word)] += 1
          reader.remaining += 1
        }
      }
    }
  }

  /// Reads a bank serves in a cycle.
  private var reads: Int { sram.ports == .twoReadWrite ? 2 : 1 }

  private func bank(_ word: Int) -> Int {
    switch sram.interleave {
    case .lowOrder: word % sram.banks
    case .hashed: (word ^ word / sram.banks) % sram.banks
    case .matrixRow: word * sram.bankWidth / sram.rowBytes % sram.banks
    }
  }
}
