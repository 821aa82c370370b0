import InstructionTrace

extension Datapath {
  /// Starts an operation in cycle `now` if array `array` can take it; if not, `nextEvent` covers the cycle it could.
  /// Operations of an array are offered in order. Precondition: `ArrayOperation.fault(in:)` finds none.
  public mutating func tryStart(
    array: Int, _ operation: ArrayOperation, tag: Int32, recorder: inout ActivityRecorder
  ) -> Bool {
    let requester = Requester.firstArray + array
    let local = localCycle(requester)
    let isTaken = arrays[array].tryStart(operation, tag: tag, at: local)
    noteRefusals()
    guard isTaken else { return false }
    noteStart(of: requester)
    switch operation.kind {
    case .preload: streamBlock(operation, array, requester, local, &recorder)
    case .matmul: streamMatmul(operation, array, requester, local, &recorder)
    }
    return true
  }

  /// Starts a vector operation in cycle `now` if the unit can take it; if not, `nextEvent` covers the cycle it could.
  /// Precondition: `VectorOperation.fault` finds none.
  public mutating func tryStartVector(
    _ operation: VectorOperation, tag: Int32, recorder: inout ActivityRecorder
  ) -> Bool {
    let local = localCycle(Requester.vector)
    let isTaken = vector.tryStart(operation, tag: tag, at: local)
    noteRefusals()
    guard isTaken else { return false }
    noteStart(of: Requester.vector)
    recordElements(operation, local, &recorder)
    stream(operation.source, of: operation, VectorSignal.sramRead, local, &recorder)
    stream(operation.source2, of: operation, VectorSignal.sramRead, local, &recorder)
    stream(operation.destination, of: operation, VectorSignal.sramWrite, isWrite: true, local, &recorder)
    return true
  }

  /// Queues a burst of `bytes` (at least 1) contiguous bytes from the network into the tile's memory.
  public mutating func startDMAWrite(tag: Int32, address: Int64, bytes: Int64, recorder: inout ActivityRecorder) {
    let burst = writes.start(tag: tag, address: address, bytes: bytes, at: localCycle(Requester.dmaWrite))
    noteStart(of: Requester.dmaWrite)
    record(burst, Requester.dmaWrite, &recorder)
    guard needsBanks(address) else { return }
    writes.waiting.append(burst)
    beginWaitingBursts()
  }

  /// The same in a cycle to come; returns the cycle in which the data is there. Precondition: `refusesNothing`, so that no unit's cycle
  /// is ever lost.
  mutating func startDMAWrite(
    tag: Int32, address: Int64, bytes: Int64, at cycle: Int64, recorder: inout ActivityRecorder
  ) -> Int64 {
    let burst = writes.start(tag: tag, address: address, bytes: bytes, at: cycle)
    noteStart(of: Requester.dmaWrite)
    record(burst, Requester.dmaWrite, &recorder)
    return burst.start + burst.beats
  }

  /// Queues a burst of `bytes` (at least 1) contiguous bytes from the tile's memory to the network.
  public mutating func startDMARead(tag: Int32, address: Int64, bytes: Int64, recorder: inout ActivityRecorder) {
    let burst = reads.start(tag: tag, address: address, bytes: bytes, at: localCycle(Requester.dmaRead))
    noteStart(of: Requester.dmaRead)
    record(burst, Requester.dmaRead, &recorder)
    guard needsBanks(address) else { return }
    reads.waiting.append(burst)
    beginWaitingBursts()
  }

  /// Lets the next burst of each direction ask for banks once the one before has all it asked for.
  @inline(__always)
  mutating func beginWaitingBursts() {
    if !writes.waiting.isEmpty && sram.active & (1 << UInt64(Requester.dmaWrite)) == 0 {
      begin(writes.waiting.removeFirst(), Requester.dmaWrite)
    }
    if !reads.waiting.isEmpty && sram.active & (1 << UInt64(Requester.dmaRead)) == 0 {
      begin(reads.waiting.removeFirst(), Requester.dmaRead)
    }
  }

  private mutating func begin(_ burst: Burst, _ requester: Int) {
    let isWrite = requester == Requester.dmaWrite
    let stream = BankStream.burst(burst, isWrite: isWrite, beat: writes.beat, at: burst.start, sram.geometry)
    sram.begin(stream, client: requester, now: now)
  }

