import InstructionTrace

extension Tile {
  /// Dispatches records in program order while the budget, the window and the unit queues allow.
  mutating func dispatch(
    at now: Int64, budget: Int, used left: inout Int, fabric: inout Fabric
  ) throws(TraceError) -> Bool {
    var progress = false
    var budget = budget
    dispatchLimited = false
    while !window.isFull {
      if !hasIncoming, try !fetch() { break }
      let opcode = window.incoming.pointee.instruction.opcode
      if opcode.isMark {
        mark(at: now, fabric: &fabric)
        progress = true
        continue
      }
      guard budget > 0 else {
        dispatchLimited = true
        break
      }
      guard enqueue(window.next, opcode) else { break }
      take(at: now, fabric: &fabric)
      budget -= 1
      left -= 1
      progress = true
    }
    return progress
  }

  /// Decodes the next record into the window's incoming slot; false at the end of the stream.
  private mutating func fetch() throws(TraceError) -> Bool {
    if streamEnded { return false }
    hasIncoming = try cursor.next(into: &window.incoming.pointee.instruction)
    streamEnded = !hasIncoming
    if hasIncoming, !guardian.accepts(&window.incoming.pointee.instruction) {
      throw TraceError(
        .invalidRecord, guardian.fault(window.incoming.pointee.instruction), stream: Int(index), record: window.next)
    }
    return hasIncoming
  }

  /// Marks take effect at dispatch and cost nothing; they are complete once what they depend on is.
  private mutating func mark(at now: Int64, fabric: inout Fabric) {
    let record = window.next
    switch window.incoming.pointee.instruction.opcode {
    case .regionBegin: region = Int32(window.incoming.pointee.instruction.region)
    case .regionEnd: region = -1
    default: break
    }
    window.dispatch(at: now, region: region)
    if window[record].pointee.unresolved == 0 { window.complete(record, at: now, blame: Blame()) }
    hasIncoming = false
    counts.marks += 1
  }

  /// Appends the record to its unit's queue; false when the queue is full.
  @inline(__always)
  private mutating func enqueue(_ record: Int64, _ opcode: Opcode) -> Bool {
    switch opcode {
    case .load: return loads.push(record)
    case .store, .copy: return stores.push(record)
    case .preload, .matmul: return arrays[Int(window.incoming.pointee.instruction.unit)].push(record)
    case .vector, .convert, .reduce: return vectors.push(record)
    default: return true
    }
  }

  private mutating func take(at now: Int64, fabric: inout Fabric) {
    let record = window.next
    window.dispatch(at: now, region: region)
    hasIncoming = false
    counts.dispatched += 1
    signals.dispatched(at: now, recorder: &fabric.recorder)
    let counts = fabric.regions + Int(region + 1)
    counts.pointee.firstCycle = min(counts.pointee.firstCycle, now)
    let entry = window[record]
    if entry.pointee.unresolved == 0, entry.pointee.instruction.opcode.isSynchronisation {
      window.actions.append(record)
    }
  }

  /// Lets synchronisation records act whose dependencies are met.
  mutating func act(at now: Int64, fabric: inout Fabric) -> Bool {
    let progress = !window.actions.isEmpty
    while !window.actions.isEmpty {
      act(window.actions.removeFirst(), at: now, fabric: &fabric)
    }
    return progress
  }

  private mutating func act(_ record: Int64, at now: Int64, fabric: inout Fabric) {
    let instruction = window[record].pointee.instruction
    if instruction.opcode == .barrier, meetsLater(record) {
      deferred.append(record)
      return
    }
    let blame = window[record].pointee.waitedFor
    switch instruction.opcode {
    case .signal:
      signal(.token(instruction.token), blame: blame, at: now, fabric: &fabric)
      complete(record, at: now, blame: blame, fabric: &fabric)
    case .wait:
      wait(
        record, .token(instruction.token), signals: instruction.signals, waiters: instruction.waiters,
        at: now, fabric: &fabric)
    default:
      let members = UInt32(fabric.setSize[Int(instruction.tileSet) - 1])
      let key = SyncKey.barrier(instruction.token, set: instruction.tileSet)
      wait(record, key, signals: members, waiters: members, at: now, fabric: &fabric)
      signal(key, blame: blame, at: now, fabric: &fabric)
    }
  }

  /// A tile arrives at a barrier in program order, and again only when its earlier arrival has been released.
  private func meetsLater(_ record: Int64) -> Bool {
    let (token, set) = (window[record].pointee.instruction.token, window[record].pointee.instruction.tileSet)
    var older = window.oldest
    while older < record {
      if !window.isComplete(older), window[older].pointee.instruction.arrives(at: token, set) { return true }
      older += 1
    }
    return false
  }

  /// Lets deferred barriers try again after one was released.
  mutating func retryDeferred() {
    while !deferred.isEmpty { window.actions.append(deferred.removeFirst()) }
  }

  private var syncLatency: Int64 { ideal.contains(.sync) ? 1 : Int64(spec.syncLatency) }

  private func signal(_ key: SyncKey, blame: Blame, at now: Int64, fabric: inout Fabric) {
    fabric.released.removeAll(keepingCapacity: true)
    fabric.board.signal(
      key, from: index, at: now, blame: blame, latency: syncLatency, released: &fabric.released)
    for position in 0..<fabric.released.count { fabric.post(fabric.released[position]) }
  }

  private func wait(
    _ record: Int64, _ key: SyncKey, signals: UInt32, waiters: UInt32, at now: Int64, fabric: inout Fabric
  ) {
    let release = fabric.board.wait(
      key, signals: signals, waiters: waiters, tile: index, record: record, at: now, latency: syncLatency)
    // A token that is complete releases its wait in the next cycle at the earliest, like any message.
    if var release {
      release.cycle = max(release.cycle, now + 1)
      fabric.post(release)
    }
  }
}

extension Instruction {
  /// It is a barrier of this name and tile set.
  fileprivate func arrives(at barrier: UInt64, _ set: UInt32) -> Bool {
    opcode == .barrier && token == barrier && tileSet == set
  }
}

extension Opcode {
  /// Records for readers and statistics: they occupy no unit and no dispatch slot.
  var isMark: Bool { self == .regionBegin || self == .regionEnd || self == .mark }
}

extension RecordQueue {
  /// Appends unless full; false when full.
  @inline(__always)
  mutating func push(_ record: Int64) -> Bool {
    if isFull { return false }
    append(record)
    return true
  }
}
