import Architecture

/// What a run of a case came to; times in scheduling ticks.
struct MemoryOutcome: Equatable {
  /// End of the last read's or write's data: max(RD clock + nCL + nBL - 1, WR clock - 1 + nCWL + nBL).
  var end = 0
  var reads = 0
  var latencySum = 0
  var latency99 = 0
  var commands: [DRAMCommand: Int] = [:]
  /// Clock of the last completion: of data at the controller for reads, of the WR for writes.
  var last = 0
  /// Of all commands up to `last`, each with clock and place, channel after channel.
  var traceHash: UInt64 = 0

  static let counted: [DRAMCommand] = [.ACT, .PREpb, .PREab, .RD, .RDA, .WR, .WRA, .REFab, .REFpb]
}

extension MemoryOutcome {
  /// - Parameter traces: The commands of each channel, in order; those after `last` do not count.
  init(end: Int, last: Int, latencies: [Int], traces: [[TracedCommand]]) {
    self.end = end
    self.last = last
    reads = latencies.count
    latencySum = latencies.reduce(0, +)
    latency99 = latencies.isEmpty ? 0 : latencies.sorted()[latencies.count * 99 / 100]
    let issued = traces.flatMap { $0.prefix { $0.clock <= last } }
    for entry in issued { commands[entry.command, default: 0] += 1 }
    traceHash = Self.hash(issued)
  }

  /// FNV-1a with one step a value.
  private static func hash(_ trace: [TracedCommand]) -> UInt64 {
    var hash: UInt64 = 14_695_981_039_346_656_037
    func mix(_ value: Int) { hash = (hash ^ UInt64(bitPattern: Int64(value))) &* 1_099_511_628_211 }
    for entry in trace {
      let place = entry.place
      let isAllBank = TracedCommand.isAllBank(entry.command)
      mix(entry.clock)
      mix(Int(entry.command.rawValue))
      mix(place.channel)
      mix(place.pseudoChannel)
      for value in [place.stackID, place.bankGroup, place.bank] { mix(isAllBank ? -1 : value) }
      mix(entry.command == .ACT ? place.row : -1)
      mix(entry.command.isColumn ? place.column : -1)
    }
    return hash
  }

  /// `NAME end reads latencySum latency99 ACT PREpb PREab RD RDA WR WRA REFab REFpb last hash`
  init?(words: [Substring]) {
    let numbers = words.dropFirst().dropLast().compactMap { Int($0) }
    guard words.count == 16, numbers.count == 14, let hash = UInt64(words[15], radix: 16) else { return nil }
    end = numbers[0]
    reads = numbers[1]
    latencySum = numbers[2]
    latency99 = numbers[3]
    for (command, count) in zip(Self.counted, numbers[4..<13]) where count > 0 { commands[command] = count }
    last = numbers[13]
    traceHash = hash
  }
}
