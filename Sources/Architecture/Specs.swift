/// A validated machine: everything a simulator or compiler may ask of a configuration. Immutable once loaded.
public struct MachineSpec: Equatable, Sendable {
  /// Name of the machine, from `[system] name`.
  public var name: String
  /// Where the figures come from, and how the machine deviates from the real chip it names.
  public var sources: [String]
  public var deviations: [String]
  public var clocks: ClocksSpec
  public var grid: GridSpec
  /// One per tile, row by row; tiles may differ.
  public var tiles: [TileSpec]
  public var noc: NoCSpec
  public var hbm: HBMSpec
  public var energy: EnergySpec
}

/// A frequency in hertz as an exact integer.
public struct Frequency: Equatable, Sendable {
  public var hertz: Int64
  public init(hertz: Int64) { self.hertz = hertz }
}

/// Clock domains. `crossingCycles`: receiving-domain cycles a message from another domain takes after its first edge.
public struct ClocksSpec: Equatable, Sendable {
  public var tile: Frequency
  public var noc: Frequency
  public var hbm: Frequency
  public var crossingCycles: Int
}

/// Tiles as columns x rows on the NoC; tile index = row * columns + column.
public struct GridSpec: Equatable, Sendable {
  public var columns: Int
  public var rows: Int
  public var count: Int { columns * rows }
}

public struct TileSpec: Equatable, Sendable {
  /// Name of the kind of tile, for example "compute".
  public var kind: String
  public var dispatch: DispatchSpec
  public var dma: DMASpec
  public var arrays: [MACArraySpec]
  public var vector: VectorSpec
  public var sram: SRAMSpec
  public var accumulator: AccumulatorSpec
}

public struct DispatchSpec: Equatable, Sendable {
  /// Records dispatched at most in a cycle.
  public var width: Int
  /// Records from the oldest unretired to the youngest dispatched, at most.
  public var window: Int
  /// Records waiting in one unit's queue, at most.
  public var queueDepth: Int
  /// Tile cycles from a signal, or the last arrival at a barrier, to its being seen.
  public var syncLatency: Int
}

public struct DMASpec: Equatable, Sendable {
  /// Load engines and store engines, each taking one record at a time from its shared queue.
  public var loadEngines: Int
  public var storeEngines: Int
  /// Memory requests (trains) in flight a tile, at most.
  public var maxOutstanding: Int
  /// Largest train in bytes.
  public var requestBytes: Int
  /// Bytes that the requests of a cycle ask for, at most; 0: one request a cycle, whatever its size.
  public var requestBytesPerCycle: Int = 0
  /// Bytes a cycle between the DMA and the scratchpad.
  public var sramBytesPerCycle: Int
}

public enum Dataflow: String, Equatable, Sendable, CaseIterable {
  case weightStationary = "weight-stationary"
  case outputStationary = "output-stationary"
  case inputStationary = "input-stationary"
}

/// How consecutive operations share an array: one after the other with full drain, or overlapped.
public enum TileOverlap: String, Equatable, Sendable, CaseIterable {
  case serial
  case pipelined
}

/// What an operation takes that does not fill its array.
public enum EdgeTiles: String, Equatable, Sendable, CaseIterable {
  /// As long as one that fills it: the convention of SCALE-Sim and ONNXim.
  case padded
  /// As long as the rows and columns it uses.
  case trimmed
}

public struct MACArraySpec: Equatable, Sendable {
  /// Rows (R) and columns (C) of processing elements.
  public var rows: Int
  public var columns: Int
  /// V: products one processing element sums a cycle (1: scalar MAC). K of a stationary block is at most rows * V.
  public var vectorWidth: Int
  public var dataflow: Dataflow
  public var overlap: TileOverlap
  /// Format names it accepts, the first is the compiler's default.
  public var formats: [String]
  /// Fewest cycles between two pipelined operations (4 in the ONNXim convention).
  public var minimumIssue: Int
  /// Whether operations that do not fill the array take as long as those that do.
  public var edgeTiles = EdgeTiles.trimmed
  /// How deep a processing element's pipeline is.
  public var laneTiming = LaneTiming.unit
  /// Zeros that stationary weights are known to have.
  public var sparsity = StructuredSparsity.dense
  /// Whether products with a zero operand cost less energy.
  public var zeroGating = ZeroGating.off
  /// Stored elements of the reduction that a stationary block holds: rows * V.
  public var reductionCapacity: Int { rows * vectorWidth }
  /// Elements of the reduction that a stationary block stands for, those known to be zero included.
  public var blockReduction: Int { reductionCapacity / sparsity.ratio.kept * sparsity.ratio.of }
  /// MACs a cycle when full.
  public var macsPerCycle: Int { rows * columns * vectorWidth }
}

/// Cycles from a processing element's operands to its result.
public enum LaneTiming: String, Equatable, Sendable, CaseIterable {
  /// One, and no drain: the convention of SCALE-Sim and ONNXim.
  case unit
  /// The depth and drain of the operands' format (`NumberFormat.laneDepth`, `laneDrain`).
  case byFormat = "by-format"
}

/// N:M sparsity of stationary weights: of every M consecutive along the reduction at most N are not zero, and only those
/// are stored, moved and multiplied.
public enum StructuredSparsity: String, Equatable, Sendable, CaseIterable {
  case dense
  case oneOfTwo = "1:2"
  case oneOfFour = "1:4"
  case twoOfFour = "2:4"
  case twoOfEight = "2:8"
  case fourOfEight = "4:8"

