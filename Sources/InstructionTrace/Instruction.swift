/// One decoded dynamic record: plain old data of fixed size, so that a decoder fills it in place without allocating.
///
/// Which fields an opcode uses (others are zero or `.none`):
///
/// | opcode | fields |
/// |---|---|
/// | load | `tensor`, `hbm`, `destination`, `tileSet` (0: this tile only) |
/// | store | `tensor`, `hbm`, `source` |
/// | copy | `tile` (destination index in the chip), `source`, `destination` |
/// | preload | `unit` (array), `format`, `source` (k rows of n elements), `rows` = k, `columns` = n |
/// | matmul | `unit`, `format`, `m`, `n`, `k`, `accumulate`, `source` = moving operand, `source2` = second moving operand (output-stationary only), `destination` = accumulator view |
/// | vector | `function`, `format`, `elements`, `source`, `source2`, `destination` |
/// | convert | `format` (from), `outputFormat` (to), `elements`, `source`, `destination` |
/// | reduce | `function`, `format`, `elements` a group, `groups`, `source`, `destination` |
/// | signal | `token` |
/// | wait | `token`, `signals`, `waiters` |
/// | barrier | `token` (barrier id), `tileSet` |
/// | regionBegin | `region`; regionEnd, mark: `value` |
/// | repeat | `count`, `bodyRecords` (never handed to the simulator: the cursor expands it) |
public struct Instruction: BitwiseCopyable, Equatable, Sendable {
  public var opcode: Opcode = .mark
  /// Index of the MAC array in the tile.
  public var unit: UInt8 = 0
  public var function: VectorFunction = .add
  /// Index into the header's format table.
  public var format: UInt8 = 0
  public var outputFormat: UInt8 = 0
  /// matmul: add to what the accumulator holds instead of overwriting it.
  public var accumulate = false
  /// How many entries of `dependencies` are in use, 0...8.
  public var dependencyCount: UInt8 = 0
  /// Index + 1 into the header's operand statistics table for `source`/`source2`; 0: none given.
  public var sourceStatistics: UInt32 = 0
  public var source2Statistics: UInt32 = 0
  /// Backward distances in dynamic records of the same stream (1 = the record just before). One that reaches before the
  /// stream's first record counts as satisfied.
  public var dependencies = SIMD8<UInt32>()
  public var tensor: UInt32 = 0
  public var tile: UInt32 = 0
  /// Index + 1 into the header's tile sets; 0: none.
  public var tileSet: UInt32 = 0
  public var m: UInt32 = 0
  public var n: UInt32 = 0
  public var k: UInt32 = 0
  public var elements: UInt64 = 0
  public var groups: UInt32 = 0
  public var token: UInt64 = 0
  /// wait: how many signals complete the token; the same in each of its waits.
  public var signals: UInt32 = 0
  /// wait: how many waits the whole trace has for the token; after the last one the token is forgotten.
  public var waiters: UInt32 = 0
  public var region: UInt32 = 0
  public var value: Int64 = 0
  public var count: UInt32 = 0
  public var bodyRecords: UInt32 = 0
  public var source = StridedView.none
  public var source2 = StridedView.none
  public var destination = StridedView.none
  public var hbm = StridedView.none

  public init() {}
  public init(_ opcode: Opcode) { self.opcode = opcode }

  /// preload: rows (k) of the stationary block; shares storage with `k`.
  public var rows: UInt32 {
    get { k }
    set { k = newValue }
  }
  /// preload: columns (n) of the stationary block; shares storage with `n`.
  public var columns: UInt32 {
    get { n }
    set { n = newValue }
  }

  /// Appends a dependency. Precondition: fewer than 8 are there.
  public mutating func addDependency(distance: UInt32) {
    precondition(dependencyCount < 8, "a record has at most 8 dependencies")
    dependencies[Int(dependencyCount)] = distance
    dependencyCount += 1
  }
}