  /// The scratchpad's banks are needed for this address: not for the accumulator, and not when they refuse nothing.
  private func needsBanks(_ address: Int64) -> Bool {
    address < LocalAddress.accumulatorBase && !refusesNothing
  }
}

extension Datapath {
  private mutating func streamBlock(
    _ operation: ArrayOperation, _ array: Int, _ requester: Int, _ local: Int64, _ recorder: inout ActivityRecorder
  ) {
    arrays[array].load(zeros: operation.zeros)
    let rows = arrays[array].timing.kept(operation.k)
    let view = operation.source
    let rate = Int64(view.run) * view.runsOfRow(rows)
    arrays[array].traffic.preloadBytes += rate * rows
    arrays[array].traffic.preloadElements += rows * operation.n
    record(view, rate: rate, steps: rows, operation, requester, local, &recorder)
    guard needsBanks(view.base), !ideal.contains(.mac) else { return }
    sram.begin(.block(view, rows: rows, at: local, sram.geometry), client: requester, now: now)
  }

  private mutating func streamMatmul(
    _ operation: ArrayOperation, _ array: Int, _ requester: Int, _ local: Int64, _ recorder: inout ActivityRecorder
  ) {
    let steps = arrays[array].timing.steps(operation)
    recordProducts(operation, array, requester, local, &recorder)
    let moved = stream(operation.source, of: operation, steps, requester, local, &recorder)
    let second = stream(operation.source2, of: operation, steps, requester, local, &recorder)
    arrays[array].count(operation, movingBytes: moved, secondMovingBytes: second)
  }

  /// Lets one moving operand of a matmul ask for banks, and records its bytes; returns them.
  private mutating func stream(
    _ view: StridedView, of operation: ArrayOperation, _ steps: Int64, _ requester: Int, _ local: Int64,
    _ recorder: inout ActivityRecorder
  ) -> Int64 {
    if view.run == 0 { return 0 }
    let rate = Int64(view.run) * Int64(view.count1)
    let count = min(steps, Int64(view.count2) * Int64(view.count3))
    record(view, rate: rate, steps: count, operation, requester, local, &recorder)
    if needsBanks(view.base) && !ideal.contains(.mac) {
      sram.begin(.moving(view, steps: steps, at: local, sram.geometry), client: requester, now: now)
    }
    return rate * count
  }

  /// Records the MACs and results of a matmul that starts in local cycle `local`.
  private mutating func recordProducts(
    _ operation: ArrayOperation, _ array: Int, _ requester: Int, _ local: Int64, _ recorder: inout ActivityRecorder
  ) {
    let timing = arrays[array].timing
    let signal = ArraySignal.firstFormat + Int(operation.format)
    let bytes = accumulatorElementBytes * (operation.accumulate ? 2 : 1)
    let clock = sram.clients + requester
    let active = arrays[array].activeParts(of: operation)
    if timing.isIdeal {
      let results = operation.m * operation.n
      let macs = results * timing.kept(operation.k)
      clock.pointee.clock.add(signal, from: local, to: local + 1, rate: macs, &recorder)
      if let gated = gatedSignal(of: operation, array) {
        clock.pointee.clock.add(gated, from: local, to: local + 1, rate: macs * active, &recorder)
      }
      clock.pointee.clock.add(ArraySignal.accumulator, from: local, to: local + 1, rate: results * bytes, &recorder)
    } else {
      let macs = Wavefront.macs(m: operation.m, n: operation.n, k: timing.kept(operation.k), width: timing.width)
      clock.pointee.clock.add(signal, macs, from: local + timing.readLatency, &recorder)
      if let gated = gatedSignal(of: operation, array) {
        clock.pointee.clock.add(gated, macs.scaled(by: active), from: local + timing.readLatency, &recorder)
      }
      let results = Wavefront.results(m: operation.m, n: operation.n, weight: bytes)
      let first = local + timing.firstResult(operation, height: arrays[array].last.height)
      clock.pointee.clock.add(ArraySignal.accumulator, results, from: first, &recorder)
    }
  }

  /// The signal of products without a zero operand; nil where they are not told apart.
  private func gatedSignal(of operation: ArrayOperation, _ array: Int) -> Int? {
    guard arrays[array].timing.gatesZeros else { return nil }
    return ArraySignal.firstFormat + arrays[array].timing.formatCount + Int(operation.format)
  }

