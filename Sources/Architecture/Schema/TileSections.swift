/// The sections that describe a tile.
extension Schema {
  static let tileItself = Section<TileSpec>(
    "",
    "A tile: dispatcher, DMA engines, MAC arrays, vector unit, scratchpad and accumulator. All tiles are like this one "
      + "unless a `[[tile_override]]` names them.",
    [Key("kind", \.kind, .text, default: "compute", "Name of the kind of tile.")])

  static let dispatch = Section<TileSpec>(
    "dispatch", "How a tile issues the records of its instruction stream.",
    [
      Key("width", \.dispatch.width, .integer(1...64), default: 1, "Records dispatched at most in a cycle."),
      Key(
        "window", \.dispatch.window, .integer(1...65_536), default: 64,
        "Records from the oldest unretired to the youngest dispatched, at most."),
      Key(
        "queue_depth", \.dispatch.queueDepth, .integer(1...65_536), default: 16,
        "Records waiting in one unit's queue, at most."),
      Key(
        "sync_latency", \.dispatch.syncLatency, .cycles(.tile, 1...100_000), default: 20,
        "From a signal, or the last arrival at a barrier, to its being seen."),
    ])

  static let dma = Section<TileSpec>(
    "dma", "The engines that move data between HBM, other tiles and the scratchpad.",
    [
      Key(
        "load_engines", \.dma.loadEngines, .integer(1...64), default: 2, "Engines that serve loads, one record each."),
      Key(
        "store_engines", \.dma.storeEngines, .integer(1...64), default: 1,
        "Engines that serve stores and copies, one record each."),
      Key(
        "max_outstanding", \.dma.maxOutstanding, .integer(1...65_536), default: 32,
        "Memory requests a tile has in flight, at most."),
      Key(
        "request_bytes", \.dma.requestBytes, .quantity(.bytes, 8...(1 << 20)), default: 2048,
        "Largest memory request, a train of consecutive accesses."),
      Key(
        "request_bandwidth", \.dma.requestBytesPerCycle, .bytesPerCycle(.tile, 0...65_536), default: 0,
        "Bytes that the requests and copies sent in one cycle may come to; 0: one request a cycle, whatever its size."),
      Key(
        "sram_bandwidth", \.dma.sramBytesPerCycle, .bytesPerCycle(.tile, 1...65_536), default: 64,
        "Between the engines and the scratchpad."),
    ])

  static let vector = Section<TileSpec>(
    "vector", "The vector unit, for everything that is no matrix multiply.",
    [
      Key("lanes", \.vector.lanes, .integer(1...65_536), default: 64, "Elements a cycle of a function of cost 1."),
      Key("latency", \.vector.latency, .cycles(.tile, 1...10_000), default: 8, "Pipeline latency."),
    ])

  /// Functions by the names traces use, and conversions (`encode` into a logarithmic format, `decode` out of one), with the cycles of a lane for one element. Transcendental ones: a cubic by
  /// table, three multiply-adds and a look-up.
  private static let vectorFunctions: [(name: String, cost: Int64)] = [
    ("add", 1), ("multiply", 1), ("subtract", 1), ("maximum", 1), ("minimum", 1), ("relu", 1), ("fill", 1), ("copy", 1),
    ("exponential", 4), ("reciprocal", 4), ("reciprocalSquareRoot", 4), ("sigmoid", 4), ("tanh", 4), ("gelu", 4),
    ("silu", 4), ("sum", 1), ("scale", 1), ("clamp", 1), ("convert", 1),
    ("encode", 1), ("decode", 1),
  ]

  static let vectorCost = Section<TileSpec>(
    "vector.cost", "Cycles a lane of the vector unit needs for one element, by function.",
    vectorFunctions.map { name, cost in
      Key(
        name: name, kind: .integer(1...1000), absence: .value(.integer(cost)),
        meaning: "Cycles a lane needs for one element of `\(name)`.",
        get: { .integer(Int64($0.vector.cost[name] ?? 1)) },
        set: { if case .integer(let value) = $1 { $0.vector.cost[name] = Int(value) } })
    })

  static let vectorLogCost = Section<TileSpec>(
    "vector.log_cost",
    "The same for elements in a logarithmic (PAL) format: a product is an addition of exponents, a reciprocal a change of "
      + "sign, a root a shift. 0: as in `vector.cost`.",
    vectorFunctions.map { name, _ in
      Key(
        name: name, kind: .integer(0...1000), absence: .value(0),
        meaning: "Cycles a lane needs for one logarithmic element of `\(name)`; 0: as in `vector.cost`.",
        get: { .integer(Int64($0.vector.logCost[name] ?? 0)) },
        set: { if case .integer(let value) = $1 { $0.vector.logCost[name] = Int(value) } })
    })

  static let vectorFormatFactor = Section<TileSpec>(
    "vector.format_factor", "How many times as long an element of a format takes as `vector.cost` says.",
    NumberFormatCatalogue.all.map { format in
      Key(
        name: format.name, kind: .integer(1...1000), absence: .value(1),
        meaning: "Times as long for elements in \(format.name).",
        get: { .integer(Int64($0.vector.formatFactor[format.name] ?? 1)) },
        set: { if case .integer(let value) = $1 { $0.vector.formatFactor[format.name] = Int(value) } })
    })

