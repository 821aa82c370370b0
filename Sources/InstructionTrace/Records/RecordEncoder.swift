/// Encodes the records of one stream; `docs/trace-format.md` has the layout byte for byte.
struct RecordEncoder: ~Copyable {
  private var state = DeltaState()

  mutating func reset() { state.reset() }

  /// Appends one record to `out`. The instruction is known to be encodable (`RecordRules`).
  mutating func encode(_ i: Instruction, strides: [OperandStride], into out: inout ByteWriter) {
    out.put(i.opcode.rawValue)
    let flagsAt = out.bytes.count
    out.put(0)
    var flags = i.dependencyCount
    if i.accumulate && i.opcode == .matmul { flags |= RecordFlags.accumulate }
    if let operation = i.opcode.operation {
      if parametersAreSame(i, operation, into: &out) { flags |= RecordFlags.sameParameters }
      views(i, operation, into: &out)
      if i.sourceStatistics != 0 || i.source2Statistics != 0 {
        flags |= RecordFlags.statistics
        out.varint(UInt64(i.sourceStatistics))
        out.varint(UInt64(i.source2Statistics))
      }
    } else {
      scalars(i, into: &out)
    }
    for d in 0..<Int(i.dependencyCount) { out.varint(UInt64(i.dependencies[d])) }
    if !strides.isEmpty { flags |= RecordFlags.strides }
    encode(strides, into: &out)
    out.bytes[flagsAt] = flags
  }

  private func encode(_ strides: [OperandStride], into out: inout ByteWriter) {
    guard !strides.isEmpty else { return }
    out.put(UInt8(strides.count))
    for stride in strides {
      out.put(stride.level | stride.field.rawValue << 2)
      out.signed(stride.step)
    }
  }

  private mutating func parametersAreSame(_ i: Instruction, _ operation: Int, into out: inout ByteWriter) -> Bool {
    let parameters = DeltaState.Parameters(i, operation: operation)
    if parameters == state.parameters(operation) { return true }
    state.remember(parameters, operation)
    let layout = ParameterLayout.of(operation)
    for b in 0..<layout.bytes { out.put(parameters.bytes[b]) }
    for w in 0..<layout.words { out.varint(UInt64(parameters.words[w])) }
    if layout.wide { out.varint(parameters.wide) }
    return false
  }

  private mutating func views(_ i: Instruction, _ operation: Int, into out: inout ByteWriter) {
    switch operation {
    case OperationIndex.load:
      view(i.hbm, operation, ViewSlot.hbm, into: &out)
      view(i.destination, operation, ViewSlot.destination, into: &out)
    case OperationIndex.store:
      view(i.source, operation, ViewSlot.source, into: &out)
      view(i.hbm, operation, ViewSlot.hbm, into: &out)
    case OperationIndex.preload: view(i.source, operation, ViewSlot.source, into: &out)
    case OperationIndex.matmul, OperationIndex.vector:
      view(i.source, operation, ViewSlot.source, into: &out)
      view(i.source2, operation, ViewSlot.source2, into: &out)
      view(i.destination, operation, ViewSlot.destination, into: &out)
    default:
      view(i.source, operation, ViewSlot.source, into: &out)
      view(i.destination, operation, ViewSlot.destination, into: &out)
    }
  }

  private mutating func view(_ view: StridedView, _ operation: Int, _ slot: Int, into out: inout ByteWriter) {
    if view.run == 0 { return out.put(ViewShape.none) }
    let previous = state.view(operation, slot)
    state.remember(view, operation, slot)
    let delta = view.base &- (previous?.base ?? 0)
    if let previous, previous.hasSameShape(as: view) {
      out.put(ViewShape.same)
      return out.signed(delta)
    }
    let dimensions = view.dimensions
    out.put(UInt8(dimensions))
    out.signed(delta)
    out.varint(UInt64(view.run))
    for d in 0..<dimensions {
      out.varint(UInt64(view.count(d)))
      out.signed(view.stride(d))
    }
  }

  private mutating func scalars(_ i: Instruction, into out: inout ByteWriter) {
    switch i.opcode {
    case .signal, .wait, .barrier:
      out.signed(Int64(bitPattern: i.token &- state.token))
      state.token = i.token
      if i.opcode == .wait {
        out.varint(UInt64(i.signals))
        out.varint(UInt64(i.waiters))
      } else if i.opcode == .barrier {
        out.varint(UInt64(i.tileSet))
      }
    case .regionBegin: out.varint(UInt64(i.region))
    default: out.signed(i.value)
    }
  }
}

extension StridedView {
  /// Counted dimensions that must be stored: up to the last that is not (count 1, stride 0).
  var dimensions: Int {
    if count3 != 1 || stride3 != 0 { return 3 }
    if count2 != 1 || stride2 != 0 { return 2 }
    return count1 != 1 || stride1 != 0 ? 1 : 0
  }

  func count(_ dimension: Int) -> Int32 { dimension == 0 ? count1 : dimension == 1 ? count2 : count3 }
  func stride(_ dimension: Int) -> Int64 { dimension == 0 ? stride1 : dimension == 1 ? stride2 : stride3 }

  @inline(__always) func hasSameShape(as other: StridedView) -> Bool {
    run == other.run && count1 == other.count1 && count2 == other.count2 && count3 == other.count3
      && stride1 == other.stride1 && stride2 == other.stride2 && stride3 == other.stride3
  }
}
