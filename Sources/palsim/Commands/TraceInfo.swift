import ArgumentParser
import InstructionTrace

/// `palsim trace info`.
struct TraceInfo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show what a trace contains and what machine it needs.",
    discussion: """
      Examples:
        palsim trace info traces/resnet50.pal.gz
        palsim trace info --json traces/resnet50.pal.gz
      """
  )

  @Argument(help: "The trace (.pal.gz).") var trace: String
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let file = try TraceCommand.open(trace)
    let summary = try TraceCommand.reporting { try TraceSummary(file) }
    if json { return print(TraceInfoJSON.text(file, summary)) }
    for (name, value) in facts(file, summary) { print(name.padded(to: 18) + value) }
  }

  /// The table: name and value, within 100 columns.
  private func facts(_ file: TraceFile, _ summary: TraceSummary) -> [(String, String)] {
    let header = file.header
    let needs = header.requirements
    var facts = [
      ("format", "\(header.version.major).\(header.version.minor)"), ("digest", "\(file.digest)"),
      ("producer", header.producer.clipped()), ("command", header.command.clipped()),
      ("requires", "\(needs.chips) chips, \(needs.tiles) tiles a chip"),
      ("", "\(needs.sramBytes) B scratchpad, \(needs.accumulatorBytes) B accumulator, \(needs.hbmBytes) B HBM"),
    ]
    for array in needs.arrays {
      let formats = array.formats.joined(separator: ", ")
      let shape = "\(array.rows) x \(array.columns) x \(array.vectorWidth)"
      facts.append(("array", "\(shape) \(array.dataflow): \(formats)".clipped()))
    }
    facts += header.formats.map { ("number format", "\($0.name), \($0.bits) bits: \($0.layout)".clipped()) }
    facts += tensors(header)
    facts.append(("regions", "\(header.regions.count)"))
    facts.append(("streams", "\(file.streams.count), in \(file.streams.map(\.members).reduce(0, +)) members"))
    facts.append(("records", "\(summary.dynamicRecords) dynamic, \(summary.staticRecords) stored"))
    facts += summary.byOpcode.map { ("  \($0.opcode.name)", "\($0.records)") }
    facts.append(("HBM bytes", "\(summary.loadBytes) loaded, \(summary.storeBytes) stored"))
    facts.append(("tile-to-tile", "\(summary.copyBytes) bytes"))
    facts.append(("MACs", "\(summary.macs)"))
    return facts + header.metadata.map { ($0.key.clipped(to: 17), $0.value.clipped()) }
  }

  private func tensors(_ header: TraceHeader) -> [(String, String)] {
    TensorEntry.Kind.allCases.compactMap { kind in
      let some = header.tensors.filter { $0.kind == kind }
      let bytes = some.reduce(UInt64(0)) { $0 &+ $1.bytes }
      return some.isEmpty ? nil : ("\(kind) tensors", "\(some.count), \(bytes) bytes")
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }

  /// One line of at most `width` characters.
  fileprivate func clipped(to width: Int = 80) -> String {
    let line = String(map { $0.isNewline ? " " : $0 })
    return line.count <= width ? line : line.prefix(width - 3) + "..."
  }
}
