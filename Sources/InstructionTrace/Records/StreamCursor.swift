/// Hands out the dynamic records of one stream in order, repeats expanded, holding one decoded block.
public struct StreamCursor: ~Copyable {
  /// Decodes the next dynamic record into `instruction`; false at the end of the stream.
  /// - Throws: `damaged`, with stream, record and byte.
  public mutating func next(into instruction: inout Instruction) throws(TraceError) -> Bool { false }

  /// The place of the record that `next` hands out next.
  public var position: StreamPosition {
    StreamPosition(member: 0, record: 0, byteOffset: 0, dynamicRecord: 0, counters: .zero)
  }
}
