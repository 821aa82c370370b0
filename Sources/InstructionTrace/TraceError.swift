/// Why a trace could not be read, written or accepted: one sentence, with the place.
public struct TraceError: Error, Equatable, CustomStringConvertible, Sendable {
  /// What kind of thing went wrong; decides the exit code.
  public enum Category: Sendable {
    /// The file is missing, a directory, or may not be read.
    case cannotOpen
    /// A trace, but truncated or altered.
    case damaged
    /// Not a palsim trace at all.
    case wrongFormat
    /// A trace of a newer major version.
    case unsupportedVersion
    /// The text twin does not parse.
    case badText
    /// The writer was asked for a record that the format cannot hold.
    case invalidRecord
    /// The output file could not be created.
    case cannotCreate
    /// Reading or writing failed (disk full, input/output error).
    case writeFailed
  }

  public var category: Category
  /// Path of the file, empty when there is none.
  public var path: String
  /// Index of the stream, when the fault lies in one.
  public var stream: Int?
  /// Dynamic record of the stream, counted from 0.
  public var record: Int64?
  /// Byte of the file (compressed) at or before which the fault lies.
  public var byteOffset: Int64?
  public var message: String

  public init(
    _ category: Category, _ message: String, path: String = "", stream: Int? = nil, record: Int64? = nil,
    byteOffset: Int64? = nil
  ) {
    self.category = category
    self.message = message
    self.path = path
    self.stream = stream
    self.record = record
    self.byteOffset = byteOffset
  }

  /// Exit code of the command line, as documented in `docs/architecture.md`.
  public var exitCode: Int32 {
    switch category {
    case .cannotOpen: 66
    case .damaged, .wrongFormat, .unsupportedVersion, .badText, .invalidRecord: 65
    case .cannotCreate: 73
    case .writeFailed: 74
    }
  }

  public var description: String {
    var place: [String] = []
    if let stream { place.append("stream \(stream)") }
    if let record { place.append("record \(record)") }
    if let byteOffset { place.append("byte \(byteOffset)") }
    let start = path.isEmpty ? "" : "\(path): "
    return start + message + (place.isEmpty ? "" : " (\(place.joined(separator: ", ")))")
  }
}
