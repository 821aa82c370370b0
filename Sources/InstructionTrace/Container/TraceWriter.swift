/// Writes a trace: records of many streams, interleaved in any order, in bounded memory (one open block a stream).
///
/// The file appears under its name only when `finish` succeeds; a writer that is dropped or fails leaves nothing.
public struct TraceWriter: ~Copyable {
  /// Creates the file `path` (under a temporary name beside it) for records of `streams`.
  /// - Throws: `cannotCreate`, `invalidRecord` (duplicate stream), `writeFailed`.
  public init(path: String, header: TraceHeader, streams: [StreamKey]) throws(TraceError) {
  }

  /// Adds a record to the stream of index `stream`. `strides` name levels of the repeats that are open there.
  /// - Throws: `invalidRecord` when the format cannot hold the record, `writeFailed`.
  public mutating func append(
    _ instruction: Instruction, strides: [OperandStride] = [], to stream: Int
  ) throws(TraceError) {
  }

  /// Opens a repeat: the records until `endRepeat` run `count` times (at least 1). Nests 4 deep.
  public mutating func beginRepeat(count: UInt32, stream: Int) throws(TraceError) {
  }

  public mutating func endRepeat(stream: Int) throws(TraceError) {
  }

  /// Writes what is pending and the footer, and gives the file its name.
  public consuming func finish() throws(TraceError) -> TraceDigest {
    TraceDigest(value: 0)
  }
}
