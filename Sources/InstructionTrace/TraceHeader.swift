/// Everything a trace says about itself before its first record. Self-describing: it can be dumped without a config.
public struct TraceHeader: Equatable, Sendable {
  public var version = TraceVersion.current
  /// Who wrote the trace: program and version.
  public var producer = ""
  /// The command that made it.
  public var command = ""
  public var formats: [FormatEntry] = []
  public var tensors: [TensorEntry] = []
  public var tileSets: [TileSet] = []
  public var regions: [RegionEntry] = []
  public var operandStatistics: [OperandStatistics] = []
  public var requirements = MachineRequirements()
  /// Free key/value pairs, in order (model name, batch, source digest...).
  public var metadata: [Metadata] = []

  public init() {}
}

/// Version of the trace format: a reader refuses a newer major and skips sections it does not know of a newer minor.
public struct TraceVersion: Equatable, Comparable, Sendable {
  public var major: UInt16
  public var minor: UInt16
  public static let current = TraceVersion(major: 1, minor: 0)
  public init(major: UInt16, minor: UInt16) {
    self.major = major
    self.minor = minor
  }
  public static func < (a: Self, b: Self) -> Bool { (a.major, a.minor) < (b.major, b.minor) }
}

/// A number format a trace uses. `bits` includes the sign; `layout` is words for people, for example "s1 e4 f3".
public struct FormatEntry: Equatable, Sendable {
  public var name: String
  public var bits: UInt16
  public var layout: String
  public init(name: String, bits: UInt16, layout: String) {
    self.name = name
    self.bits = bits
    self.layout = layout
  }
}

/// A tensor in HBM. Offsets of records are relative to `address`.
public struct TensorEntry: Equatable, Sendable {
  public var name: String
  public var shape: [UInt64]
  /// Index into the header's formats.
  public var format: UInt8
  /// First byte in the chip's HBM address space.
  public var address: UInt64
  /// Size in bytes.
  public var bytes: UInt64
  public var kind: Kind
  public enum Kind: UInt8, CaseIterable, Sendable {
    case input = 0
    case weight, output, intermediate
  }
  public init(name: String, shape: [UInt64], format: UInt8, address: UInt64, bytes: UInt64, kind: Kind) {
    self.name = name
    self.shape = shape
    self.format = format
    self.address = address
    self.bytes = bytes
    self.kind = kind
  }
}

/// A set of tiles of one chip, for multicasts and barriers: ascending tile indices.
public struct TileSet: Equatable, Sendable {
  public var tiles: [UInt32]
  public init(tiles: [UInt32]) { self.tiles = tiles }
}

/// A region (layer) that records can belong to, with the work it stands for as the compiler counted it.
public struct RegionEntry: Equatable, Sendable {
  public var name: String
  /// Operator kind in words: conv, gemm, attention, ...
  public var kind: String
  /// Multiply-accumulates of the mathematical operation over all tiles; 0 when unknown.
  public var macs: UInt64
  /// Compulsory HBM bytes (each tensor once); 0 when unknown.
  public var compulsoryBytes: UInt64
  public init(name: String, kind: String, macs: UInt64, compulsoryBytes: UInt64) {
    self.name = name
    self.kind = kind
    self.macs = macs
    self.compulsoryBytes = compulsoryBytes
  }
}

/// What is known of an operand's values, for energy models that depend on them.
public struct OperandStatistics: Equatable, Sendable {
  /// Share of zero elements, in 1/65,535ths.
  public var zeroFraction: UInt16
  /// Mean toggled share of bits between consecutive elements, in 1/65,535ths.
  public var toggles: UInt16
  /// Counts of elements by exponent, from `firstExponent` upwards.
  public var firstExponent: Int16
  public var exponentHistogram: [UInt32]
  public init(zeroFraction: UInt16, toggles: UInt16, firstExponent: Int16, exponentHistogram: [UInt32]) {
    self.zeroFraction = zeroFraction
    self.toggles = toggles
    self.firstExponent = firstExponent
    self.exponentHistogram = exponentHistogram
  }
}

/// What a machine must have for a trace to fit it. Tiles are numbered row by row over the grid.
public struct MachineRequirements: Equatable, Sendable {
  public var chips: UInt32 = 1
  /// Tiles a chip must have at least.
  public var tiles: UInt32 = 1
  /// Bytes of scratchpad and accumulator each used tile must have.
  public var sramBytes: UInt64 = 0
  public var accumulatorBytes: UInt64 = 0
  public var hbmBytes: UInt64 = 0
  /// MAC arrays each used tile must have, by index.
  public var arrays: [ArrayRequirement] = []
  public init() {}
}

/// The exact shape one MAC array was compiled for.
public struct ArrayRequirement: Equatable, Sendable {
  public var rows: UInt32
  public var columns: UInt32
  /// Products summed by one processing element a cycle, V.
  public var vectorWidth: UInt32
  /// "weight-stationary", "output-stationary" or "input-stationary".
  public var dataflow: String
  /// Format names its operands use.
  public var formats: [String]
  public init(rows: UInt32, columns: UInt32, vectorWidth: UInt32, dataflow: String, formats: [String]) {
    self.rows = rows
    self.columns = columns
    self.vectorWidth = vectorWidth
    self.dataflow = dataflow
    self.formats = formats
  }
}

/// One free key/value pair.
public struct Metadata: Equatable, Sendable {
  public var key: String
  public var value: String
  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}