  static let vectorLatency = Section<TileSpec>(
    "vector.extra_latency", "Cycles of latency beyond `vector.latency`, by function.",
    vectorFunctions.map { name, _ in
      Key(
        name: name, kind: .cycles(.tile, 0...10_000), absence: .value(0),
        meaning: "Further cycles until a result of `\(name)` is there.",
        get: { .integer(Int64($0.vector.extraLatency[name] ?? 0)) },
        set: { if case .integer(let value) = $1 { $0.vector.extraLatency[name] = Int(value) } })
    })

  static let sram = Section<TileSpec>(
    "sram", "The scratchpad: banks, each with its ports.",
    [
      Key("bytes", \.sram.bytes, .quantity(.bytes, 64...(1 << 32)), "Capacity of a tile's scratchpad."),
      Key("banks", \.sram.banks, .powerOfTwo(upTo: 64), default: 32, "Banks."),
      Key(
        "bank_width", \.sram.bankWidth, .quantity(.bytes, 1...4096), default: 32, "Bytes a bank delivers in a cycle."),
      Key("latency", \.sram.latency, .cycles(.tile, 0...1000), default: 2, "Cycles from request to data."),
      Key(
        "ports", \.sram.ports, default: "1rw",
        "What a bank does in one cycle: one read or write, one read and one write, two of any kind, or all that is asked."
      ),
      Key(
        "interleave", \.sram.interleave, default: "low-order",
        "How addresses are dealt to banks: words in turn, words in turn with each row of them permuted by its number, or "
          + "pieces of `row_bytes` in turn."),
      Key(
        "row_bytes", \.sram.rowBytes, .quantity(.bytes, 1...(1 << 30)), default: 1024,
        "Bytes of one piece when interleaved by matrix row; a multiple of `bank_width`."),
      Key(
        "arbitration", \.sram.arbitration, default: "fixed",
        "Who is served first at a bank: a fixed order (DMA write, DMA read, vector unit, arrays), in turn, or who has "
          + "waited longest."),
      Key(
        "ecc", \.sram.ecc, default: "none",
        "Error-correcting code over each word of a bank; with it a write of part of a word reads the word first."),
    ])

  static let accumulator = Section<TileSpec>(
    "accumulator", "The memory that holds partial sums beside the MAC arrays.",
    [
      Key("bytes", \.accumulator.bytes, .quantity(.bytes, 4...(1 << 32)), "Capacity of a tile's accumulator."),
      Key(
        "element_bytes", \.accumulator.elementBytes, .quantity(.bytes, 1...64), default: 4, "Bytes of one partial sum."),
    ])

  static let macArray = Section<MACArraySpec>(
    "array", "One MAC array; repeat the section for more, or give a `count`.",
    [
      arrayCount,
      Key("rows", \.rows, .integer(1...4096), "Rows of processing elements."),
      Key("columns", \.columns, .integer(1...4096), "Columns of processing elements."),
      Key(
        "vector_width", \.vectorWidth, .integer(1...1024), default: 1,
        "Products one processing element sums in a cycle (V); a stationary block reduces up to rows x V elements."),
      Key("dataflow", \.dataflow, default: "weight-stationary", "Which operand stays in the array."),
      Key(
        "overlap", \.overlap, default: "pipelined",
        "Whether an operation follows the one before in the pipeline, or waits until it has drained."),
      Key(
        "edge_tiles", \.edgeTiles, default: "trimmed",
        "Whether an operation that does not fill the array takes as long as one that does, or as its rows and columns."),
      Key("formats", \.formats, .formats, "Number formats it multiplies; the first is the compiler's default."),
      Key(
        "minimum_issue", \.minimumIssue, .cycles(.tile, 1...1000), default: 1,
        "Fewest cycles between the starts of two pipelined operations."),
      Key(
        "lane_timing", \.laneTiming, default: "unit",
        "Cycles of a processing element: one, or the pipeline depth and drain of the operands' format."),
      Key(
        "sparsity", \.sparsity, default: "dense",
        "N:M sparsity of stationary weights: of every M along the reduction N are stored, moved and multiplied."),
      Key(
        "zero_gating", \.zeroGating, default: "off",
        "Whether products with a zero operand, as counted in the trace's operand statistics, are clock-gated (energy only)."
      ),
    ])

  /// `count` of `[[tile.array]]`.
  static let arrayCount = Key<MACArraySpec>.shorthand(
    "count", .integer(1...64), absent: "1", "How many arrays like this one.")

  /// `tiles` of `[[tile_override]]`.
  static let overriddenTiles = Key<TileSpec>(
    name: "tiles", kind: .tiles, absence: .required,
    meaning: "The tiles this section changes, as indices and ranges; a later section wins over an earlier one.",
    get: nil, set: { _, _ in })
}
