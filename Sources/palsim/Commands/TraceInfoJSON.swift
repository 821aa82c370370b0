import InstructionTrace

/// `palsim trace info --json`: keys in a fixed order, 64-bit numbers as they are.
enum TraceInfoJSON {
  static func text(_ file: TraceFile, _ summary: TraceSummary) -> String {
    let header = file.header
    let needs = header.requirements
    let opcodes = summary.byOpcode.map { "\(quoted($0.opcode.name)): \($0.records)" }.joined(separator: ", ")
    let streams = file.streams.map {
      """
      {"chip": \($0.key.chip), "tile": \($0.key.tile), "dynamic_records": \($0.dynamicRecords), \
      "static_records": \($0.staticRecords), "members": \($0.members)}
      """
    }
    let formats = header.formats.map {
      #"{"name": \#(quoted($0.name)), "bits": \#($0.bits), "layout": \#(quoted($0.layout))}"#
    }
    let tensors = header.tensors.map {
      """
      {"name": \(quoted($0.name)), "kind": "\($0.kind)", "format": \($0.format), "address": \($0.address), \
      "bytes": \($0.bytes), "shape": [\($0.shape.map(String.init).joined(separator: ", "))]}
      """
    }
    return """
      {
        "format_version": "\(header.version.major).\(header.version.minor)",
        "digest": "\(file.digest)",
        "producer": \(quoted(header.producer)),
        "command": \(quoted(header.command)),
        "requires": {"chips": \(needs.chips), "tiles": \(needs.tiles), "sram_bytes": \(needs.sramBytes), \
      "accumulator_bytes": \(needs.accumulatorBytes), "hbm_bytes": \(needs.hbmBytes)},
        "formats": [\(formats.joined(separator: ", "))],
        "tensors": [\(tensors.joined(separator: ", "))],
        "regions": \(header.regions.count),
        "streams": [\(streams.joined(separator: ", "))],
        "dynamic_records": \(summary.dynamicRecords),
        "static_records": \(summary.staticRecords),
        "records_by_opcode": {\(opcodes)},
        "load_bytes": \(summary.loadBytes),
        "store_bytes": \(summary.storeBytes),
        "copy_bytes": \(summary.copyBytes),
        "macs": \(summary.macs)
      }
      """
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