  /// N and M; dense: 1 of 1.
  public var ratio: (kept: Int, of: Int) {
    switch self {
    case .dense: (1, 1)
    case .oneOfTwo: (1, 2)
    case .oneOfFour: (1, 4)
    case .twoOfFour: (2, 4)
    case .twoOfEight: (2, 8)
    case .fourOfEight: (4, 8)
    }
  }

  /// Elements kept of `length` consecutive ones.
  public func kept(_ length: Int64) -> Int64 {
    let (kept, of) = ratio
    return length / Int64(of) * Int64(kept) + min(length % Int64(of), Int64(kept))
  }

  /// Bits that say where a kept element was.
  public var indexBits: Int { ratio.of.trailingZeroBitCount }
}

/// Clock gating of products with a zero operand, as far as the trace says how many there are. Changes energy only.
public enum ZeroGating: String, Equatable, Sendable, CaseIterable {
  case off
  case on
}

public struct VectorSpec: Equatable, Sendable {
  /// Elements processed a cycle for a function of cost 1.
  public var lanes: Int
  /// Pipeline latency in cycles.
  public var latency: Int
  /// Cycles a lane needs for one element, by function name (`VectorFunction` names, "convert", "encode", "decode"); default 1.
  public var cost: [String: Int]
  /// The same for elements in a logarithmic format, where it differs: absent or 0, `cost` holds.
  public var logCost: [String: Int] = [:]
  /// How many times as long an element of a format takes, by canonical name; default 1.
  public var formatFactor: [String: Int] = [:]
  /// Cycles of latency beyond `latency`, by function name; default 0.
  public var extraLatency: [String: Int] = [:]

  /// Cycles a lane needs for one element of a function in a format; nil: a format the catalogue does not know.
  public func cycles(_ function: String, format: NumberFormat?) -> Int {
    let isLogarithmic = format?.logarithmicFraction != nil
    let shortcut = isLogarithmic ? logCost[function] ?? 0 : 0
    let cycles = shortcut > 0 ? shortcut : cost[function] ?? 1
    return max(1, cycles) * max(1, format.flatMap { formatFactor[$0.name] } ?? 1)
  }
}

public struct SRAMSpec: Equatable, Sendable {
  public var bytes: Int
  /// Banks, at most 64, power of two.
  public var banks: Int
  /// Bytes a bank delivers a cycle.
  public var bankWidth: Int
  /// Cycles from request to data.
  public var latency: Int
  /// What a bank does in one cycle.
  public var ports = SRAMPorts.oneReadWrite
  /// Which bank an address is in.
  public var interleave = SRAMInterleave.lowOrder
  /// Bytes of consecutive addresses in one bank when interleaved by matrix row: a multiple of `bankWidth`; unused otherwise.
  public var rowBytes = 0
  /// Who is served first when several ask for a bank.
  public var arbitration = SRAMArbitration.fixed
  public var ecc = SRAMErrorCorrection.none

  public init(bytes: Int, banks: Int, bankWidth: Int, latency: Int) {
    self.bytes = bytes
    self.banks = banks
    self.bankWidth = bankWidth
    self.latency = latency
  }
}

/// Accesses a bank serves in one cycle.
public enum SRAMPorts: String, Equatable, Sendable, CaseIterable {
  /// One read or write.
  case oneReadWrite = "1rw"
  /// One read and one write.
  case oneReadOneWrite = "1r1w"
  /// Two of any kind.
  case twoReadWrite = "2rw"
  /// As many as are asked for: no conflicts, the behaviour of simulators without banks.
  case unlimited
}

/// How addresses are dealt to banks. w is the number of a word, B the number of banks.
public enum SRAMInterleave: String, Equatable, Sendable, CaseIterable {
  /// Words in turn: bank w mod B.
  case lowOrder = "low-order"
  /// Words in turn, each row of B words permuted by its number: bank (w xor w / B) mod B.
  case hashed
  /// Pieces of `rowBytes` in turn: a row of a matrix stays in one bank.
  case matrixRow = "matrix-row"
}

/// In which order requesters take what the banks have left.
public enum SRAMArbitration: String, Equatable, Sendable, CaseIterable {
  /// DMA write, DMA read, vector unit, arrays by index.
  case fixed
  /// In that order from one requester on and round; after each cycle with a conflict the turn passes to the next.
  case roundRobin = "round-robin"
  /// Who has been held up longest first; among equals in the fixed order.
  case age
}

/// Error-correcting code over each word of a bank.
public enum SRAMErrorCorrection: String, Equatable, Sendable, CaseIterable {
  case none
  /// Single error correction, double error detection: a write of part of a word reads it first.
  case secded
}

public struct AccumulatorSpec: Equatable, Sendable {
  public var bytes: Int
  /// Bytes of one accumulator element.
  public var elementBytes: Int
}

/// How a figure is known.
public enum Grade: String, Equatable, Sendable, CaseIterable {
  case measured
  case derived
  case assumed
}

/// One constant with its origin.
public struct GradedValue: Equatable, Sendable {
  /// Attojoules per action, or microwatts for leakage.
  public var value: Int64
  public var grade: Grade
  public var source: String
  public init(value: Int64, grade: Grade, source: String) {
    self.value = value
    self.grade = grade
    self.source = source
  }
}

/// Energy constants a configuration states itself; `EnergyModel` supplies the rest for the node and voltage.
public struct EnergySpec: Equatable, Sendable {
  /// Process node in nanometres, for example 7.
  public var nodeNanometres: Int
  public var millivolts: Int
  /// By action name (`mac.pal8`, `sram.read_byte`, `tile.static`...; the list is in `EnergyModel`): attojoules per
  /// action, or microwatts for static power.
  public var overrides: [String: GradedValue]
}
