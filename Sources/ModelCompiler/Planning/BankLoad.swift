import Architecture

/// How many cycles the banks of a scratchpad need for what its arrays ask for in a step (`docs/models/sram.md`).
struct BankLoad {
  let sram: SRAMSpec

  /// What one array reads in each step: `runs` runs of `run` bytes, `pitch` bytes apart, `advance` bytes further on in each
  /// step.
  struct Stream {
    var run: Int
    var runs = 1
    var pitch = 0
    var advance: Int
  }

  /// Relative places of the streams that are looked at, where those change from step to step.
  private static let samples = 8

  /// At least 1: on average over where the streams are, the bank most asked for sets the pace.
  ///
  /// - Parameter arrays: Arrays that read such streams at once. Streams that meet the same banks in every step, as a pitch of a
  ///   multiple of all banks makes them, meet each other too.
  func cycles(_ streams: [Stream], arrays: Int) -> Double {
    if sram.ports == .unlimited { return 1 }
    let loads = streams.map { load($0) }
    let total = (0..<Self.samples).reduce(0) { sum, sample in
      var sums = [Int](repeating: 0, count: sram.banks)
      for (index, load) in loads.enumerated() {
        let moves = streams[index].advance % period != 0
        for array in 0..<arrays {
          let shift = moves ? sample * (2 * (index * arrays + array) + 1) : index * (sample + 1)
          for bank in load.indices { sums[(bank + shift) % sram.banks] += load[bank] }
        }
      }
      return sum + max(1, ((sums.max() ?? 0) + reads - 1) / reads)
    }
    return Double(total) / Double(Self.samples)
  }

  /// Bytes after which the banks repeat; hashed ones do so later, which spreads what would meet.
  private var period: Int {
    switch sram.interleave {
    case .lowOrder: sram.banks * sram.bankWidth
    case .hashed: sram.banks * sram.banks * sram.bankWidth
    case .matrixRow: sram.banks * sram.rowBytes
    }
  }

  /// Reads a bank serves in a cycle.
  private var reads: Int { sram.ports == .twoReadWrite ? 2 : 1 }

  /// Accesses to each bank.
  private func load(_ stream: Stream) -> [Int] {
    var load = [Int](repeating: 0, count: sram.banks)
    for index in 0..<stream.runs {
      let first = index * stream.pitch
      for word in first / sram.bankWidth...(first + stream.run - 1) / sram.bankWidth { load[bank(word)] += 1 }
    }
    return load
  }

  private func bank(_ word: Int) -> Int {
    switch sram.interleave {
    case .lowOrder: word % sram.banks
    case .hashed: (word ^ word / sram.banks) % sram.banks
    case .matrixRow: word * sram.bankWidth / sram.rowBytes % sram.banks
    }
  }
}
