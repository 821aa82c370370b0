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
  private var memory = DecoderMemory()
  private var token: UInt64 = 0
  /// Strides of the latest record, kept only for readers of static records.
  private(set) var strides: [OperandStride] = []
  var keepsStrides = false

  @inline(__always) mutating func reset() {
    memory.reset()
    token = 0
  }

  /// Decodes what follows the opcode byte. `counters` and `depth` are those of the open repeats.
  @inline(__always) mutating func decode(
    _ opcode: Opcode, _ reader: inout FastReader, into i: inout Instruction, counters: SIMD4<UInt32>, depth: Int
  ) {
    let flags = reader.byte()
    if let operation = opcode.operation {
      memory.operation(opcode, operation, flags, &reader, into: &i)
    } else {
      i = Instruction(opcode)
      scalars(opcode, &reader, &i)
      let meaningless = RecordFlags.statistics | RecordFlags.accumulate | RecordFlags.sameParameters
      if flags & meaningless != 0 { reader.isFaulty = true }
    }
    dependencies(flags & RecordFlags.dependencyMask, &reader, &i)
    if keepsStrides { strides = [] }
    if flags & RecordFlags.strides != 0 { applyStrides(&reader, &i, counters, depth) }
  }

  @inline(__always) private func dependencies(_ count: UInt8, _ reader: inout FastReader, _ i: inout Instruction) {
    if count == 0 { return }
    if count > 8 {
      reader.isFaulty = true
      return
    }
    i.dependencyCount = count
    withUnsafeMutableBytes(of: &i.dependencies) { raw in
      let distances = raw.assumingMemoryBound(to: UInt32.self)
      for d in 0..<Int(count) {
        let distance = reader.word()
        if distance == 0 { reader.isFaulty = true }
        distances[d] = distance
      }
    }
  }

  private mutating func scalars(_ opcode: Opcode, _ reader: inout FastReader, _ i: inout Instruction) {
    switch opcode {
    case .signal, .wait, .barrier:
      i.token = token &+ UInt64(bitPattern: reader.signed())
      token = i.token
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
