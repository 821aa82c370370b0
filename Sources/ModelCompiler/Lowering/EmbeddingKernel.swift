import InstructionTrace

/// A gather of table rows: loaded, then stored; no unit computes.
///
/// Which rows real tokens name is not known to a compiler: they are taken evenly spread over the table, so that no two
/// lie in the same DRAM row by luck. Pieces: rows, nothing.
struct EmbeddingKernel: ItemKernel {
  private let vocabulary: Int
  private let width: Int
  private let rows: Int
  private let operands: LayerOperands
  private let size: Int
  let items: [[Range<Int>]]

  /// - Throws: `CompileError.doesNotFit` when one row does not fit.
  init(
    vocabulary: Int, rows: Int, width: Int, layer: Layer, operands: LayerOperands, target: Target
  ) throws(CompileError) {
    self.vocabulary = vocabulary
    self.width = width
    self.rows = rows
    self.operands = operands
    let total = rows * layer.batch
    let parts = Split.even(total, parts: min(target.tiles.count, total))
    let bytes = operands.elementBytes
    let size = ItemSize.rows(share: parts[0].count, rowElements: width) { rows in
      LocalNeeds(pieces: [.init(bytes: rows * width * bytes, copies: 2)]).fits(target)
    }
    guard let size else {
      throw .doesNotFit(layer: layer.name, reason: "a row of \(width) values is larger than a tile's scratchpad")
    }
    self.size = size
    items = parts.map { part in
      // Rows of two batch elements are not evenly spaced: an item stays within one.
      Split.chunks(part, size: size).flatMap { Self.split($0, every: rows) }
    }
  }

  private static func split(_ range: Range<Int>, every rows: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var first = range.lowerBound
    while first < range.upperBound {
      let end = min(range.upperBound, (first / rows + 1) * rows)
      pieces.append(first..<end)
      first = end
    }
    return pieces
  }

  var pieces: [LocalNeeds.Piece] {
    [.init(bytes: size * width * operands.elementBytes, copies: 2), .init(bytes: 0, copies: 1)]
  }
  var tiling: (partition: String, chunk: String) { ("\(items.count)x1", "\(size)x\(width)") }

  func loads(_ item: Range<Int>, _ bases: [Int64]) -> [ItemLoad] {
    let run = width * operands.elementBytes
    let spacing = vocabulary / rows
    let first = item.lowerBound % rows * spacing
    let table = operands.weights ?? 0
    return [
      ItemLoad(
        .load(
          table, .rows(Int64(first * run), run: run, rows: item.count, pitch: spacing * run),
          to: .rows(bases[0], run: run, rows: item.count, pitch: run)))
    ]
  }

  func work(_ item: Range<Int>, _ bases: [Int64]) -> [Instruction] { [] }

  func stores(_ item: Range<Int>, _ bases: [Int64]) -> [Instruction] {
    let run = width * operands.elementBytes
    let size = Int32(item.count * run)
    return [.store(.contiguous(bases[0], size), operands.output, .contiguous(Int64(item.lowerBound * run), size))]
  }
}
