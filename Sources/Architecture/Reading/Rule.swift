/// A condition between keys.
struct Rule<Root>: Sendable {
  /// Keys it reads, relative to the value judged; a violation is about the first, and is
  /// reported where the first that the user wrote stands.
  let reads: [String]
  /// Further keys it reads, by their full path.
  let context: [String]
  /// What is wrong, or nil.
  let violation: @Sendable (Root) -> String?

  init(_ reads: [String], context: [String] = [], _ violation: @escaping @Sendable (Root) -> String?) {
    self.reads = reads
    self.context = context
    self.violation = violation
  }
}

/// All conditions between keys. Each message says what was found and what is allowed.
enum Rules {
  static let machine: [Rule<MachineSpec>] = [
    multiple(of: "hbm.access_bytes", \.hbm.accessBytes, "hbm.interleave_bytes", \.hbm.interleaveBytes),
    multiple(of: "hbm.access_bytes", \.hbm.accessBytes, "hbm.row_bytes", \.hbm.rowBytes),
    Rule(["hbm.bytes", "hbm.channels", "hbm.interleave_bytes"]) { spec in
      let turn = spec.hbm.channels * spec.hbm.interleaveBytes
      guard spec.hbm.bytes % turn != 0 else { return nil }
      return "found \(bytes(spec.hbm.bytes)); allowed: a multiple of channels x interleave_bytes, \(bytes(turn))"
    },
    Rule(["hbm.bytes", "hbm.channels", "hbm.banks", "hbm.row_bytes"]) { spec in
      let row = spec.hbm.channels * spec.hbm.banks * spec.hbm.rowBytes
      guard spec.hbm.bytes % row != 0 else { return nil }
      return "found \(bytes(spec.hbm.bytes)); allowed: a multiple of channels x banks x row_bytes, \(bytes(row))"
    },
    Rule(["hbm.nRFC", "hbm.nREFI"]) { spec in
      guard spec.hbm.nRFC >= spec.hbm.nREFI else { return nil }
      return "found \(spec.hbm.nRFC) cycles; allowed: less than nREFI, \(spec.hbm.nREFI) cycles"
    },
    Rule(["hbm.attachment", "grid.columns", "grid.rows"]) { spec in
      guard let stray = spec.hbm.attachment.first(where: { $0 >= spec.grid.count }) else { return nil }
      return "found node \(stray); allowed: nodes 0 to \(spec.grid.count - 1) of the grid"
    },
  ]

  static func tile(of machine: MachineSpec) -> [Rule<TileSpec>] { tileAlone + tileOnMachine(machine) }

  private static let tileAlone: [Rule<TileSpec>] = [
    Rule(["sram.bytes", "sram.banks", "sram.bank_width"]) { tile in
      let row = tile.sram.banks * tile.sram.bankWidth
      guard tile.sram.bytes % row != 0 else { return nil }
      return "found \(bytes(tile.sram.bytes)); allowed: a multiple of banks x bank_width, \(bytes(row))"
    },
    Rule(["dma.sram_bandwidth", "sram.banks", "sram.bank_width"]) { tile in
      let row = tile.sram.banks * tile.sram.bankWidth
      guard tile.dma.sramBytesPerCycle > row else { return nil }
      return "found \(tile.dma.sramBytesPerCycle) B/cycle; allowed: at most what the banks deliver, \(row) B/cycle"
    },
    Rule(["accumulator.bytes", "accumulator.element_bytes", "array"]) { tile in
      let row = (tile.arrays.map(\.columns).max() ?? 0) * tile.accumulator.elementBytes
      guard tile.accumulator.bytes < row else { return nil }
      return "found \(bytes(tile.accumulator.bytes)); allowed: at least one row of the widest array, \(bytes(row))"
    },
    Rule(["sram.bytes", "array"]) { tile in
      let block = tile.arrays.map(stationaryBlockBytes).max() ?? 0
      guard tile.sram.bytes < block else { return nil }
      return
        "found \(bytes(tile.sram.bytes)); allowed: at least one stationary block of the largest array, \(bytes(block))"
    },
    Rule(["sram.row_bytes", "sram.bank_width", "sram.interleave"]) { tile in
      let sram = tile.sram
      guard sram.interleave == .matrixRow, sram.rowBytes % sram.bankWidth != 0 else { return nil }
      return "found \(bytes(sram.rowBytes)); allowed: a multiple of bank_width, \(bytes(sram.bankWidth))"
    },
    Rule(["array"]) { tile in
      let stray = tile.arrays.first { $0.sparsity != .dense && $0.dataflow != .weightStationary }
      guard let stray else { return nil }
      return "found sparsity \"\(stray.sparsity.rawValue)\" in a \(stray.dataflow.rawValue) array; "
        + "allowed: dense, or a weight-stationary array"
    },
    Rule(["array"]) { tile in
      let stray = tile.arrays.first { $0.reductionCapacity % $0.sparsity.ratio.kept != 0 }
      guard let stray else { return nil }
      return "found sparsity \"\(stray.sparsity.rawValue)\" with \(stray.reductionCapacity) rows x vector_width; "
        + "allowed: a multiple of the \(stray.sparsity.ratio.kept) elements kept"
    },
    Rule(["array"]) { tile in
      tile.arrays.count <= 64 ? nil : "found \(tile.arrays.count) arrays; allowed: 1 to 64 in a tile"
    },
  ]

  private static func tileOnMachine(_ machine: MachineSpec) -> [Rule<TileSpec>] {
    let access = machine.hbm.accessBytes
    return [
      Rule(["dma.request_bytes"], context: ["hbm.access_bytes"]) { tile in
        guard tile.dma.requestBytes % access != 0 else { return nil }
        return "found \(bytes(tile.dma.requestBytes)); allowed: a multiple of hbm.access_bytes, \(bytes(access))"
      }
    ]
  }

  private static func multiple(
    of base: String, _ divisor: Field<MachineSpec, Int>, _ key: String, _ field: Field<MachineSpec, Int>
  ) -> Rule<MachineSpec> {
    Rule([key, base]) { spec in
      guard spec[keyPath: field] % spec[keyPath: divisor] != 0 else { return nil }
      return "found \(bytes(spec[keyPath: field])); allowed: a multiple of \(base), \(bytes(spec[keyPath: divisor]))"
    }
  }

  /// K x columns elements of the array's widest format.
  private static func stationaryBlockBytes(_ array: MACArraySpec) -> Int {
    let bits = array.formats.compactMap { NumberFormatCatalogue.format(named: $0)?.bits }.max() ?? 0
    return (array.reductionCapacity * array.columns * bits + 7) / 8
  }

  private static func bytes(_ count: Int) -> String { Dimension.bytes.text(Int64(count)) }
}
