import Architecture
import InstructionTrace

/// Everything of one tile that touches its scratchpad: MAC arrays, vector unit, DMA bursts and the banks between them.
public struct Datapath: ~Copyable {
  /// All cycles before this one are done.
  public private(set) var now: Int64 = 0

  /// Registers the signals of the tile called `name` (for example `chip0.tile3`).
  public init(
    spec: TileSpec, name: String, ideal: Idealisation, energy: DatapathEnergy, recorder: inout ActivityRecorder
  ) {}

  /// Does all cycles before `cycle`.
  public mutating func advance(to cycle: Int64, recorder: inout ActivityRecorder) { now = cycle }

  /// Starts an operation in cycle `now` if the array can take it; otherwise `nextEvent` covers the time it could.
  public mutating func tryStart(
    array: Int, _ operation: ArrayOperation, tag: Int32, recorder: inout ActivityRecorder
  ) -> Bool { false }

  /// Starts a vector operation in cycle `now` if the unit can take it.
  public mutating func tryStartVector(
    _ operation: VectorOperation, tag: Int32, recorder: inout ActivityRecorder
  ) -> Bool { false }

  /// Queues a burst of `bytes` contiguous bytes from the network into the tile's memory.
  public mutating func startDMAWrite(
    tag: Int32, address: Int64, bytes: Int64, recorder: inout ActivityRecorder
  ) {}

  /// Queues a burst of `bytes` contiguous bytes from the tile's memory to the network.
  public mutating func startDMARead(tag: Int32, address: Int64, bytes: Int64, recorder: inout ActivityRecorder) {}

  /// No completion, and no success of a refused start, comes before this cycle; `Int64.max` when nothing is under way.
  public var nextEvent: Int64 { .max }

  /// The earliest completion not taken yet (cycle at most `now`), in the order of (cycle, requester).
  public mutating func popCompletion() -> DatapathCompletion? { nil }

  /// Cycles of a requester before `now`: 0 DMA write, 1 DMA read, 2 vector unit, 3... arrays.
  public func activity(ofRequester requester: Int) -> DatapathActivity { DatapathActivity(active: 0, stalls: []) }
}
