import InstructionTrace

/// Tensors and formats of one layer, as indexes into the header's tables.
struct LayerOperands {
  /// One per input, in the layer's order.
  var inputs: [UInt32]
  var output: UInt32
  /// Filters, matrix or embedding rows; nil when the operator has none.
  var weights: UInt32?
  /// Per-channel values of norms and epilogues, in the accumulator's format: one row a value.
  var parameters: UInt32?
  /// Key and value caches of an attention that looks further back than its query; [heads][positions][head size] each.
  var caches: (keys: UInt32, values: UInt32)?
  var format: UInt8
  var elementBytes: Int
  var accumulatorFormat: UInt8
}

/// How one layer becomes records: a number of steps, each loads, then computes. The driver overlaps them.
///
/// Loads of a step may be emitted before the compute of the step before, and weights right after the compute two steps
/// before; a lowering therefore keeps what two
/// consecutive steps use in different copies of its buffers, or in the same filling.
protocol LayerLowering: AnyObject {
  /// Memory wanted in every used tile.
  var needs: LocalNeeds { get }
  var steps: Int { get }
  /// How long before its end the next layer's weights may be asked for, tile cycles; nil where that is not estimated.
  var tail: Double? { get }
  /// One line a human reads: how the layer was cut.
  var tiling: Tiling { get }

  /// Takes addresses and forgets any earlier emission.
  func place(_ layout: LocalLayout, streams: Int)
  /// Local bytes where the weights of a step lie.
  func weightRanges(_ step: Int) -> [Range<Int>]
  /// Local bytes that computing the last step uses.
  var lastStepRanges: [Range<Int>] { get }
  /// Loads what no layer of the network writes.
  func loadWeights(_ step: Int, _ program: Program) throws(CompileError)
  /// Loads activations; `ready`: by stream, records after which they lie in memory.
  func loadActivations(_ step: Int, ready: [[Int]], _ program: Program) throws(CompileError)
  func compute(_ step: Int, _ program: Program) throws(CompileError)
  /// The stores of a stream that may still be under way.
  func lastStores(stream: Int) -> [Int]
}

/// How a layer was cut, for people.
public struct Tiling: Equatable, Sendable {
  /// Tiles over rows and over columns.
  public var partition: String
  /// Sizes of one step: rows, columns, reduction elements.
  public var chunk: String
  public var steps: Int
  public var sramBytes: Int
  public var accumulatorBytes: Int
}
