/// Reads varints from a block whose payload is followed by `padding` zero bytes, so that no byte needs a bounds check:
/// a record is shorter than the padding, and the caller compares positions after each record.
struct FastReader {
  /// More than the longest record: 2 + 44 parameters + 3 * 45 views + 10 statistics + 40 dependencies + 309 strides.
  static let padding = 1024

  var position: UnsafePointer<UInt8>
  /// Set when a number is too long or too large for its field, or a byte has bits that mean nothing.
  var isFaulty = false

  @inline(__always) mutating func byte() -> UInt8 {
    let value = position.pointee
    position += 1
    return value
  }

  @inline(__always) mutating func varint() -> UInt64 {
    let first = byte()
    return first < 0x80 ? UInt64(first) : longVarint(first)
  }

  @inline(never) private mutating func longVarint(_ first: UInt8) -> UInt64 {
    var value = UInt64(first & 0x7F)
    var shift: UInt64 = 7
    while shift < 70 {
      let next = byte()
      value |= UInt64(next & 0x7F) &<< shift
      if next < 0x80 {
        if shift == 63 && next > 1 { isFaulty = true }
        return value
      }
      shift += 7
    }
    isFaulty = true
    return 0
  }

  @inline(__always) mutating func signed() -> Int64 { ZigZag.decode(varint()) }

  @inline(__always) mutating func word() -> UInt32 {
    let value = varint()
    if value > UInt64(UInt32.max) { isFaulty = true }
    return UInt32(truncatingIfNeeded: value)
  }

  /// 1...2^31 - 1.
  @inline(__always) mutating func positive() -> Int32 {
    let value = varint()
    if value == 0 || value > UInt64(Int32.max) { isFaulty = true }
    return Int32(truncatingIfNeeded: value)
  }
}

/// Decodes one record after the other; the opposite of `RecordEncoder`.
struct RecordDecoder: ~Copyable {
  private var state = DeltaState()
  /// Strides of the latest record, kept only for readers of static records.
  private(set) var strides: [OperandStride] = []
  var keepsStrides = false

  @inline(__always) mutating func reset() { state.reset() }

  /// Decodes what follows the opcode byte. `counters` and `depth` are those of the open repeats.
  mutating func decode(
    _ opcode: Opcode, _ reader: inout FastReader, into i: inout Instruction, counters: SIMD4<UInt32>, depth: Int
  ) {
    i = Instruction(opcode)
    let flags = reader.byte()
    if let operation = opcode.operation {
      parameters(operation, flags, &reader, &i)
      views(operation, &reader, &i)
      if flags & RecordFlags.statistics != 0 {
        i.sourceStatistics = reader.word()
        i.source2Statistics = reader.word()
      }
      i.accumulate = flags & RecordFlags.accumulate != 0
      if i.accumulate && opcode != .matmul { reader.isFaulty = true }
    } else {
      scalars(opcode, &reader, &i)
      let meaningless = RecordFlags.statistics | RecordFlags.accumulate | RecordFlags.sameParameters
      if flags & meaningless != 0 { reader.isFaulty = true }
    }
    dependencies(flags & RecordFlags.dependencyMask, &reader, &i)
    if keepsStrides { strides = [] }
    if flags & RecordFlags.strides != 0 { applyStrides(&reader, &i, counters, depth) }
  }

  @inline(__always) private func dependencies(_ count: UInt8, _ reader: inout FastReader, _ i: inout Instruction) {
    if count > 8 {
      reader.isFaulty = true
      return
    }
    i.dependencyCount = count
    for d in 0..<Int(count) {
      let distance = reader.word()
      if distance == 0 { reader.isFaulty = true }
      i.dependencies[d] = distance
    }
  }

  @inline(__always) private mutating func parameters(
    _ operation: Int, _ flags: UInt8, _ reader: inout FastReader, _ i: inout Instruction
  ) {
    var parameters: DeltaState.Parameters
    if flags & RecordFlags.sameParameters != 0 {
      guard let known = state.parameters(operation) else {
        reader.isFaulty = true
        return
      }
      parameters = known
    } else {
      parameters = DeltaState.Parameters()
      let layout = ParameterLayout.of(operation)
      for b in 0..<layout.bytes { parameters.bytes[b] = reader.byte() }
      for w in 0..<layout.words { parameters.words[w] = reader.word() }
      if layout.wide { parameters.wide = reader.varint() }
      state.remember(parameters, operation)
    }
    if !parameters.apply(to: &i, operation: operation) { reader.isFaulty = true }
  }

