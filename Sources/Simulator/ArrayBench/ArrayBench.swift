import Architecture
import InstructionTrace

/// One MAC array and its scratchpad alone, multiplying two matrices: no dispatcher, no DMA, no network, no memory. The
/// array is offered each operation as soon as it can take one; everything counted comes from the datapath.
public struct ArrayBench {
  /// Where the operands come from.
  public enum OperandMemory: Equatable, Sendable {
    /// A buffer with a word for each step and no latency: one bank with the given ports, as wide as the array's edge.
    case streaming(SRAMPorts)
    /// The tile's scratchpad, as if it held both matrices row by row, `padding` bytes after each row.
    case scratchpad(padding: Int64)
  }

  /// The largest m, n and k.
  public static let dimensions: ClosedRange<Int64> = 1...(1 << 20)

  let tile: TileSpec
  let shape: GEMMShape
  let memory: OperandMemory
  private let array: MACArraySpec
  /// Bytes of one operand element of the array's first format.
  private let element: Int64
  private let streamLimit: Int64?

  /// - Parameters:
  ///   - tile: Its first array is used, with the array's first format.
  ///   - streamLimit: Steps an operation streams at most (`GEMMFolds`); nil: all.
  /// - Throws: `SimulationError.doesNotFit` for dimensions outside `dimensions`, or operands beyond the scratchpad's
  ///   address space.
  public init(tile: TileSpec, shape: GEMMShape, memory: OperandMemory, streamLimit: Int64? = nil) throws {
    for (name, size) in [("M", shape.m), ("N", shape.n), ("K", shape.k)] where !Self.dimensions.contains(size) {
      throw SimulationError.doesNotFit(["\(name) is \(size), but must be in 1...\(Self.dimensions.upperBound)"])
    }
    self.shape = shape
    self.memory = memory
    self.streamLimit = streamLimit
    array = tile.arrays[0]
    let bits = array.formats.first.flatMap(NumberFormatCatalogue.format)?.bits ?? 8
    element = Int64((bits + 7) / 8)
    self.tile = Self.alone(tile, memory: memory, element: element)
    guard case .scratchpad = memory, layout.b.base + shape.k * layout.b.along > LocalAddress.accumulatorBase else {
      return
    }
    throw SimulationError.doesNotFit([
      "the operands take more than the \(LocalAddress.accumulatorBase) bytes of a scratchpad"
    ])
  }

  private static func alone(_ tile: TileSpec, memory: OperandMemory, element: Int64) -> TileSpec {
    var tile = tile
    tile.arrays = [tile.arrays[0]]
    guard case .streaming(let ports) = memory else { return tile }
    let (edge, index) = (Self.edge(of: tile.arrays[0]), tile.arrays[0].sparsity.indexBits)
    let width = edge * Int(element) + (edge * index + 7) / 8
    tile.sram.bytes = width
    tile.sram.banks = 1
    tile.sram.bankWidth = width
    tile.sram.latency = 0
    tile.sram.ports = ports
    return tile
  }

  /// Elements the wider edge of an array takes in a cycle.
  private static func edge(of array: MACArraySpec) -> Int {
    switch array.dataflow {
    case .weightStationary, .inputStationary: max(array.blockReduction, array.columns)
    case .outputStationary: max(array.rows, array.columns) * array.vectorWidth
    }
  }

  private var layout: GEMMLayout {
    switch memory {
    case .streaming:
      let operand = OperandLayout.streamed(element: element, word: Int64(tile.sram.bankWidth))
      return GEMMLayout(a: operand, b: operand)
    case .scratchpad(let padding):
      let indices = (shape.n * Int64(array.sparsity.indexBits) + 7) / 8
      let (rowA, rowB) = (shape.k * element + padding, shape.n * element + indices + padding)
      return GEMMLayout(
        a: .stored(element: element, base: 0, across: rowA, along: element),
        b: .stored(element: element, base: shape.m * rowA, across: element, along: rowB))
    }
  }

  /// The product's operations.
  var folds: GEMMFolds { GEMMFolds(shape, array: array, layout: layout, streamLimit: streamLimit) }

  /// Multiplies; the same input gives the same figures.
  public func run() -> ArrayBenchResult {
    var recorder = ActivityRecorder(sink: .none)
    let energy = DatapathEnergy(
      macs: [array.formats.map { _ in 0 }], sramReadByte: 0, sramWriteByte: 0, accumulatorByte: 0, vectorElement: 0)
    var datapath = Datapath(spec: tile, name: "tile", ideal: [], energy: energy, recorder: &recorder)
    var folds = folds
    let end = drive(&datapath, &folds, &recorder)
    return ArrayBenchResult(shape: shape, array: array, element: element, cycles: end, datapath: datapath)
  }

  /// Lets the datapath run on the kernel until all is multiplied; returns the cycle in which it is.
  private func drive(
    _ datapath: inout Datapath, _ folds: inout GEMMFolds, _ recorder: inout ActivityRecorder
  ) -> Int64 {
    let hertz: Int64 = 1_000_000_000
    var kernel = Kernel(tile: hertz, noc: hertz, hbm: hertz, crossingCycles: 0)
    kernel.schedule(0, in: .tile, at: 0)
    var next = folds.next()
    var end: Int64 = 0
    while let edge = kernel.next() {
      datapath.advance(to: edge.cycle, recorder: &recorder)
      recorder.flush(.tile, before: edge.cycle)
      while let completion = datapath.popCompletion() { end = completion.cycle }
      while let operation = next, datapath.tryStart(array: 0, operation, tag: 0, recorder: &recorder) {
        next = folds.next()
      }
      let wake = datapath.nextEvent
      if wake != .max { kernel.schedule(0, in: .tile, at: max(wake, edge.cycle + 1)) }
    }
    return end
  }
}
