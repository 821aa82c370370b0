import Architecture

/// Signals of a MAC array by place in its clock; formats follow from `firstFormat` on, and in arrays with zero gating a second
/// one of each.
enum ArraySignal {
  static let sramRead = 0
  static let accumulator = 1
  static let firstFormat = 2
}

/// Signals of the vector unit by place in its clock.
enum VectorSignal {
  static let sramRead = 0
  static let sramWrite = 1
  static let accumulator = 2
  static let elements = 3
}

/// Signals of a DMA direction by place in its clock.
enum BurstSignal {
  static let scratchpad = 0
  static let accumulator = 1
}

/// Names and meanings of a datapath's signals. Each unit has its own, as each has its own clock.
struct DatapathSignals {
  let spec: TileSpec
  let name: String
  let energy: DatapathEnergy

  /// The signals of each requester, in the order of priority.
  func register(_ recorder: inout ActivityRecorder) -> [[LocalSignal]] {
    var units = [
      [write("dma_write", &recorder), accumulator("dma_write", &recorder)],
      [read("dma_read", &recorder), accumulator("dma_read", &recorder)],
      [
        read("vector", &recorder), write("vector", &recorder), accumulator("vector", &recorder),
        signal(
          "vector.element_cycles", "element-cycles",
          "Lanes at work: the elements of a step, in each cycle of its cost.",
          energy.vectorElement, &recorder),
      ],
    ]
    for (index, array) in spec.arrays.enumerated() {
      let unit = "mac\(index)"
      var signals = [read(unit, &recorder), accumulator(unit, &recorder)]
      for (format, formatName) in array.formats.enumerated() {
        signals.append(
          signal(
            "\(unit).\(formatName).macs", "MACs", "Multiply-accumulates of \(formatName) operands.",
            energy.macs[index][format], &recorder))
      }
      if array.zeroGating == .on {
        signals += array.formats.indices.map {
          active(unit, array.formats[$0], energy.activeParts[index][$0], &recorder)
        }
      }
      units.append(signals)
    }
    return units
  }

  private func active(
    _ unit: String, _ format: String, _ attojoules: Int64, _ recorder: inout ActivityRecorder
  ) -> LocalSignal {
    signal(
      "\(unit).\(format).active_mac_parts", "256ths of MACs",
      "Multiply-accumulates of \(format) operands that are both not zero, by the trace's operand statistics.",
      attojoules, &recorder)
  }

  private func read(_ unit: String, _ recorder: inout ActivityRecorder) -> LocalSignal {
    signal(
      "\(unit).sram_read_bytes", "bytes", "Bytes read from the scratchpad for \(unit).", energy.sramReadByte, &recorder)
  }

  private func write(_ unit: String, _ recorder: inout ActivityRecorder) -> LocalSignal {
    signal(
      "\(unit).sram_write_bytes", "bytes", "Bytes written to the scratchpad by \(unit).", energy.sramWriteByte,
      &recorder)
  }

  private func accumulator(_ unit: String, _ recorder: inout ActivityRecorder) -> LocalSignal {
    signal(
      "\(unit).accumulator_bytes", "bytes", "Bytes \(unit) reads from and writes to the accumulator.",
      energy.accumulatorByte, &recorder)
  }

  private func signal(
    _ suffix: String, _ unit: String, _ definition: String, _ attojoules: Int64, _ recorder: inout ActivityRecorder
  ) -> LocalSignal {
    LocalSignal(
      recorder.register(
        SignalInfo(
          name: "\(name).\(suffix)", unit: unit, definition: definition, kind: .count, domain: .tile,
          attojoules: attojoules)))
  }
}
