/// A condition between keys.
struct Rule<Root>: Sendable {
  /// Keys it reads, relative to the value judged. A violation is reported where the first that the user wrote stands, and is
  /// about the first of all, whose value the message tells; of a symmetric rule about the one that was written.
  let reads: [String]
  /// Further keys it reads, by their full path.
  let context: [String]
  /// Its keys make something together: the message holds for each of them.
  let isSymmetric: Bool
  /// What is wrong, or nil.
  let violation: @Sendable (Root) -> String?

  init(
    _ reads: [String], context: [String] = [], isSymmetric: Bool = false,
    _ violation: @escaping @Sendable (Root) -> String?
  ) {
    self.reads = reads
    self.context = context
    self.isSymmetric = isSymmetric
    self.violation = violation
  }
}

/// All conditions between keys. Each message says what was found and what is allowed.
enum Rules {
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

  /// K x columns elements of the array's widest format.
  private static func stationaryBlockBytes(_ array: MACArraySpec) -> Int {
    let bits = array.formats.compactMap { NumberFormatCatalogue.format(named: $0)?.bits }.max() ?? 0
    return (array.reductionCapacity * array.columns * bits + 7) / 8
  }

  static func bytes(_ count: Int) -> String { Dimension.bytes.text(Int64(count)) }
}
