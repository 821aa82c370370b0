import InstructionTrace

/// Where a tile's blocks lie: two halves of the scratchpad in turn, two halves of the accumulator in turn, and what is left
/// of the scratchpad for results on their way out.
struct GemminiLayout {
  /// Bytes of the largest row block of A, column block of B, result block in the accumulator, and result block stored.
  private let blockOfA: Int
  private let blockOfB: Int
  private let sums: Int
  private let stored: Int
  private let rowBlocks: Int
  private let columnBlocks: Int
  private let stagings: Int

  /// - Throws: `CompileError.doesNotFit`.
  init(_ tiling: GemminiTiling, target: Target, elementBytes: Int) throws(CompileError) {
    blockOfA = LocalNeeds.aligned(tiling.block.rows * tiling.depth * elementBytes)
    blockOfB = LocalNeeds.aligned(tiling.depth * tiling.block.columns * elementBytes)
    let results = tiling.block.rows * tiling.block.columns
    sums = LocalNeeds.aligned(results * target.accumulatorElementBytes)
    stored = LocalNeeds.aligned(results * elementBytes)
    rowBlocks = tiling.rows / tiling.block.rows
    columnBlocks = tiling.columns / tiling.block.columns
    let left = target.sramBytes - 2 * (rowBlocks * blockOfA + columnBlocks * blockOfB)
    stagings = min(rowBlocks * columnBlocks, left / stored)
    let needed = 2 * rowBlocks * columnBlocks * sums
    guard left >= stored, needed <= target.accumulatorBytes else {
      let reason =
        "two tiles of \(tiling.rows)x\(tiling.columns)x\(tiling.depth) leave \(left) bytes of scratchpad and take "
        + "\(needed) of \(target.accumulatorBytes) bytes of accumulator"
      throw .doesNotFit(layer: "gemm", reason: reason)
    }
  }

  private var half: Int { rowBlocks * blockOfA + columnBlocks * blockOfB }
  var sramBytes: Int { 2 * half + stagings * stored }
  var accumulatorBytes: Int { 2 * rowBlocks * columnBlocks * sums }

  func a(_ tile: Int, _ row: Int, bytes: Int) -> Range<Int> {
    let base = tile % 2 * half + row * blockOfA
    return base..<(base + bytes)
  }

  func b(_ tile: Int, _ column: Int, bytes: Int) -> Range<Int> {
    let base = tile % 2 * half + rowBlocks * blockOfA + column * blockOfB
    return base..<(base + bytes)
  }

  /// Block `block` of result tile `result`.
  func result(_ result: Int, _ block: Int) -> Range<Int> {
    let base = Int(LocalAddress.accumulatorBase) + (result % 2 * rowBlocks * columnBlocks + block) * sums
    return base..<(base + sums)
  }

  func staging(_ block: Int) -> Range<Int> {
    let base = 2 * half + block % stagings * stored
    return base..<(base + stored)
  }
}
