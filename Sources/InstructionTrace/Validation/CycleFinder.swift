/// Explains why a replay stopped: streams that stand at waits or barriers, each for something that lies behind another
/// stream's stop. Following "stands for" from stream to stream must return to one met before.
struct CycleFinder {
  private let file: TraceFile
  private let log: FindingLog

  /// Where a stream stands, and what it needs.
  private struct Stop {
    var stream: Int
    var record: Int64
    var instruction: Instruction
  }

  /// The missing record: of which stream, where.
  private struct Missing {
    var stream: Int
    var record: Int64
    var text: String
  }

  init(_ file: TraceFile, _ log: FindingLog) {
    self.file = file
    self.log = log
  }

  func explain(_ stuck: [(stream: Int, record: Int64)]) throws(TraceError) {
    var stops: [Int: Stop] = [:]
    for (stream, record) in stuck { stops[stream] = try stop(stream, record) }
    var path: [(stop: Stop, missing: Missing)] = []
    var at = stuck[0].stream
    while let stop = stops[at], let missing = try missing(stop, stops) {
      if let start = path.firstIndex(where: { $0.stop.stream == at }) { return report(Array(path[start...])) }
      path.append((stop, missing))
      at = missing.stream
    }
    let first = stuck[0]
    log.add(.cycle, "the stream can never go on from here", at: (first.stream, first.record))
  }

  private func stop(_ stream: Int, _ record: Int64) throws(TraceError) -> Stop {
    var cursor = try file.makeCursor(stream: stream)
    var instruction = Instruction()
    for _ in 0...record where try !cursor.next(into: &instruction) { break }
    return Stop(stream: stream, record: record, instruction: instruction)
  }

  /// A signal or arrival that a stop needs and that is still to come.
  private func missing(_ stop: Stop, _ stops: [Int: Stop]) throws(TraceError) -> Missing? {
    let wanted = stop.instruction
    let key = file.streams[stop.stream].key
    for stream in stops.keys.sorted() where stream != stop.stream || wanted.opcode == .wait {
      var cursor = try file.makeCursor(stream: stream)
      var instruction = Instruction()
      var record: Int64 = 0
      while try cursor.next(into: &instruction) {
        defer { record += 1 }
        guard let held = stops[stream], record > held.record, instruction.token == wanted.token else { continue }
        if wanted.opcode == .wait && instruction.opcode == .signal {
          return Missing(stream: stream, record: record, text: "the signal of token \(wanted.token)")
        }
        let isArrival = instruction.opcode == .barrier && instruction.tileSet == wanted.tileSet
        if wanted.opcode == .barrier && isArrival && file.streams[stream].key.chip == key.chip {
          return Missing(stream: stream, record: record, text: "the arrival at barrier \(wanted.token)")
        }
      }
    }
    return nil
  }

  private func report(_ cycle: [(stop: Stop, missing: Missing)]) {
    let steps = cycle.map { step in
      let name = step.stop.instruction.opcode.name
      return "record \(step.stop.record) of stream \(step.stop.stream) (\(name) \(step.stop.instruction.token)) needs "
        + "\(step.missing.text), record \(step.missing.record) of stream \(step.missing.stream), which comes after"
    }
    let first = cycle[0].stop
    log.add(
      .cycle, steps.joined(separator: " ") + " record \(first.record) of stream \(first.stream)",
      at: (first.stream, first.record))
  }
}
