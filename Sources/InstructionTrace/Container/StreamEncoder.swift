/// The open block of one stream, and what the footer needs of the closed ones.
///
/// A block is closed when the next top-level record (or whole top-level repeat) would take its payload past the limit:
/// where blocks end follows from the records alone.
final class StreamEncoder {
  let key: StreamKey
  private(set) var staticRecords: UInt64 = 0
  private(set) var dynamicRecords: UInt64 = 0
  private(set) var sums: [MemberSum] = []

  private static let recordLimit: UInt64 = 1 << 62

  private var encoder = RecordEncoder()
  private var payload = ByteWriter()
  private var blockStatic: UInt32 = 0
  private var blockDynamic: UInt64 = 0
  private var repeats: [OpenRepeat] = []

  /// A repeat whose end has not come yet.
  private struct OpenRepeat {
    var start: Int
    var bodyField: Int
    var count: UInt32
    var staticAtStart: UInt32
    /// Dynamic records of the body, one time round.
    var dynamic: UInt64 = 0
  }

  init(key: StreamKey) { self.key = key }

  var depth: Int { repeats.count }

  /// Adds a record; returns a block that it filled.
  func append(_ i: Instruction, strides: [OperandStride]) throws(TraceError) -> FullBlock? {
    let start = payload.bytes.count
    encoder.encode(i, strides: strides, into: &payload)
    blockStatic += 1
    if repeats.isEmpty {
      blockDynamic += 1
    } else {
      repeats[repeats.count - 1].dynamic += 1
      return nil
    }
    guard payload.bytes.count > BlockHeader.recordsLimit else { return nil }
    // The record does not fit: close the block before it and encode it again with an empty memory.
    payload.bytes.removeLast(payload.bytes.count - start)
    let full = close(staticRecords: blockStatic - 1, dynamicRecords: blockDynamic - 1)
    encoder.encode(i, strides: strides, into: &payload)
    blockStatic = 1
    blockDynamic = 1
    return full
  }

  func beginRepeat(count: UInt32) throws(TraceError) {
    guard count >= 1 else { throw TraceError(.invalidRecord, "a repeat of 0 times, expected at least 1") }
    guard repeats.count < RecordRules.maximumDepth else {
      throw TraceError(.invalidRecord, "repeats nest more than \(RecordRules.maximumDepth) deep")
    }
    let start = payload.bytes.count
    payload.put(Opcode.repeat.rawValue)
    payload.varint(UInt64(count))
    let bodyField = payload.bytes.count
    payload.fixed(UInt32(0))
    blockStatic += 1
    repeats.append(OpenRepeat(start: start, bodyField: bodyField, count: count, staticAtStart: blockStatic))
    encoder.reset()
  }

  /// Closes the innermost repeat; returns the block before it when both do not fit into one.
  func endRepeat() throws(TraceError) -> FullBlock? {
    guard let ended = repeats.popLast() else {
      throw TraceError(.invalidRecord, "a repeat ends that did not begin")
    }
    let body = blockStatic - ended.staticAtStart
    guard body > 0 else { throw TraceError(.invalidRecord, "a repeat without a record in it") }
    for b in 0..<4 { payload.bytes[ended.bodyField + b] = UInt8(truncatingIfNeeded: body >> UInt32(8 * b)) }
    let (total, overflow) = ended.dynamic.multipliedReportingOverflow(by: UInt64(ended.count))
    // Each term is below the limit, so that the sum cannot wrap round.
    let others = repeats.last?.dynamic ?? (dynamicRecords + blockDynamic)
    guard !overflow, total < Self.recordLimit, others + total < Self.recordLimit else {
      throw TraceError(.invalidRecord, "the stream stands for over 2^62 records")
    }
    if repeats.isEmpty { return try place(ended, dynamic: total) }
    repeats[repeats.count - 1].dynamic += total
    return nil
  }

  /// A whole top-level repeat is in the buffer: it stays, or moves into a block of its own.
  private func place(_ ended: OpenRepeat, dynamic: UInt64) throws(TraceError) -> FullBlock? {
    let size = payload.bytes.count - ended.start
    guard size <= BlockHeader.recordsLimit else {
      throw TraceError(
        .invalidRecord, "a repeat takes \(size) bytes, expected at most \(BlockHeader.recordsLimit): split its body")
    }
    blockDynamic += dynamic
    guard payload.bytes.count > BlockHeader.recordsLimit else { return nil }
    let moved = Array(payload.bytes[ended.start...])
    let movedStatic = blockStatic - ended.staticAtStart + 1
    payload.bytes.removeLast(size)
    let full = close(staticRecords: blockStatic - movedStatic, dynamicRecords: blockDynamic - dynamic, keepMemory: true)
    payload.bytes = moved
    blockStatic = movedStatic
    blockDynamic = dynamic
    return full
  }

  /// The last, partly filled block.
  func finish() throws(TraceError) -> FullBlock? {
    guard repeats.isEmpty else { throw TraceError(.invalidRecord, "the stream ends inside a repeat") }
    return payload.bytes.isEmpty ? nil : close(staticRecords: blockStatic, dynamicRecords: blockDynamic)
  }

  func wrote(_ sum: MemberSum) { sums.append(sum) }

  private func close(staticRecords count: UInt32, dynamicRecords dynamic: UInt64, keepMemory: Bool = false) -> FullBlock
  {
    let block = FullBlock(payload: payload.bytes, staticRecords: count, dynamicRecords: dynamic)
    payload.bytes.removeAll(keepingCapacity: true)
    staticRecords += UInt64(count)
    dynamicRecords += dynamic
    blockStatic = 0
    blockDynamic = 0
    if !keepMemory { encoder.reset() }
    return block
  }
}

/// A block ready to be written.
struct FullBlock {
  var payload: [UInt8]
  var staticRecords: UInt32
  var dynamicRecords: UInt64
}
