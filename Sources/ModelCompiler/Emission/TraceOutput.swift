import InstructionTrace

/// The trace file being written, shared by the closure that receives records.
final class TraceOutput {
  private let path: String
  private var writer: TraceWriter?

  /// - Throws: `CompileError.trace`.
  init(path: String, header: TraceHeader, tiles: [UInt32]) throws(CompileError) {
    self.path = path
    do {
      writer = try TraceWriter(path: path, header: header, streams: tiles.map { StreamKey(chip: 0, tile: $0) })
    } catch {
      throw Self.failure(error, path)
    }
  }

  func append(_ record: Instruction, _ stream: Int) throws(CompileError) {
    do {
      try writer?.append(record, to: stream)
    } catch {
      throw Self.failure(error, path)
    }
  }

  func finish() throws(CompileError) -> TraceDigest {
    guard let open = writer.take() else { return TraceDigest(value: 0) }
    do {
      return try open.finish()
    } catch {
      throw Self.failure(error, path)
    }
  }

  private static func failure(_ error: TraceError, _ path: String) -> CompileError {
    .trace(path: path, message: error.description, exitCode: error.exitCode)
  }
}