  /// Records the bytes an array's operand takes: `rate` a step.
  private mutating func record(
    _ view: StridedView, rate: Int64, steps: Int64, _ operation: ArrayOperation, _ requester: Int, _ local: Int64,
    _ recorder: inout ActivityRecorder
  ) {
    let signal = view.base < LocalAddress.accumulatorBase ? ArraySignal.sramRead : ArraySignal.accumulator
    let isIdeal = ideal.contains(.mac)
    sram.clients[requester].clock.add(
      signal, from: local, to: local + (isIdeal ? 1 : steps), rate: isIdeal ? rate * steps : rate, &recorder)
  }
}

extension Datapath {
  /// Records the lanes at work: each step's elements in every cycle of the step.
  private mutating func recordElements(
    _ operation: VectorOperation, _ local: Int64, _ recorder: inout ActivityRecorder
  ) {
    let clock = sram.clients + Requester.vector
    let interval = vector.interval(operation)
    let signal = VectorSignal.elements
    if ideal.contains(.vector) {
      clock.pointee.clock.add(signal, from: local, to: local + 1, rate: operation.elements * interval, &recorder)
      return
    }
    let full = operation.elements / vector.lanes
    let last = local + full * interval
    if full > 0 { clock.pointee.clock.add(signal, from: local, to: last, rate: vector.lanes, &recorder) }
    let rest = operation.elements % vector.lanes
    if rest > 0 { clock.pointee.clock.add(signal, from: last, to: last + interval, rate: rest, &recorder) }
  }

  /// Lets one operand of a vector operation ask for banks, and records its bytes.
  private mutating func stream(
    _ view: StridedView, of operation: VectorOperation, _ scratchpadSignal: Int, isWrite: Bool = false, _ local: Int64,
    _ recorder: inout ActivityRecorder
  ) {
    if view.run == 0 { return }
    let walk = ChunkWalk(view, lanes: vector.lanes, elements: operation.elements)
    let inScratchpad = view.base < LocalAddress.accumulatorBase
    record(walk, of: operation, on: inScratchpad ? scratchpadSignal : VectorSignal.accumulator, local, &recorder)
    guard needsBanks(view.base), !ideal.contains(.vector) else { return }
    let stream = BankStream.elements(
      walk, isWrite: isWrite, steps: vector.steps(operation), at: local, interval: vector.interval(operation),
      sram.geometry)
    sram.begin(stream, client: Requester.vector, now: now)
  }

  /// Records what each step of a vector operation touches, in the first cycle of the step.
  private mutating func record(
    _ walk: ChunkWalk, of operation: VectorOperation, on signal: Int, _ local: Int64,
    _ recorder: inout ActivityRecorder
  ) {
    let clock = sram.clients + Requester.vector
    let steps = vector.steps(operation)
    let interval = vector.interval(operation)
    if ideal.contains(.vector) {
      clock.pointee.clock.add(signal, from: local, to: local + 1, rate: walk.bytes, &recorder)
    } else if interval == 1, let chunk = walk.evenChunk {
      let last = local + steps - 1
      clock.pointee.clock.add(signal, from: local, to: last, rate: chunk, &recorder)
      clock.pointee.clock.add(signal, from: last, to: last + 1, rate: walk.bytes - (steps - 1) * chunk, &recorder)
    } else {
      for step in 0..<steps {
        let at = local + step * interval
        let rate = walk.boundary(step + 1) - walk.boundary(step)
        clock.pointee.clock.add(signal, from: at, to: at + 1, rate: rate, &recorder)
      }
    }
  }

  /// Records the bytes of a burst: the first and last beat may be partial.
  private mutating func record(_ burst: Burst, _ requester: Int, _ recorder: inout ActivityRecorder) {
    let signal = burst.address < LocalAddress.accumulatorBase ? BurstSignal.scratchpad : BurstSignal.accumulator
    let clock = sram.clients + requester
    let beat = writes.beat
    let beats = burst.beats
    let start = burst.start
    if beats == 1 { return clock.pointee.clock.add(signal, from: start, to: start + 1, rate: burst.bytes, &recorder) }
    let last = burst.bytes - burst.first - (beats - 2) * beat
    clock.pointee.clock.add(signal, from: start, to: start + 1, rate: burst.first, &recorder)
    clock.pointee.clock.add(signal, from: start + 1, to: start + beats - 1, rate: beat, &recorder)
    clock.pointee.clock.add(signal, from: start + beats - 1, to: start + beats, rate: last, &recorder)
  }
}
