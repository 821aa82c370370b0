/// The decoder's side of `DeltaState`: the latest record of each operation as it was stored (before strides).
///
/// A record begins as one copy of it; what differs is then written to both. In the other order, changing first and copying
/// then, wide loads of what narrow stores have just written would stall the processor.
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
    // An assignment would copy twice, by way of a temporary.
    withUnsafeMutablePointer(to: &i) { $0.update(from: record, count: 1) }
    views(opcode, UInt32(operation * DeltaState.slots), record, &reader, &i)
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

  /// Decodes the views in their order.
  @inline(__always) private mutating func views(
    _ opcode: Opcode, _ first: UInt32, _ record: UnsafeMutablePointer<Instruction>, _ reader: inout FastReader,
    _ i: inout Instruction
  ) {
    switch opcode {
    case .load:
      view(&i.hbm, &record.pointee.hbm, first + UInt32(ViewSlot.hbm), &reader)
      view(&i.destination, &record.pointee.destination, first + UInt32(ViewSlot.destination), &reader)
    case .store:
      view(&i.source, &record.pointee.source, first + UInt32(ViewSlot.source), &reader)
      view(&i.hbm, &record.pointee.hbm, first + UInt32(ViewSlot.hbm), &reader)
    case .preload: view(&i.source, &record.pointee.source, first + UInt32(ViewSlot.source), &reader)
    case .matmul, .vector:
      view(&i.source, &record.pointee.source, first + UInt32(ViewSlot.source), &reader)
      view(&i.source2, &record.pointee.source2, first + UInt32(ViewSlot.source2), &reader)
      view(&i.destination, &record.pointee.destination, first + UInt32(ViewSlot.destination), &reader)
    default:
      view(&i.source, &record.pointee.source, first + UInt32(ViewSlot.source), &reader)
      view(&i.destination, &record.pointee.destination, first + UInt32(ViewSlot.destination), &reader)
    }
  }

  @inline(__always) private mutating func view(
    _ view: inout StridedView, _ latest: inout StridedView, _ number: UInt32, _ reader: inout FastReader
  ) {
    let shape = reader.byte()
    if shape == ViewShape.none {
      view = .none
      return
    }
    let bit: UInt32 = 1 << number
    let isKnown = knownViews & bit != 0
    let base = reader.signed() &+ (isKnown ? latest.base : 0)
    if shape == ViewShape.same {
      view.base = base
      latest.base = base
      if !isKnown { reader.isFaulty = true }
    } else {
      view = Self.shape(shape, base, &reader)
      latest = view
    }
    knownViews |= bit
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
}
