/// Hands out the dynamic records of one stream in order, repeats expanded, holding one decoded block.
///
/// No allocation and no reference counting a record; a block (64 KiB) is inflated when the one before it is used up.
public struct StreamCursor: ~Copyable {
  private let file: TraceFile
  private let stream: Int
  private var decoder = RecordDecoder()
  /// The block's payload and the reader's padding.
  private var buffer: UnsafeMutablePointer<UInt8>?
  private var reader: FastReader
  private var payloadBytes = 0
  private var nextMember = 0
  private var record: UInt32 = 0
  private var blockRecords: UInt32 = 0
  /// Dynamic records that the block still owes.
  private var due: UInt64 = 0
  private var dynamicRecord: Int64 = 0
  private var depth = 0
  private var counters = SIMD4<UInt32>()
  private let loops: UnsafeMutablePointer<Loop>

  /// An open repeat.
  private struct Loop {
    var bodyOffset: Int
    var firstRecord: UInt32
    var endRecord: UInt32
    var count: UInt32
  }

  init(_ file: TraceFile, stream: Int) {
    self.file = file
    self.stream = stream
    loops = .allocate(capacity: RecordRules.maximumDepth)
    loops.initialize(repeating: Loop(bodyOffset: 0, firstRecord: 0, endRecord: 0, count: 0), count: 4)
    // Never read before a block is there.
    reader = FastReader(position: UnsafePointer(UnsafeRawPointer(loops).assumingMemoryBound(to: UInt8.self)))
  }

  deinit {
    loops.deallocate()
    buffer?.deallocate()
  }

  /// Decodes the next dynamic record into `instruction`; false at the end of the stream.
  /// - Throws: `damaged`, with stream, record and byte.
  public mutating func next(into instruction: inout Instruction) throws(TraceError) -> Bool {
    while true {
      if depth > 0, record == loops[depth - 1].endRecord {
        goRound()
        continue
      }
      if record == blockRecords {
        if try refill() { continue }
        return false
      }
      let byte = reader.byte()
      guard let opcode = Opcode(rawValue: byte) else { throw damaged(Opcode.complaint(about: byte)) }
      if opcode == .repeat {
        try enterRepeat()
        continue
      }
      decoder.decode(opcode, &reader, into: &instruction, counters: counters, depth: depth)
      try checkRecord(opcode)
      if due == 0 { throw damaged("a block holds more records than its header counts") }
      record += 1
      due -= 1
      dynamicRecord += 1
      return true
    }
  }

  /// What the stored, unexpanded stream holds next.
  enum StaticStep: Equatable {
    /// A record; its strides are in `strides`.
    case record
    case beginRepeat(count: UInt32)
    case endRepeat
    case end
  }

  /// Strides of the record that `nextStatic` decoded last.
  var strides: [OperandStride] { decoder.strides }

  /// Decodes the stored stream without expanding repeats. A cursor is used either with `next` or with this.
  mutating func nextStatic(into instruction: inout Instruction) throws(TraceError) -> StaticStep {
    decoder.keepsStrides = true
    if depth > 0, record == loops[depth - 1].endRecord {
      depth -= 1
      return .endRepeat
    }
    if record == blockRecords {
      due = 0
      return try refill() ? try nextStatic(into: &instruction) : .end
    }
    let byte = reader.byte()
    guard let opcode = Opcode(rawValue: byte) else { throw damaged(Opcode.complaint(about: byte)) }
    if opcode == .repeat {
      try enterRepeat()
      return .beginRepeat(count: loops[depth - 1].count)
    }
    decoder.decode(opcode, &reader, into: &instruction, counters: .zero, depth: depth)
    try checkRecord(opcode)
    record += 1
    return .record
  }

