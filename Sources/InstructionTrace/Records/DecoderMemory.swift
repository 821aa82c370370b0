/// The decoder's side of `DeltaState`: the latest record of each operation as it was stored (before strides). A record
/// changes that in place and is then one copy of plain memory, which is what makes decoding quick.
struct DecoderMemory: ~Copyable {
  private let latest: UnsafeMutablePointer<Instruction>
  /// Bit per (operation, slot): the view is known.
  private var knownViews: UInt32 = 0
  private var knownParameters: UInt8 = 0

  private static let operations: [Opcode] = [.load, .store, .copy, .preload, .matmul, .vector, .convert, .reduce]

  init() {
    latest = .allocate(capacity: Self.operations.count)
    for (index, opcode) in Self.operations.enumerated() { (latest + index).initialize(to: Instruction(opcode)) }
  }

  deinit { latest.deallocate() }

  @inline(__always) mutating func reset() {
    knownViews = 0
    knownParameters = 0
  }

  /// Decodes a record with operands up to its statistics.
  @inline(__always) mutating func operation(
    _ opcode: Opcode, _ operation: Int, _ flags: UInt8, _ reader: inout FastReader, into i: inout Instruction
  ) {
    let record = latest + operation
    if flags & RecordFlags.sameParameters == 0 {
      Self.parameters(opcode, &reader, &record.pointee)
      knownParameters |= 1 << UInt8(operation)
    } else if knownParameters & (1 << UInt8(operation)) == 0 {
      reader.isFaulty = true
    }
    let absent = views(opcode, UInt32(operation * DeltaState.slots), record, &reader)
    i = record.pointee
    if absent != 0 { Self.remove(absent, from: &i) }
    if flags & RecordFlags.statistics != 0 {
      i.sourceStatistics = reader.word()
      i.source2Statistics = reader.word()
    }
    if flags & RecordFlags.accumulate != 0 {
      i.accumulate = true
      if opcode != .matmul { reader.isFaulty = true }
    }
  }

  @inline(__always) private static func parameters(
    _ opcode: Opcode, _ reader: inout FastReader, _ i: inout Instruction
  ) {
    switch opcode {
    case .load:
      i.tensor = reader.word()
      i.tileSet = reader.word()
    case .store: i.tensor = reader.word()
    case .copy: i.tile = reader.word()
    case .preload:
      i.unit = reader.byte()
      i.format = reader.byte()
      i.k = reader.word()
      i.n = reader.word()
    case .matmul:
      i.unit = reader.byte()
      i.format = reader.byte()
      i.m = reader.word()
      i.n = reader.word()
      i.k = reader.word()
    case .convert:
      i.format = reader.byte()
      i.outputFormat = reader.byte()
      i.elements = reader.varint()
    default:
      let function = VectorFunction(rawValue: reader.byte())
      if function == nil { reader.isFaulty = true }
      i.function = function ?? .add
      i.format = reader.byte()
      if opcode == .reduce { i.groups = reader.word() }
      i.elements = reader.varint()
    }
  }

  /// Decodes the views in their order; returns a bit per slot of a view that the record does not have.
  @inline(__always) private mutating func views(
    _ opcode: Opcode, _ first: UInt32, _ record: UnsafeMutablePointer<Instruction>, _ reader: inout FastReader
  ) -> UInt32 {
    switch opcode {
    case .load:
      view(&record.pointee.hbm, first, UInt32(ViewSlot.hbm), &reader)
        | view(&record.pointee.destination, first, UInt32(ViewSlot.destination), &reader)
    case .store:
      view(&record.pointee.source, first, UInt32(ViewSlot.source), &reader)
        | view(&record.pointee.hbm, first, UInt32(ViewSlot.hbm), &reader)
    case .preload: view(&record.pointee.source, first, UInt32(ViewSlot.source), &reader)
    case .matmul, .vector:
      view(&record.pointee.source, first, UInt32(ViewSlot.source), &reader)
        | view(&record.pointee.source2, first, UInt32(ViewSlot.source2), &reader)
        | view(&record.pointee.destination, first, UInt32(ViewSlot.destination), &reader)
    default:
      view(&record.pointee.source, first, UInt32(ViewSlot.source), &reader)
        | view(&record.pointee.destination, first, UInt32(ViewSlot.destination), &reader)
    }
  }

  @inline(__always) private mutating func view(
    _ view: inout StridedView, _ first: UInt32, _ slot: UInt32, _ reader: inout FastReader
  ) -> UInt32 {
    let shape = reader.byte()
    if shape == ViewShape.none { return 1 << slot }
    let bit: UInt32 = 1 << (first + slot)
    let isKnown = knownViews & bit != 0
    let base = reader.signed() &+ (isKnown ? view.base : 0)
    if shape == ViewShape.same {
      view.base = base
      if !isKnown { reader.isFaulty = true }
    } else {
      view = Self.shape(shape, base, &reader)
    }
    knownViews |= bit
    return 0
  }

  @inline(never) private static func shape(_ shape: UInt8, _ base: Int64, _ reader: inout FastReader) -> StridedView {
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

  @inline(__always) private static func remove(_ absent: UInt32, from i: inout Instruction) {
    if absent & (1 << UInt32(ViewSlot.source)) != 0 { i.source = .none }
    if absent & (1 << UInt32(ViewSlot.source2)) != 0 { i.source2 = .none }
    if absent & (1 << UInt32(ViewSlot.destination)) != 0 { i.destination = .none }
    if absent & (1 << UInt32(ViewSlot.hbm)) != 0 { i.hbm = .none }
  }
}
