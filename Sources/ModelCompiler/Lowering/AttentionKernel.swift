import Architecture
import InstructionTrace

/// Scaled dot-product attention, head by head: scores, softmax, weighted values.
///
/// The input holds queries, keys and values of the new positions side by side (3 x heads x head size a position); older
/// keys and values come from caches, and the new ones are appended to them. Keys are transposed on the way into the
/// scratchpad. Pieces: queries with keys and values, nothing, scores, statistics, weights, sums, output.
struct AttentionKernel: ItemKernel {
  struct Item {
    var sequence: Int
    var head: Int
    var queries: Range<Int>
    /// The first query part of a head appends the new keys and values to the caches.
    var appends: Bool
  }
  private let heads: Int
  private let size: Int
  private let query: Int
  private let positions: Int
  private let operands: LayerOperands
  private let target: Target
  private let queryRows: Int
  let items: [[Item]]

  /// - Throws: `CompileError.doesNotFit` when one query row's keys, values or scores do not fit.
  init(
    heads: Int, size: Int, query: Int, keyValue: Int, layer: Layer, operands: LayerOperands, target: Target
  ) throws(CompileError) {
    self.heads = heads
    self.size = size
    self.query = query
    positions = keyValue
    self.operands = operands
    self.target = target
    let parts = max(1, min(query, target.tiles.count / (heads * layer.batch)))
    let room = Split.halves((query + parts - 1) / parts).first { rows in
      LocalNeeds(pieces: Self.pieces(size, keyValue, rows, operands, target)).fits(target)
    }
    guard let room else {
      throw .doesNotFit(
        layer: layer.name, reason: "keys, values and scores of \(keyValue) positions are larger than a tile's memories")
    }
    queryRows = room
    items = Self.deal(layer.batch, heads, Split.chunks(0..<query, size: room), tiles: target.tiles.count)
  }

  private static func deal(_ batch: Int, _ heads: Int, _ parts: [Range<Int>], tiles: Int) -> [[Item]] {
    var all: [Item] = []
    for sequence in 0..<batch {
      for head in 0..<heads {
        for part in parts {
          all.append(Item(sequence: sequence, head: head, queries: part, appends: part.lowerBound == 0))
        }
      }
    }
    return Split.even(all.count, parts: tiles).map { Array(all[$0]) }
  }

  private static func pieces(
    _ size: Int, _ positions: Int, _ rows: Int, _ operands: LayerOperands, _ target: Target
  ) -> [LocalNeeds.Piece] {
    let (bytes, sum) = (operands.elementBytes, target.accumulatorElementBytes)
    let input = LocalNeeds.aligned(rows * size * bytes) + 2 * LocalNeeds.aligned(positions * size * bytes)
    let scores = rows * AccumulatorPitch.bytes(columns: positions, elementBytes: sum)
    return [
      .init(bytes: input, copies: 2), .init(bytes: 0, copies: 1),
      .init(bytes: scores, copies: 2, inAccumulator: true), .init(bytes: rows * sum, copies: 1, inAccumulator: true),
      .init(bytes: rows * positions * bytes, copies: 2),
      .init(bytes: rows * AccumulatorPitch.bytes(columns: size, elementBytes: sum), copies: 2, inAccumulator: true),
      .init(bytes: rows * size * bytes, copies: 2),
    ]
  }

  var pieces: [LocalNeeds.Piece] { Self.pieces(size, positions, queryRows, operands, target) }

  var tiling: (partition: String, chunk: String) {
    ("\(items.count { !$0.isEmpty })x1", "\(queryRows)x\(positions)x\(size)")
  }

  // MARK: Where things lie

  private var bytes: Int { operands.elementBytes }
  /// Bytes of one position in the input: queries, keys and values of all heads.
  private var inputPitch: Int { 3 * heads * size * bytes }
  private var cached: Int { positions - query }

  private func keys(_ bases: [Int64]) -> Int64 { bases[0] + Int64(LocalNeeds.aligned(queryRows * size * bytes)) }
  private func values(_ bases: [Int64]) -> Int64 {
    keys(bases) + Int64(LocalNeeds.aligned(positions * size * bytes))
  }

  /// New positions `range` of part 0 (queries), 1 (keys) or 2 (values) of a head in the input.
  private func new(_ part: Int, _ item: Item, _ range: Range<Int>) -> StridedView {
    let row = (item.sequence * query + range.lowerBound) * inputPitch
    let column = (part * heads + item.head) * size * bytes
    return .rows(Int64(row + column), run: size * bytes, rows: range.count, pitch: inputPitch)
  }

