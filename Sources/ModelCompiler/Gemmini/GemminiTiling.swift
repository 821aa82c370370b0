/// How Gemmini's heuristic (as ONNXim applies it) cuts a matrix product into tiles of whole array blocks.
///
/// A quarter of the scratchpad holds the blocks of one operand of one tile, half of the accumulator its results; tiles are
/// as square as that allows, and as deep. Fewer tiles than the machine has are raised to a multiple along the larger of
/// the two result dimensions.
struct GemminiTiling {
  /// Elements of a block: rows of results, columns of results, reduction.
  let block: (rows: Int, columns: Int, depth: Int)
  /// Elements of a tile, whole blocks of each.
  let rows: Int
  let columns: Int
  let depth: Int

  /// Cuts a product for a machine.
  init(m: Int, n: Int, k: Int, target: Target, elementBytes: Int) {
    let (r, c, d) = (target.array.rows, target.blockColumns, target.array.reductionCapacity)
    block = (r, c, d)
    let resultBlocks = target.accumulatorBytes / 2 / (r * c * target.accumulatorElementBytes)
    let operandBlocks = target.sramBytes / 4 / (max(r, c) * d * elementBytes)
    let side = max(1, Int(Double(resultBlocks).squareRoot()))
    var parts = (rows: Self.ceiling(m, side * r), columns: Self.ceiling(n, side * c))
    Self.raise(&parts, m: m, n: n, tiles: target.tiles.count)
    rows = Self.whole(m, parts.rows, r)
    columns = Self.whole(n, parts.columns, c)
    depth = Self.whole(k, Self.ceiling(k, max(1, operandBlocks / side) * d), d)
  }

  private static func raise(_ parts: inout (rows: Int, columns: Int), m: Int, n: Int, tiles: Int) {
    func add(_ change: (inout Int) -> Void) {
      if n > m && n > tiles {
        change(&parts.columns)
      } else if m > n && m > tiles {
        change(&parts.rows)
      }
    }
    if parts.rows * parts.columns < tiles {
      let factor = ceiling(tiles, parts.rows * parts.columns)
      add { $0 *= factor }
    }
    let excess = parts.rows * parts.columns % tiles
    if excess != 0 { add { $0 += excess } }
  }

  /// Elements of each of `parts` pieces, in whole blocks rounded down, at least one.
  private static func whole(_ length: Int, _ parts: Int, _ block: Int) -> Int {
    let padded = ceiling(length, block) * block
    return max(block, ceiling(padded, parts) / block * block)
  }

  private static func ceiling(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
}
