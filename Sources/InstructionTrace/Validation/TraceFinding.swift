/// One thing that `validate` found wrong, with its place.
public struct TraceFinding: Equatable, Sendable, CustomStringConvertible {
  public enum Kind: String, Equatable, Sendable, CaseIterable {
    /// Program order, dependencies, tokens and barriers form a cycle: no machine can run the trace.
    case cycle
    /// A wait or signal count that does not fit.
    case token
    /// A barrier whose tiles do not all arrive equally often.
    case barrier
    /// An address outside its tensor, scratchpad or accumulator.
    case address
    /// An index of a table, tile or array that is not there.
    case index
    /// A matrix larger than the required array.
    case shape
    /// Two unordered records touch the same bytes, at least one writing.
    case race
  }

  /// A record by its place in the file.
  public struct Place: Equatable, Sendable, CustomStringConvertible {
    /// Index of the stream.
    public var stream: Int
    public var key: StreamKey
    /// Dynamic record of the stream, from 0.
    public var record: Int64
    /// Byte of the file at which the gzip member with the record starts.
    public var byteOffset: Int64

    public var description: String {
      "stream \(stream) (chip \(key.chip) tile \(key.tile)), record \(record), byte \(byteOffset)"
    }
  }

  public var kind: Kind
  public var message: String
  /// Where; nil for a fault of the header.
  public var place: Place?
  /// race: the earlier of the two records.
  public var other: Place?

  public var description: String {
    var text = "\(kind.rawValue): \(message)"
    if let place { text += "\n  at \(place)" }
    if let other { text += "\n  and \(other)" }
    return text
  }
}

/// What `TraceValidator` found.
public struct ValidationReport: Equatable, Sendable {
  /// In the order of discovery, at most the limit.
  public var findings: [TraceFinding]
  /// Dynamic records looked at.
  public var records: Int64
  /// Checks that were left out because of earlier findings, in words.
  public var omitted: [String]
  public var isClean: Bool { findings.isEmpty }
}
