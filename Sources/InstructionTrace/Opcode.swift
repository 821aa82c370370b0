/// What a record asks a tile to do. The raw value is the opcode byte of trace format v1 (`docs/trace-format.md`).
public enum Opcode: UInt8, BitwiseCopyable, CaseIterable, Sendable {
  /// DMA: HBM tensor (up to 3-D) into this tile's local memory, or into those of a multicast tile set.
  case load = 0x01
  /// DMA: local memory into an HBM tensor (up to 3-D).
  case store = 0x02
  /// DMA: this tile's local memory into another tile's.
  case copy = 0x03
  /// MAC array: bring a stationary block (weights, or inputs when input-stationary) into the array's shadow registers.
  case preload = 0x10
  /// MAC array: multiply; streams the moving operand(s) and leaves the result in the accumulator.
  case matmul = 0x11
  /// Vector unit: an element-wise operation of one or two sources.
  case vector = 0x20
  /// Vector unit: number format conversion, accumulator or SRAM to SRAM.
  case convert = 0x21
  /// Vector unit: reduction of `groups` runs of `elements` each to one value a run.
  case reduce = 0x22
  /// Synchronisation: count one signal of a token.
  case signal = 0x30
  /// Synchronisation: complete when a token has received all its signals.
  case wait = 0x31
  /// Synchronisation: complete when every tile of a set has arrived.
  case barrier = 0x32
  /// Region marks: statistics are reported by region (layer).
  case regionBegin = 0x40
  case regionEnd = 0x41
  /// A free mark with a value, for readers of traces; costs nothing.
  case mark = 0x42
  /// The next `bodyRecords` static records run `count` times; their operands may step by a stride a time round.
  case `repeat` = 0x43
}

extension Opcode {
  /// Opcode bytes kept for chip-to-chip transfers and collectives of a later minor version, by name.
  public static let reserved: [UInt8: String] = [
    0x50: "send", 0x51: "receive", 0x58: "all-reduce", 0x59: "all-gather", 0x5A: "reduce-scatter", 0x5B: "broadcast",
    0x5C: "all-to-all",
  ]
}

/// The function of a `vector` or `reduce` record. Costs come from the configuration, by name.
public enum VectorFunction: UInt8, BitwiseCopyable, CaseIterable, Sendable {
  case add = 0
  case multiply = 1
  case subtract = 2
  case maximum = 3
  case minimum = 4
  case relu = 5
  case fill = 6
  case copy = 7
  case exponential = 8
  case reciprocal = 9
  case reciprocalSquareRoot = 10
  case sigmoid = 11
  case tanh = 12
  case gelu = 13
  case silu = 14
  case sum = 15
  case scale = 16
  case clamp = 17
}
