/// The first pass: each record by itself, token and barrier counts, and what the second pass must know beforehand.
struct Survey {
  /// What one stream's records refer back to.
  struct Dependents {
    /// Bit per dynamic record: a later record depends on it.
    var bits: [UInt64]
    /// Longest distance that the ring of clocks must hold.
    var window = 1
    /// Records that are depended on from farther away than the ring reaches.
    var far: Set<Int64> = []

    init(records: UInt64) { bits = [UInt64](repeating: 0, count: Int(records / 64) + 1) }

    func has(_ record: Int64) -> Bool { bits[Int(record >> 6)] & (1 << UInt64(record & 63)) != 0 }

    mutating func note(_ record: Int64, distance: UInt32) {
      let target = record - Int64(distance)
      if target < 0 { return }
      bits[Int(target >> 6)] |= 1 << UInt64(target & 63)
      if Int(distance) > Survey.longestWindow {
        far.insert(target)
      } else {
        window = max(window, Int(distance))
      }
    }
  }

  /// Dependencies that reach farther back have their clocks kept one by one.
  static let longestWindow = 1 << 15
  /// Dynamic records of one stream that can be validated.
  static let longestStream: UInt64 = 1 << 32 - 2

  private(set) var records: Int64 = 0
  private(set) var dependents: [Dependents] = []
  /// Tensors that some record stores to.
  private(set) var written: [Bool]
  private var tokens: [UInt64: TokenUse] = [:]
  private var barriers: [BarrierKey: [UInt32: Int64]] = [:]

  /// How a token is used over the whole trace.
  private struct TokenUse {
    var signals: UInt64 = 0
    var waits: UInt64 = 0
    var statedSignals: UInt32 = 0
    var statedWaiters: UInt32 = 0
    var stream = 0
    var record: Int64 = 0
  }

  static func run(_ file: TraceFile, _ log: FindingLog) throws(TraceError) -> Survey {
    var survey = Survey(written: Array(repeating: false, count: file.header.tensors.count))
    for fault in HeaderRules.faults(of: file) { log.add(fault.kind, fault.message) }
    for stream in file.streams.indices where !log.isFull { try survey.scan(file, stream, log) }
    survey.checkTokens(log)
    survey.checkBarriers(file.header, log)
    return survey
  }

  private init(written: [Bool]) { self.written = written }

  private mutating func scan(_ file: TraceFile, _ stream: Int, _ log: FindingLog) throws(TraceError) {
    let count = file.streams[stream].dynamicRecords
    guard count <= Self.longestStream else {
      log.add(.index, "stream \(stream) has \(count) records, more than can be validated")
      return
    }
    // The footer's count may be false in a damaged file: memory grows with the records that are there.
    var dependents = Dependents(records: 0)
    let rules = MachineRules(header: file.header)
    var cursor = try file.makeCursor(stream: stream)
    var instruction = Instruction()
    var record: Int64 = 0
    while !log.isFull, try cursor.next(into: &instruction) {
      if let (kind, message) = rules.fault(instruction) {
        log.add(kind, "\(instruction.opcode.name): \(message)", at: (stream, record))
      }
      if record & 63 == 0 { dependents.bits.append(0) }
      for d in 0..<Int(instruction.dependencyCount) {
        dependents.note(record, distance: instruction.dependencies[d])
      }
      note(instruction, file.streams[stream].key, stream, record, log)
      record += 1
    }
    records += record
    self.dependents.append(dependents)
  }

  private mutating func note(
    _ i: Instruction, _ key: StreamKey, _ stream: Int, _ record: Int64, _ log: FindingLog
  ) {
    switch i.opcode {
    case .store where Int(i.tensor) < written.count: written[Int(i.tensor)] = true
    case .signal: tokens[i.token, default: TokenUse(stream: stream, record: record)].signals += 1
    case .wait: noteWait(i, stream, record, log)
    case .barrier:
      barriers[BarrierKey(chip: key.chip, id: i.token, tileSet: i.tileSet), default: [:]][key.tile, default: 0] += 1
    default: break
    }
  }

  private mutating func noteWait(_ i: Instruction, _ stream: Int, _ record: Int64, _ log: FindingLog) {
    var use = tokens[i.token, default: TokenUse(stream: stream, record: record)]
    if use.waits > 0, use.statedSignals != i.signals || use.statedWaiters != i.waiters {
      log.add(
        .token,
        "waits of token \(i.token) state \(i.signals) signals and \(i.waiters) waiters, and elsewhere "
          + "\(use.statedSignals) and \(use.statedWaiters)",
        at: (stream, record), and: (use.stream, use.record))
    }
    if use.waits == 0 { (use.stream, use.record) = (stream, record) }
    use.waits += 1
    (use.statedSignals, use.statedWaiters) = (i.signals, i.waiters)
    tokens[i.token] = use
  }

  private func checkTokens(_ log: FindingLog) {
    for token in tokens.keys.sorted() {
      guard let use = tokens[token], let message = Self.fault(use, token) else { continue }
      log.add(.token, message, at: (use.stream, use.record))
    }
  }

  private static func fault(_ use: TokenUse, _ token: UInt64) -> String? {
    if use.waits == 0 { return "token \(token) is signalled, but nothing waits for it" }
    if use.signals == 0 { return "token \(token) is waited for, but never signalled" }
    if use.signals != use.statedSignals {
      return "token \(token) receives \(use.signals) signals, but its waits state \(use.statedSignals)"
    }
    if use.waits != use.statedWaiters {
      return "token \(token) has \(use.waits) waits, but they state \(use.statedWaiters) waiters"
    }
    return nil
  }

  private func checkBarriers(_ header: TraceHeader, _ log: FindingLog) {
    for key in barriers.keys.sorted() {
      let arrivals = barriers[key] ?? [:]
      guard key.tileSet > 0, Int(key.tileSet) <= header.tileSets.count else {
        if key.tileSet == 0 { log.add(.barrier, "barrier \(key.id) of chip \(key.chip) names no tile set") }
        continue
      }
      let members = header.tileSets[Int(key.tileSet) - 1].tiles
      let expected = arrivals.values.max() ?? 0
      for tile in members where arrivals[tile, default: 0] != expected {
        log.add(
          .barrier,
          "tile \(tile) of chip \(key.chip) arrives \(arrivals[tile, default: 0]) times at barrier \(key.id), "
            + "another tile of the set \(expected) times")
      }
      for tile in arrivals.keys.sorted() where !members.contains(tile) {
        log.add(.barrier, "tile \(tile) of chip \(key.chip) is at barrier \(key.id), but not in its tile set")
      }
    }
  }
}

/// One barrier: id and tile set on a chip. Each tile's n-th arrival belongs to the n-th meeting.
struct BarrierKey: Hashable, Comparable {
  var chip: UInt32
  var id: UInt64
  var tileSet: UInt32
  static func < (a: Self, b: Self) -> Bool { (a.chip, a.id, a.tileSet) < (b.chip, b.id, b.tileSet) }
}
