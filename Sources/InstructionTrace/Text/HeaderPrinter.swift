/// The header lines of the text twin, in their canonical order.
enum HeaderPrinter {
  static func lines(_ header: TraceHeader) -> [String] {
    let needs = header.requirements
    var lines = [
      "\(TextTwin.magic) \(header.version.major).\(header.version.minor)",
      "producer \(quoted(header.producer))",
      "command \(quoted(header.command))",
      "requires chips \(needs.chips) tiles \(needs.tiles) sram \(needs.sramBytes)"
        + " accumulator \(needs.accumulatorBytes) hbm \(needs.hbmBytes)",
    ]
    lines += needs.arrays.map(array)
    lines += header.formats.map { "format \(quoted($0.name)) \($0.bits) \(quoted($0.layout))" }
    lines += header.tensors.map(tensor)
    lines += header.tileSets.map { $0.tiles.isEmpty ? "tile-set" : "tile-set " + list($0.tiles) }
    lines += header.regions.map {
      "region \(quoted($0.name)) \(quoted($0.kind)) macs \($0.macs) bytes \($0.compulsoryBytes)"
    }
    lines += header.operandStatistics.map(statistics)
    lines += header.metadata.map { "meta \(quoted($0.key)) \(quoted($0.value))" }
    return lines
  }

  private static func array(_ array: ArrayRequirement) -> String {
    let shape = "array \(array.rows)x\(array.columns)x\(array.vectorWidth) \(quoted(array.dataflow))"
    return ([shape] + array.formats.map(quoted)).joined(separator: " ")
  }

  private static func tensor(_ tensor: TensorEntry) -> String {
    let shape = tensor.shape.map(String.init).joined(separator: "x")
    return "tensor \(quoted(tensor.name)) \(tensor.kind) format \(tensor.format) at 0x\(hex(tensor.address))"
      + " bytes \(tensor.bytes)" + (shape.isEmpty ? "" : " shape \(shape)")
  }

  private static func statistics(_ statistics: OperandStatistics) -> String {
    let start =
      "statistics zero \(statistics.zeroFraction) toggles \(statistics.toggles)"
      + " exponents \(statistics.firstExponent)"
    let histogram = statistics.exponentHistogram
    return histogram.isEmpty ? start : start + " " + list(histogram)
  }

  private static func list(_ values: [UInt32]) -> String { values.map(String.init).joined(separator: ",") }

  static func hex(_ value: UInt64) -> String { String(value, radix: 16) }

  /// In double quotes; quotes, backslashes and control characters escaped.
  static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: out += "\\u{\(String(scalar.value, radix: 16))}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
