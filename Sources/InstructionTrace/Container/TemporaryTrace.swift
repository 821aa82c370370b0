#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Traces without a name: written to a temporary file that is gone as soon as it is open. For tests, and for traces
/// compiled on the fly.
public enum TemporaryTrace {
  /// From the text twin.
  /// - Throws: `badText` and what the writer throws.
  public static func assemble(_ text: String, name: String = "text") throws(TraceError) -> TraceFile {
    try open { path throws(TraceError) in try TextTwin.assemble(text, name: name, to: path) }
  }

  /// From the records of each stream.
  /// - Throws: what the writer throws.
  public static func write(
    _ header: TraceHeader, _ streams: [(key: StreamKey, records: [Instruction])]
  ) throws(TraceError) -> TraceFile {
    try open { path throws(TraceError) in
      var writer = try TraceWriter(path: path, header: header, streams: streams.map(\.key), compressionLevel: 1)
      for (index, stream) in streams.enumerated() {
        for record in stream.records { try writer.append(record, to: index) }
      }
      return try writer.finish()
    }
  }

  private static func open(_ write: (String) throws(TraceError) -> TraceDigest) throws(TraceError) -> TraceFile {
    var template = Array("\(ScratchFile.folder)/palsim-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw TraceError(
        .cannotCreate, "cannot create a temporary folder: \(SystemFault.latest)", path: ScratchFile.folder)
    }
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let path = folder + "/trace.pal.gz"
    defer {
      unlink(path)
      rmdir(folder)
    }
    _ = try write(path)
    return try TraceFile(path: path)
  }
}
