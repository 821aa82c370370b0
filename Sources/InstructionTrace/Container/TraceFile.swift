/// An open trace: header, member table and digest; the records are decoded by cursors, lazily.
public final class TraceFile: Sendable {
  public let path: String
  public let header: TraceHeader
  public let streams: [StreamInfo]
  public let digest: TraceDigest
  /// What a user should know of how the file was read, in sentences.
  public let notices: [String]

  /// Opens a trace and reads header and member table, not the records.
  /// - Throws: `cannotOpen`, `wrongFormat`, `unsupportedVersion`, `damaged`.
  public init(path: String) throws(TraceError) {
    self.path = path
    header = TraceHeader()
    streams = []
    digest = TraceDigest(value: 0)
    notices = []
  }

  /// A cursor before the first record of a stream; it inflates nothing before it is asked.
  public func makeCursor(stream: Int) throws(TraceError) -> StreamCursor { StreamCursor() }
}
