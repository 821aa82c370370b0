import InstructionTrace

extension Tile {
  /// Starts array and vector records whose turn it is and whose dependencies are met.
  mutating func startUnits(at now: Int64, fabric: inout Fabric) -> Bool {
    var progress = false
    for array in 0..<arrayCount {
      while mayStart(arrays[array].peek), datapath.mayStart(array: array),
        startArray(array, arrays[array].first, at: now, fabric: &fabric)
      {
        arrays[array].removeFirst()
        progress = true
      }
    }
    while mayStart(vectors.peek), datapath.mayStartVector, startVector(vectors.first, at: now, fabric: &fabric) {
      vectors.removeFirst()
      progress = true
    }
    return progress
  }

  /// Whether there is a record whose dependencies are met.
  @inline(__always)
  private func mayStart(_ record: Int64?) -> Bool {
    guard let record else { return false }
    return window[record].pointee.unresolved == 0
  }

  private mutating func startArray(_ array: Int, _ record: Int64, at now: Int64, fabric: inout Fabric) -> Bool {
    let entry = window[record]
    let busy = datapath.busyCycles(ofRequester: Requester.firstArray + array)
    guard
      datapath.tryStart(
        array: array, operation(entry.pointee.instruction, array: array), tag: window.slot(of: record),
        recorder: &fabric.recorder)
    else { return false }
    ledgers.arrays[array].attributeWait(
      start: now, busy: busy, entry: entry.pointee, preloadedUntil: ledgers.preloadedUntil[array])
    return true
  }

  private func operation(_ instruction: borrowing Instruction, array: Int) -> ArrayOperation {
    let format = formatTable[array * formatCount + Int(instruction.format)]
    var operation =
      instruction.opcode == .preload
      ? ArrayOperation.preload(
        rows: Int64(instruction.rows), columns: Int64(instruction.columns), source: instruction.source, format: format)
      : ArrayOperation.matmul(
        m: Int64(instruction.m), n: Int64(instruction.n), k: Int64(instruction.k), source: instruction.source,
        source2: instruction.source2, accumulate: instruction.accumulate, format: format)
    operation.zeros = operandZeros[Int(instruction.sourceStatistics)]
    operation.zeros2 = operandZeros[Int(instruction.source2Statistics)]
    return operation
  }

  private mutating func startVector(_ record: Int64, at now: Int64, fabric: inout Fabric) -> Bool {
    let entry = window[record]
    let busy = datapath.busyCycles(ofRequester: Requester.vector)
    var operation = VectorOperation(entry.pointee.instruction)
    operation.format = vectorFormats[Int(entry.pointee.instruction.format)]
    if entry.pointee.instruction.opcode == .convert {
      let output = vectorFormats[min(Int(entry.pointee.instruction.outputFormat), formatCount)]
      operation.costIndex = VectorOperation.conversionCost(from: operation.format, to: output)
    }
    guard datapath.tryStartVector(operation, tag: window.slot(of: record), recorder: &fabric.recorder) else {
      return false
    }
    ledgers.vector.attributeWait(start: now, busy: busy, entry: entry.pointee)
    return true
  }

  /// Takes the completions the datapath reached by `now`.
  mutating func drainDatapath(at now: Int64, fabric: inout Fabric) {
    while let done = datapath.popCompletion() {
      switch done.kind {
      case .dmaWrite: finishWrite(done.tag, at: now, fabric: &fabric)
      case .dmaRead: finishRead(done.tag, at: now, fabric: &fabric)
      case .vector: finishVector(done.tag, at: now, fabric: &fabric)
      case .preload, .matmul: finishArray(done, at: now, fabric: &fabric)
      }
    }
  }

  private mutating func finishVector(_ slot: Int32, at now: Int64, fabric: inout Fabric) {
    let record = window.record(ofSlot: slot)
    let active = datapath.activeCycles(ofRequester: Requester.vector)
    fabric.regions[Int(window[record].pointee.region + 1)].vectorActiveCycles += active - ledgers.chargedVectorActive
    ledgers.chargedVectorActive = active
    complete(record, at: now, blame: .vector(until: now), fabric: &fabric)
  }

  private mutating func finishArray(_ done: DatapathCompletion, at now: Int64, fabric: inout Fabric) {
    let record = window.record(ofSlot: done.tag)
    let array = Int(done.requester) - Requester.firstArray
    let entry = window[record]
    if done.kind == .preload {
      ledgers.preloadedUntil[array] = done.cycle
    } else {
      let kept = datapath.multiplied(Int64(entry.pointee.instruction.k), array: array)
      let macs = Int64(entry.pointee.instruction.m) * Int64(entry.pointee.instruction.n) * kept
      counts.macs += macs
      let active = datapath.activeCycles(ofRequester: Int(done.requester))
      let region = fabric.regions + Int(entry.pointee.region + 1)
      region.pointee.macs += macs
      region.pointee.macActiveCycles += active - ledgers.chargedActive[array]
      ledgers.chargedActive[array] = active
    }
    complete(record, at: now, blame: .mac(until: now), fabric: &fabric)
  }
}

extension VectorOperation {
  /// A `vector`, `convert` or `reduce` record.
  init(_ instruction: borrowing Instruction) {
    let elements = Int64(clamping: instruction.elements)
    switch instruction.opcode {
    case .convert:
      self = .convert(elements: elements, source: instruction.source, destination: instruction.destination)
    case .reduce:
      self = .function(
        instruction.function, elements: elements * Int64(instruction.groups), source: instruction.source,
        destination: instruction.destination)
    default:
      self = .function(
        instruction.function, elements: elements, source: instruction.source, source2: instruction.source2,
        destination: instruction.destination)
    }
  }
}