  /// The place of the record that `next` hands out next.
  public var position: StreamPosition {
    let members = file.members.streams.indices.contains(stream) ? file.members.streams[stream] : []
    let index = max(0, nextMember - 1)
    guard index < members.count else {
      return StreamPosition(member: 0, record: 0, byteOffset: 0, dynamicRecord: 0, counters: .zero)
    }
    return StreamPosition(
      member: file.members.numbers[stream][index], record: Int(record), byteOffset: members[index].offset,
      dynamicRecord: dynamicRecord, counters: counters)
  }

  // Mutating though it changes nothing: a borrow of the cursor would copy it, for each record.
  @inline(__always) private mutating func checkRecord(_ opcode: Opcode) throws(TraceError) {
    if reader.isFaulty || reader.position - UnsafePointer(buffer!) > payloadBytes {
      throw damaged("a \(opcode.name) record with fields that cannot be")
    }
  }

  /// At the end of a body: once more, or on.
  private mutating func goRound() {
    let loop = loops[depth - 1]
    if counters[depth - 1] + 1 < loop.count {
      counters[depth - 1] += 1
      record = loop.firstRecord
      reader.position = UnsafePointer(buffer! + loop.bodyOffset)
      decoder.reset()
    } else {
      counters[depth - 1] = 0
      depth -= 1
    }
  }

  private mutating func enterRepeat() throws(TraceError) {
    guard depth < RecordRules.maximumDepth else { throw damaged("repeats nest more than 4 deep") }
    let count = reader.word()
    var body: UInt32 = 0
    for b in 0..<4 { body |= UInt32(reader.byte()) << UInt32(8 * b) }
    record += 1
    let enclosing = depth > 0 ? loops[depth - 1].endRecord : blockRecords
    guard !reader.isFaulty, count > 0, body > 0, body <= enclosing - record else {
      throw damaged("a repeat of \(count) times \(body) records, which does not fit its block")
    }
    let offset = reader.position - UnsafePointer(buffer!)
    loops[depth] = Loop(bodyOffset: offset, firstRecord: record, endRecord: record + body, count: count)
    counters[depth] = 0
    depth += 1
    decoder.reset()
  }

  /// Brings in the stream's next block; false when there is none.
  private mutating func refill() throws(TraceError) -> Bool {
    if nextMember > 0 { try checkEnd() }
    guard file.members.streams.indices.contains(stream), nextMember < file.members.streams[stream].count else {
      buffer?.deallocate()
      buffer = nil
      payloadBytes = 0
      return false
    }
    let member = file.members.streams[stream][nextMember]
    let block: DecodedBlock
    do {
      block = try DecodedBlock(member, of: file.file)
    } catch {
      throw placed(error, member)
    }
    nextMember += 1
    install(block)
    guard block.header.kind == .records, block.header.sequence == UInt32(nextMember - 1) else {
      throw damaged("a block is missing or out of its place")
    }
    return true
  }

  private mutating func install(_ block: DecodedBlock) {
    payloadBytes = block.payload.count
    if buffer == nil { buffer = .allocate(capacity: BlockHeader.recordsLimit + FastReader.padding) }
    block.payload.withUnsafeBufferPointer { source in
      buffer!.update(from: source.baseAddress!, count: source.count)
    }
    (buffer! + payloadBytes).update(repeating: 0, count: FastReader.padding)
    reader = FastReader(position: UnsafePointer(buffer!))
    record = 0
    blockRecords = block.header.staticRecords
    due = block.header.dynamicRecords
    decoder.reset()
  }

  private func checkEnd() throws(TraceError) {
    guard let buffer else { return }
    guard due == 0, reader.position - UnsafePointer(buffer) == payloadBytes else {
      throw damaged("a block holds other records than its header counts")
    }
  }

  private func damaged(_ message: String) -> TraceError {
    TraceError(
      .damaged, "damaged trace: \(message)", path: file.path, stream: stream, record: dynamicRecord,
      byteOffset: position.byteOffset)
  }

  private func placed(_ error: TraceError, _ member: MemberTable.Member) -> TraceError {
    var error = error
    error.path = file.path
    error.stream = stream
    error.record = dynamicRecord
    error.byteOffset = member.offset
    return error
  }
}
