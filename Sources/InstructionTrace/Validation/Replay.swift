/// The second pass: runs each stream in program order as a machine with a window of one record would.
///
/// A stream stops at a wait whose signals have not all come, and at a barrier whose tiles have not all arrived. If all
/// streams end, program order, dependencies, tokens and barriers are acyclic, and the order of the replay agrees with
/// every rule of order: each record's clock is complete when it is reached. If not, there is a cycle.
final class Replay {
  private let file: TraceFile
  private let survey: Survey
  private let log: FindingLog
  private let streams: UnsafeMutablePointer<ReplayStream>
  private let count: Int
  private var detector: RaceDetector
  private var tokens: [UInt64: TokenState] = [:]
  private var meetings: [MeetingKey: Meeting] = [:]
  private var runnable: [Int] = []

  /// A token of which some signals or waits are still to come.
  private struct TokenState {
    var signals: UInt64 = 0
    var clock: ForeignClock?
    var waitsDone: UInt32 = 0
    var blocked: [Int] = []
  }

  private struct MeetingKey: Hashable {
    var barrier: BarrierKey
    var number: Int64
  }

  /// One round of a barrier.
  private struct Meeting {
    var arrived: [Int] = []
    var clock: ForeignClock?
    var isOpen = false
    var left = 0
  }

  init(_ file: TraceFile, _ survey: Survey, _ log: FindingLog) {
    self.file = file
    self.survey = survey
    self.log = log
    count = file.streams.count
    detector = RaceDetector(file.header, written: survey.written, log)
    streams = .allocate(capacity: max(1, count))
    for s in 0..<count {
      let dependents = survey.dependents[s]
      let clocks = StreamClocks(window: dependents.window, far: dependents.far)
      (streams + s).initialize(
        to: ReplayStream(cursor: StreamCursor(file, stream: s), key: file.streams[s].key, clocks: clocks))
    }
  }

  deinit {
    for s in 0..<count { (streams + s).deinitialize(count: 1) }
    streams.deallocate()
  }

  func run() throws(TraceError) {
    runnable = Array((0..<count).reversed())
    while let stream = runnable.popLast() {
      try run(stream)
      if log.isFull { return }
    }
    let stuck = (0..<count).filter { !streams[$0].isDone }
    if !stuck.isEmpty { try CycleFinder(file, log).explain(stuck.map { (stream: $0, record: streams[$0].record) }) }
  }

  /// Runs a stream until it ends or stops.
  private func run(_ s: Int) throws(TraceError) {
    while !log.isFull {
      if !streams[s].isPending {
        guard try streams[s].cursor.next(into: &streams[s].instruction) else {
          streams[s].isDone = true
          return
        }
        streams[s].isPending = true
      }
      guard step(s) else { return }
      streams[s].isPending = false
      streams[s].record += 1
    }
  }

  /// Carries out the pending record; false when it must wait.
  private func step(_ s: Int) -> Bool {
    let record = streams[s].record
    var clock = streams[s].clocks.clock(before: streams[s].instruction, record: record)
    switch streams[s].instruction.opcode {
    case .signal: signal(s, clock)
    case .wait: if !wait(s, &clock) { return false }
    case .barrier: if !barrier(s, &clock) { return false }
    default: break
    }
    let chain = streams[s].clocks.finish(
      streams[s].instruction, record: record, before: clock, hasDependents: survey.dependents[s].has(record))
    let me = Access(stream: Int32(s), chain: Int32(chain), record: UInt32(record))
    detector.look(at: streams[s].instruction, key: streams[s].key, me: me, clock: clock)
    return true
  }

  private func signal(_ s: Int, _ clock: RecordClock) {
    let token = streams[s].instruction.token
    var state = tokens[token] ?? TokenState()
    state.signals += 1
    state.clock = ForeignClock.merged(state.clock, clock.seenFromOutside(own: s, streams: count))
    runnable += state.blocked.reversed()
    state.blocked = []
    tokens[token] = state
  }

  private func wait(_ s: Int, _ clock: inout RecordClock) -> Bool {
    let token = streams[s].instruction.token
    var state = tokens[token] ?? TokenState()
    guard state.signals >= UInt64(streams[s].instruction.signals) else {
      state.blocked.append(s)
      tokens[token] = state
      return false
    }
    clock.merge(outside: state.clock, own: s)
    state.waitsDone += 1
    tokens[token] = state.waitsDone == streams[s].instruction.waiters ? nil : state
    return true
  }

  private func barrier(_ s: Int, _ clock: inout RecordClock) -> Bool {
    let i = streams[s].instruction
    let barrier = BarrierKey(chip: streams[s].key.chip, id: i.token, tileSet: i.tileSet)
    let key = MeetingKey(barrier: barrier, number: streams[s].arrivals[barrier, default: 0])
    var meeting = meetings[key] ?? Meeting()
    let size = file.header.tileSets[Int(i.tileSet) - 1].tiles.count
    if !meeting.isOpen {
      meeting.arrived.append(s)
      meeting.clock = ForeignClock.merged(meeting.clock, clock.seenFromOutside(own: s, streams: count))
      meeting.isOpen = meeting.arrived.count == size
      if meeting.isOpen { runnable += meeting.arrived.dropLast().reversed() }
      meetings[key] = meeting
      if !meeting.isOpen { return false }
    }
    clock.merge(outside: meeting.clock, own: s)
    meeting.left += 1
    meetings[key] = meeting.left == size ? nil : meeting
    streams[s].arrivals[barrier, default: 0] += 1
    return true
  }
}

/// One stream during the replay.
struct ReplayStream: ~Copyable {
  var cursor: StreamCursor
  let key: StreamKey
  var clocks: StreamClocks
  /// The record that comes next, or is pending.
  var record: Int64 = 0
  var instruction = Instruction()
  var isPending = false
  var isDone = false
  var arrivals: [BarrierKey: Int64] = [:]

  init(cursor: consuming StreamCursor, key: StreamKey, clocks: StreamClocks) {
    self.cursor = cursor
    self.key = key
    self.clocks = clocks
  }
}