  /// Positions of a head in a cache.
  private func old(_ item: Item, _ range: Range<Int>) -> StridedView {
    let first = ((item.sequence * heads + item.head) * positions + range.lowerBound) * size * bytes
    return .contiguous(Int64(first), Int32(range.count * size * bytes))
  }

  /// Keys of positions `range`, transposed: head size rows of all positions.
  private func transposed(_ range: Range<Int>, _ bases: [Int64]) -> StridedView {
    StridedView(
      base: keys(bases) + Int64(range.lowerBound * bytes), run: Int32(bytes), count1: Int32(size),
      stride1: Int64(positions * bytes), count2: Int32(range.count), stride2: Int64(bytes))
  }

  private func valueRows(_ range: Range<Int>, _ bases: [Int64]) -> StridedView {
    .contiguous(values(bases) + Int64(range.lowerBound * size * bytes), Int32(range.count * size * bytes))
  }

  // MARK: Records

  func loads(_ item: Item, _ bases: [Int64]) -> [ItemLoad] {
    let input = operands.inputs[0]
    let queries = StridedView.contiguous(bases[0], Int32(item.queries.count * size * bytes))
    var loads = [ItemLoad(.load(input, new(0, item, item.queries), to: queries))]
    let fresh = cached..<positions
    if let caches = operands.caches {
      loads.append(ItemLoad(.load(caches.keys, old(item, 0..<cached), to: transposed(0..<cached, bases))))
      loads.append(ItemLoad(.load(caches.values, old(item, 0..<cached), to: valueRows(0..<cached, bases))))
    }
    let isCached = operands.caches != nil
    loads.append(
      ItemLoad(.load(input, new(1, item, 0..<query), to: transposed(fresh, bases)), follows: isCached ? 1 : nil))
    loads.append(
      ItemLoad(.load(input, new(2, item, 0..<query), to: valueRows(fresh, bases)), follows: isCached ? 2 : nil))
    return loads
  }

  func work(_ item: Item, _ bases: [Int64]) -> [Instruction] {
    let rows = item.queries.count
    let scores = product(rows, n: positions, k: size, bases[0], keys(bases), to: bases[2])
    let sums = product(rows, n: size, k: positions, bases[4], values(bases), to: bases[5])
    return scores + softmax(rows, bases) + sums + [conversion(rows, bases)]
  }

  private func product(
    _ rows: Int, n: Int, k: Int, _ moving: Int64, _ stationary: Int64, to sums: Int64
  ) -> [Instruction] {
    let shape = MatrixShape(m: rows, n: n, k: k)
    let step = MatrixStep(
      shape: shape, target: target, operands: operands, rows: RowChunk(image: 0, first: 0, count: rows), columns: 0..<n,
      blocks: shape.reductionBlocks(capacity: target.array.reductionCapacity), movingPitch: k * bytes,
      isByColumns: false,
      moving: moving, stationary: stationary, parameters: 0, accumulator: sums, output: 0)
    return step.arrayOperations(isFirst: true)
  }

  private func softmax(_ rows: Int, _ bases: [Int64]) -> [Instruction] {
    let sum = target.accumulatorElementBytes
    let math = RowMath(
      format: operands.accumulatorFormat, rows: rows, columns: positions, base: bases[2],
      pitch: AccumulatorPitch.bytes(columns: positions, elementBytes: sum), elementBytes: sum, statistics: bases[3])
    let weights = StridedView.contiguous(bases[4], Int32(rows * positions * bytes))
    let narrow = Instruction.convert(
      operands.accumulatorFormat, operands.format, elements: math.elements, math.view, to: weights)
    return [math.apply(.scale)] + math.softmax() + [narrow]
  }

  private func conversion(_ rows: Int, _ bases: [Int64]) -> Instruction {
    let sum = target.accumulatorElementBytes
    let pitch = AccumulatorPitch.bytes(columns: size, elementBytes: sum)
    return .convert(
      operands.accumulatorFormat, operands.format, elements: rows * size,
      .rows(bases[5], run: size * sum, rows: rows, pitch: pitch),
      to: .contiguous(bases[6], Int32(rows * size * bytes)))
  }

  func stores(_ item: Item, _ bases: [Int64]) -> [Instruction] {
    let run = size * bytes
    let pitch = heads * run
    let row = item.sequence * query + item.queries.lowerBound
    let result = Instruction.store(
      .rows(bases[6], run: run, rows: item.queries.count, pitch: run), operands.output,
      .rows(Int64(row * pitch + item.head * run), run: run, rows: item.queries.count, pitch: pitch))
    guard let caches = operands.caches, item.appends else { return [result] }
    let fresh = cached..<positions
    return [
      result, .store(transposed(fresh, bases), caches.keys, old(item, fresh)),
      .store(valueRows(fresh, bases), caches.values, old(item, fresh)),
    ]
  }
}
