import InstructionTrace

@testable import ModelCompiler

/// Which records may run: dependencies, order inside arrays and the vector unit, tokens and barriers. Nothing else.
struct Schedule {
  private let streams: [[Instruction]]
  private let tileSetSizes: [Int]
  private var done: [[Bool]]
  /// By stream: records that have not run, ascending.
  private var pending: [[Int]]
  private var signals: [UInt64: Int] = [:]
  private var arrivals: [UInt64: Int] = [:]

  init(_ streams: [[Instruction]], _ header: TraceHeader) {
    self.streams = streams
    tileSetSizes = header.tileSets.map(\.tiles.count)
    done = streams.map { Array(repeating: false, count: $0.count) }
    pending = streams.map { Array($0.indices) }
  }

  var isDone: Bool { pending.allSatisfy(\.isEmpty) }

  /// Picks a record that may run, and marks it done. Looks `window` pending records ahead in each stream.
  mutating func next(using generator: inout SplitMix64) -> (stream: Int, record: Int)? {
    let order = streams.indices.shuffled(using: &generator)
    for stream in order {
      let ready = readyRecords(stream)
      guard let record = ready.randomElement(using: &generator) else { continue }
      finish(stream, record)
      return (stream, record)
    }
    return nil
  }

  private static let window = 48

  private mutating func readyRecords(_ stream: Int) -> [Int] {
    var blocked: Set<Int> = []
    var ready: [Int] = []
    for record in pending[stream].prefix(Self.window) {
      let fifo = streams[stream][record].queue.fifo
      let mayRun = dependenciesDone(stream, record) && fifo.map { !blocked.contains($0) } ?? true
      if let fifo { blocked.insert(fifo) }
      if mayRun, isReleased(stream, record) { ready.append(record) }
    }
    return ready
  }

  private func dependenciesDone(_ stream: Int, _ record: Int) -> Bool {
    let i = streams[stream][record]
    return (0..<Int(i.dependencyCount)).allSatisfy { d in
      let target = record - Int(i.dependencies[d])
      return target < 0 || done[stream][target]
    }
  }

  /// Waits and barriers; a barrier counts as arrived as soon as it is looked at with its dependencies done.
  private mutating func isReleased(_ stream: Int, _ record: Int) -> Bool {
    let i = streams[stream][record]
    switch i.opcode {
    case .wait: return signals[i.token, default: 0] == Int(i.signals)
    case .barrier:
      let key = i.token
      if !hasArrived.contains([UInt64(stream), UInt64(record)]) {
        hasArrived.insert([UInt64(stream), UInt64(record)])
        arrivals[key, default: 0] += 1
      }
      return arrivals[key] == tileSetSizes[Int(i.tileSet) - 1]
    default: return true
    }
  }

  private var hasArrived: Set<[UInt64]> = []

  private mutating func finish(_ stream: Int, _ record: Int) {
    let i = streams[stream][record]
    if i.opcode == .signal { signals[i.token, default: 0] += 1 }
    done[stream][record] = true
    pending[stream].removeAll { $0 == record }
  }
}
