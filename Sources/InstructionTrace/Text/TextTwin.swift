/// The lossless text form of a trace; `docs/trace-format.md` has its grammar.
public enum TextTwin {
  /// First word of every text.
  static let magic = "palsim-trace"

  /// Gives the text of a trace to `emit`, line by line, without line ends.
  /// - Throws: `damaged`.
  public static func dump(_ file: TraceFile, emit: (String) -> Void) throws(TraceError) {
    for line in HeaderPrinter.lines(file.header) { emit(line) }
    let printer = RecordPrinter(header: file.header)
    for stream in file.streams.indices {
      try dump(file, stream: stream, printer, emit)
    }
  }

  /// The whole text, each line ended.
  public static func text(of file: TraceFile) throws(TraceError) -> String {
    var text = ""
    try dump(file) { text += $0 + "\n" }
    return text
  }

  private static func dump(
    _ file: TraceFile, stream: Int, _ printer: RecordPrinter, _ emit: (String) -> Void
  ) throws(TraceError) {
    let key = file.streams[stream].key
    emit("stream \(key.chip).\(key.tile)")
    var cursor = try file.makeCursor(stream: stream)
    var instruction = Instruction()
    var indent = "  "
    while true {
      switch try cursor.nextStatic(into: &instruction) {
      case .record: emit(indent + printer.line(instruction, strides: cursor.strides))
      case .beginRepeat(let count):
        emit(indent + "repeat \(count) {")
        indent += "  "
      case .endRepeat:
        indent.removeLast(2)
        emit(indent + "}")
      case .end: return
      }
    }
  }

  /// Assembles a text into the trace file `path`.
  /// - Parameter name: what messages call the text.
  /// - Throws: `badText` with line and column, and what the writer throws.
  @discardableResult
  public static func assemble(_ text: String, name: String, to path: String) throws(TraceError) -> TraceDigest {
    try TextAssembler(text, name: name).assemble(to: path)
  }
}
