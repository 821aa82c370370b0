import InstructionTrace

/// A layer made of independent items that tiles take in turn: rows of a norm, heads of an attention...
///
/// Local memory is a list of pieces. Piece 0 receives an item's activations, piece 1 what all items share (weights,
/// loaded once and multicast), the others belong to computing an item. Records name local addresses only; who waits
/// for whom follows from the piece an operand lies in.
protocol ItemKernel {
  associatedtype Item
  /// By stream: the items it computes, one a step.
  var items: [[Item]] { get }
  var pieces: [LocalNeeds.Piece] { get }
  var tiling: (partition: String, chunk: String) { get }
  /// Loads of what all items share, into piece 1.
  func constantLoads(_ bases: [Int64]) -> [Instruction]
  /// Vector records that prepare piece 0 before the loads (zeros around an image).
  func fills(_ item: Item, _ bases: [Int64]) -> [Instruction]
  /// Fills share no 32-byte granule with loads, so that neither waits for the other.
  var fillsAreApart: Bool { get }
  func loads(_ item: Item, _ bases: [Int64]) -> [ItemLoad]
  func work(_ item: Item, _ bases: [Int64]) -> [Instruction]
  func stores(_ item: Item, _ bases: [Int64]) -> [Instruction]
}

extension ItemKernel {
  func constantLoads(_ bases: [Int64]) -> [Instruction] { [] }
  func fills(_ item: Item, _ bases: [Int64]) -> [Instruction] { [] }
  var fillsAreApart: Bool { true }
}

/// A load into an item's piece 0.
struct ItemLoad {
  var record: Instruction
  /// An earlier load of the same item whose bytes lie so near that the two must not be under way together.
  var follows: Int?

  init(_ record: Instruction, follows: Int? = nil) {
    self.record = record
    self.follows = follows
  }
}

/// Emits an item kernel step by step.
final class ItemLowering<Kernel: ItemKernel>: LayerLowering {
  private let kernel: Kernel
  private let streams: [Int]
  private var buffers: [Buffer] = []
  /// By stream: the stores of its last two steps.
  private var stores: [[[Int]]] = []
  let steps: Int
  let needs: LocalNeeds
  let tail: Double? = nil

  init(_ kernel: Kernel) {
    self.kernel = kernel
    streams = kernel.items.indices.filter { !kernel.items[$0].isEmpty }
    steps = kernel.items.map(\.count).max() ?? 0
    needs = LocalNeeds(pieces: kernel.pieces)
  }

  var tiling: Tiling {
    Tiling(
      partition: kernel.tiling.partition, chunk: kernel.tiling.chunk, steps: steps,
      sramBytes: needs.bytes(inAccumulator: false), accumulatorBytes: needs.bytes(inAccumulator: true))
  }

  func place(_ layout: LocalLayout, streams count: Int) {
    var layout = layout
    buffers = needs.pieces.map { Buffer(ranges: layout.place($0), streams: count) }
    stores = Array(repeating: [[], []], count: count)
  }

  func weightRanges(_ step: Int) -> [Range<Int>] { [buffers[1].range(0)] }
  var lastStepRanges: [Range<Int>] { buffers.indices.map { buffers[$0].range(sequence($0, steps - 1)) } }
  func lastStores(stream: Int) -> [Int] { stores[stream].flatMap { $0 } }

  /// Shared pieces are filled once.
  private func sequence(_ piece: Int, _ step: Int) -> Int { piece == 1 ? 0 : step }

  private func bases(_ step: Int) -> [Int64] { buffers.indices.map { buffers[$0].base(sequence($0, step)) } }

  func loadWeights(_ step: Int, _ program: Program) throws(CompileError) {
    let loads = step == 0 ? kernel.constantLoads(bases(0)) : []
    if loads.isEmpty { return }
    let slots = streams.map { ($0, buffers[1].start(0, stream: $0, program)) }
    for (index, load) in loads.enumerated() {
      try program.multicast(load, into: slots, leader: index, ordered: true, after: [])
    }
  }

  func loadActivations(_ step: Int, ready: [[Int]], _ program: Program) throws(CompileError) {
    for stream in streams where step < kernel.items[stream].count {
      let item = kernel.items[stream][step]
      let slot = buffers[0].start(step, stream: stream, program)
      for fill in kernel.fills(item, bases(step)) {
        try program.append(fill, on: .vector, stream: stream, writing: [slot])
      }
      let before = (kernel.fillsAreApart ? [] : slot.writers) + (ready.isEmpty ? [] : ready[stream])
      var done: [Int] = []
      for load in kernel.loads(item, bases(step)) {
        let after = before + (load.follows.map { [done[$0]] } ?? [])
        done.append(try program.append(load.record, on: .load, stream: stream, writing: [slot], after: after))
      }
    }
  }

  func compute(_ step: Int, _ program: Program) throws(CompileError) {
    for stream in streams where step < kernel.items[stream].count {
      for piece in buffers.indices.dropFirst(2) { _ = buffers[piece].start(step, stream: stream, program) }
      let item = kernel.items[stream][step]
      for record in kernel.work(item, bases(step)) { try append(record, step, stream, program) }
      stores[stream][step % 2] = []
      for record in kernel.stores(item, bases(step)) {
        stores[stream][step % 2].append(try append(record, step, stream, program))
      }
    }
  }

  @discardableResult
  private func append(
    _ record: Instruction, _ step: Int, _ stream: Int, _ program: Program
  ) throws(CompileError) -> Int {
    let reads = [record.source, record.source2].filter { $0 != .none }.map { slot(of: $0, step, stream) }
    let writes = record.destination == .none ? [] : [slot(of: record.destination, step, stream)]
    return try program.append(record, on: record.queue, stream: stream, reading: reads, writing: writes)
  }

  /// The piece an operand lies in. Precondition: it lies in one.
  private func slot(of view: StridedView, _ step: Int, _ stream: Int) -> Slot {
    let piece = buffers.indices.first { buffers[$0].range(sequence($0, step)).contains(Int(view.base)) }!
    return buffers[piece].slot(sequence(piece, step), stream: stream)
  }
}

extension Instruction {
  /// The queue of a tile that takes it.
  var queue: Queue {
    switch opcode {
    case .load: .load
    case .store, .copy: .store
    case .preload, .matmul: .array(Int(unit))
    case .vector, .convert, .reduce: .vector
    case .signal, .wait, .barrier, .regionBegin, .regionEnd, .mark, .repeat: .sync
    }
  }
}

/// How many rows an item takes: a quarter of a tile's share, so that loads, work and stores overlap, but no crumbs.
enum ItemSize {
  static func rows(share: Int, rowElements: Int, fits: (Int) -> Bool) -> Int? {
    let wanted = max((share + 3) / 4, 4096 / max(1, rowElements), 1)
    return Split.halves(min(wanted, max(share, 1))).first(where: fits)
  }
}