  @inline(__always) private mutating func views(_ operation: Int, _ reader: inout FastReader, _ i: inout Instruction) {
    switch operation {
    case OperationIndex.load:
      view(&i.hbm, operation, ViewSlot.hbm, &reader)
      view(&i.destination, operation, ViewSlot.destination, &reader)
    case OperationIndex.store:
      view(&i.source, operation, ViewSlot.source, &reader)
      view(&i.hbm, operation, ViewSlot.hbm, &reader)
    case OperationIndex.preload: view(&i.source, operation, ViewSlot.source, &reader)
    case OperationIndex.matmul, OperationIndex.vector:
      view(&i.source, operation, ViewSlot.source, &reader)
      view(&i.source2, operation, ViewSlot.source2, &reader)
      view(&i.destination, operation, ViewSlot.destination, &reader)
    default:
      view(&i.source, operation, ViewSlot.source, &reader)
      view(&i.destination, operation, ViewSlot.destination, &reader)
    }
  }

  @inline(__always) private mutating func view(
    _ view: inout StridedView, _ operation: Int, _ slot: Int, _ reader: inout FastReader
  ) {
    let shape = reader.byte()
    if shape == ViewShape.none { return }
    let previous = state.view(operation, slot)
    let base = reader.signed() &+ (previous?.base ?? 0)
    if shape == ViewShape.same {
      guard let previous else {
        reader.isFaulty = true
        return
      }
      view = previous
      view.base = base
    } else {
      view = Self.shape(shape, base, &reader)
    }
    state.remember(view, operation, slot)
  }

  private static func shape(_ shape: UInt8, _ base: Int64, _ reader: inout FastReader) -> StridedView {
    var view = StridedView(base: base, run: reader.positive())
    let dimensions = shape & ViewShape.dimensionMask
    if shape != dimensions { reader.isFaulty = true }
    if dimensions >= 1 {
      view.count1 = reader.positive()
      view.stride1 = reader.signed()
    }
    if dimensions >= 2 {
      view.count2 = reader.positive()
      view.stride2 = reader.signed()
    }
    if dimensions >= 3 {
      view.count3 = reader.positive()
      view.stride3 = reader.signed()
    }
    return view
  }

  private mutating func scalars(_ opcode: Opcode, _ reader: inout FastReader, _ i: inout Instruction) {
    switch opcode {
    case .signal, .wait, .barrier:
      i.token = state.token &+ UInt64(bitPattern: reader.signed())
      state.token = i.token
      if opcode == .wait {
        i.signals = reader.word()
        i.waiters = reader.word()
      } else if opcode == .barrier {
        i.tileSet = reader.word()
      }
    case .regionBegin: i.region = reader.word()
    default: i.value = reader.signed()
    }
  }

  @inline(never) private mutating func applyStrides(
    _ reader: inout FastReader, _ i: inout Instruction, _ counters: SIMD4<UInt32>, _ depth: Int
  ) {
    let count = Int(reader.byte())
    if count > RecordRules.maximumStrides || count == 0 {
      reader.isFaulty = true
      return
    }
    for _ in 0..<count {
      let packed = reader.byte()
      let step = reader.signed()
      let level = Int(packed & 3)
      guard level < depth, let field = OperandStride.Field(rawValue: packed >> 2) else {
        reader.isFaulty = true
        return
      }
      i.move(field, by: step &* Int64(counters[level]))
      if keepsStrides { strides.append(OperandStride(level: UInt8(level), field: field, step: step)) }
    }
  }
}

extension Instruction {
  /// Adds to a field, wrapping round.
  @inline(__always) mutating func move(_ field: OperandStride.Field, by distance: Int64) {
    switch field {
    case .source: source.base &+= distance
    case .source2: source2.base &+= distance
    case .destination: destination.base &+= distance
    case .hbm: hbm.base &+= distance
    case .token: token &+= UInt64(bitPattern: distance)
    case .tile: tile &+= UInt32(truncatingIfNeeded: distance)
    case .tensor: tensor &+= UInt32(truncatingIfNeeded: distance)
    }
  }
}
