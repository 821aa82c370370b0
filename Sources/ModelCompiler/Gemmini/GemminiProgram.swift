import Architecture
import InstructionTrace

/// One matrix product as ONNXim's cores run it: weight-stationary blocks, two tiles in flight a core, each operation
/// streams at most one block of rows against a block preloaded for it.
///
/// A tile's operands are loaded block by block: a column block of B with all the tile's reduction, then a row block of A
/// likewise; an operation waits for its two. Results are converted and stored when a tile's reduction is complete.
struct GemminiProgram {
  private let size: (m: Int, n: Int, k: Int)
  private let target: Target
  private let tiling: GemminiTiling
  private let formats: NumberFormats
  private let tensors: TensorTable
  private let element: Int
  private let layout: GemminiLayout

  private static let (a, b, c): (UInt32, UInt32, UInt32) = (0, 1, 2)
  private static let (operandFormat, sumFormat): (UInt8, UInt8) = (0, 1)

  /// - Throws: `CompileError.doesNotFit` when the machine's first kind of array is not weight-stationary, or its memory
  ///   too small for two tiles.
  init(m: Int, n: Int, k: Int, machine: MachineSpec) throws(CompileError) {
    target = try Target(machine)
    size = (m, n, k)
    guard target.array.dataflow == .weightStationary else {
      throw .doesNotFit(layer: "gemm", reason: "its arrays are \(target.array.dataflow.rawValue)")
    }
    var formats = NumberFormats()
    guard let first = target.array.formats.first, formats.index(of: first) == Self.operandFormat else {
      throw .doesNotFit(layer: "gemm", reason: "its array has no format")
    }
    _ = formats.accumulator(bytes: target.accumulatorElementBytes)
    element = formats.bytes(Self.operandFormat)
    tiling = GemminiTiling(m: m, n: n, k: k, target: target, elementBytes: element)
    layout = try GemminiLayout(tiling, target: target, elementBytes: element)
    var tensors = TensorTable()
    for (name, shape, kind) in [
      ("A", [m, k], TensorEntry.Kind.input), ("B", [k, n], .weight), ("C", [m, n], .output),
    ] {
      _ = tensors.add(name, shape: shape, format: Self.operandFormat, elementBytes: element, kind: kind)
    }
    guard tensors.bytes <= UInt64(target.hbmBytes) else {
      throw .doesNotFit(
        layer: "gemm", reason: "its matrices take \(tensors.bytes) bytes of HBM, there are \(target.hbmBytes)")
    }
    self.formats = formats
    self.tensors = tensors
  }

  /// Writes the trace.
  /// - Throws: `CompileError.trace`.
  func write(to path: String) throws(CompileError) {
    let file = try TraceOutput(path: path, header: header, tiles: target.tiles)
    let program = Program(tiles: target.tiles, arrays: 1, trainBytes: target.trainBytes) {
      (record, stream) throws(CompileError) in try file.append(record, stream)
    }
    let work = dealt
    for stream in target.tiles.indices {
      try program.enter(region: 0, stream: stream)
      try emit(work[stream], stream: stream, program)
      try program.enter(region: nil, stream: stream)
    }
    _ = try file.finish()
  }

  private var header: TraceHeader {
    var header = TraceHeader()
    header.producer = "palsim gemm"
    header.command = "palsim gemm \(size.m) \(size.n) \(size.k)"
    header.formats = formats.entries
    header.tensors = tensors.entries
    header.regions = [
      RegionEntry(
        name: "gemm", kind: "gemm", macs: UInt64(size.m) * UInt64(size.n) * UInt64(size.k),
        compulsoryBytes: tensors.entries.reduce(0) { $0 + $1.bytes })
    ]
    header.requirements.tiles = (target.tiles.last ?? 0) + 1
    header.requirements.sramBytes = UInt64(layout.sramBytes)
    header.requirements.accumulatorBytes = UInt64(layout.accumulatorBytes)
    header.requirements.hbmBytes = tensors.bytes
    let array = target.array
    header.requirements.arrays = [
      ArrayRequirement(
        rows: UInt32(array.rows), columns: UInt32(array.columns), vectorWidth: UInt32(array.vectorWidth),
        dataflow: array.dataflow.rawValue, formats: Array(array.formats.prefix(1)))
    ]
    return header
  }

  // MARK: Tiles

  /// A tile of the product, cut into blocks.
  private struct Tile {
    var rows: [Range<Int>]
    var columns: [Range<Int>]
    var depth: Range<Int>
    /// Which half of the accumulator: those of one result tile share it.
    var result: Int
    var isLast: Bool
  }

  /// Result tiles go to the machine's tiles in turn, row by row, each with its whole reduction.
  private var dealt: [[Tile]] {
    var work = target.tiles.map { _ in [Tile]() }
    var results = target.tiles.map { _ in 0 }
    var next = 0
    for rows in Split.chunks(0..<size.m, size: tiling.rows) {
      for columns in Split.chunks(0..<size.n, size: tiling.columns) {
        for depth in Split.chunks(0..<size.k, size: tiling.depth) {
          work[next].append(
            Tile(
              rows: Split.chunks(rows, size: tiling.block.rows),
              columns: Split.chunks(columns, size: tiling.block.columns), depth: depth, result: results[next],
              isLast: depth.upperBound == size.k))
        }
        results[next] += 1
        next = (next + 1) % work.count
      }
    }
    return work
  }

  private func emit(_ tiles: [Tile], stream: Int, _ program: Program) throws(CompileError) {
    var results: [[Slot]] = []
    var operands: [Operands] = []
    for index in 0...tiles.count {
      if index < tiles.count { operands.append(try load(tiles[index], index, stream, program)) }
      guard index > 0 else { continue }
      let tile = tiles[index - 1]
      if tile.depth.lowerBound == 0 { results = allocateResults(tile, stream, program) }
      try multiply(tile, index - 1, operands.removeFirst(), results, stream, program)
      if tile.isLast { try store(tile, results, stream, program) }
    }
  }

  // MARK: Loads

  private struct Operands {
    var a: [Slot] = []
    var b: [Slot] = []
  }

  private func load(
    _ tile: Tile, _ index: Int, _ stream: Int, _ program: Program
  ) throws(CompileError) -> Operands {
    var operands = Operands()
    for (column, range) in tile.columns.enumerated() {
      let bytes = tile.depth.count * range.count * element
      let slot = program.allocate(layout.b(index, column, bytes: bytes), in: stream)
      try program.append(loadOfB(tile, range, into: slot), on: .load, stream: stream, writing: [slot])
      operands.b.append(slot)
      guard column == 0 else { continue }
      for (row, range) in tile.rows.enumerated() {
        let slot = program.allocate(
          layout.a(index, row, bytes: range.count * tile.depth.count * element), in: stream)
        try program.append(loadOfA(tile, range, into: slot), on: .load, stream: stream, writing: [slot])
        operands.a.append(slot)
      }
    }
    return operands
  }

  private func loadOfA(_ tile: Tile, _ rows: Range<Int>, into slot: Slot) -> Instruction {
    let run = tile.depth.count * element
    let pitch = size.k * element
    return .load(
      Self.a,
      .rows(Int64(rows.lowerBound * pitch + tile.depth.lowerBound * element), run: run, rows: rows.count, pitch: pitch),
      to: .rows(Int64(slot.range.lowerBound), run: run, rows: rows.count, pitch: run))
  }

  /// B lies in memory by columns, each K long, as ONNXim's does: what a tile needs of a column block is a piece of each of its
  /// columns. Inside these pieces the block stands in the order in which the array takes it, row by row.
  private func loadOfB(_ tile: Tile, _ columns: Range<Int>, into slot: Slot) -> Instruction {
    let run = tile.depth.count * element
    let pitch = size.k * element
    return .load(
      Self.b,
      .rows(
        Int64(columns.lowerBound * pitch + tile.depth.lowerBound * element), run: run, rows: columns.count, pitch: pitch
      ), to: .contiguous(Int64(slot.range.lowerBound), Int32(columns.count * run)))
  }

  // MARK: Compute

  private func allocateResults(_ tile: Tile, _ stream: Int, _ program: Program) -> [[Slot]] {
    tile.columns.indices.map { column in
      tile.rows.indices.map { row in
        program.allocate(layout.result(tile.result, row * tile.columns.count + column), in: stream)
      }
    }
  }

  private func multiply(
    _ tile: Tile, _ index: Int, _ operands: Operands, _ results: [[Slot]], _ stream: Int, _ program: Program
  ) throws(CompileError) {
    for (column, n) in tile.columns.enumerated() {
      for (row, m) in tile.rows.enumerated() {
        for k in Split.chunks(0..<tile.depth.count, size: tiling.block.depth) {
          let (a, b, c) = (operands.a[row], operands.b[column], results[column][row])
          // One instruction in Gemmini and ONNXim: the preload too waits for both operands.
          try program.append(preload(k, n.count, from: b), on: .array(0), stream: stream, reading: [a, b])
          let record = matmul(
            m: m.count, n: n.count, k, depth: tile.depth.count, from: a, to: c,
            accumulate: tile.depth.lowerBound > 0 || k.lowerBound > 0)
          try program.append(record, on: .array(0), stream: stream, reading: [a], writing: [c])
        }
      }
    }
  }

  private func preload(_ k: Range<Int>, _ columns: Int, from slot: Slot) -> Instruction {
    var record = Instruction(.preload)
    record.rows = UInt32(k.count)
    record.columns = UInt32(columns)
    record.source = StridedView(
      base: Int64(slot.range.lowerBound + k.lowerBound * columns * element), run: Int32(columns * element),
      count1: Int32(k.count), stride1: Int64(columns * element))
    return record
  }

  private func matmul(
    m: Int, n: Int, _ k: Range<Int>, depth: Int, from a: Slot, to c: Slot, accumulate: Bool
  ) -> Instruction {
    var record = Instruction(.matmul)
    (record.m, record.n, record.k) = (UInt32(m), UInt32(n), UInt32(k.count))
    record.accumulate = accumulate
    record.source = StridedView(
      base: Int64(a.range.lowerBound + k.lowerBound * element), run: Int32(k.count * element), count2: Int32(m),
      stride2: Int64(depth * element))
    record.destination = .contiguous(
      Int64(c.range.lowerBound), Int32(m * n * target.accumulatorElementBytes))
    return record
  }

  // MARK: Results

  private func store(_ tile: Tile, _ results: [[Slot]], _ stream: Int, _ program: Program) throws(CompileError) {
    for (column, n) in tile.columns.enumerated() {
      for (row, m) in tile.rows.enumerated() {
        let elements = m.count * n.count
        let place = layout.staging(row * tile.columns.count + column)
        let staging = program.allocate(place, in: stream)
        let (from, to) = (Int64(results[column][row].range.lowerBound), Int64(place.lowerBound))
        let convert = Instruction.convert(
          Self.sumFormat, Self.operandFormat, elements: elements,
          .contiguous(from, Int32(elements * target.accumulatorElementBytes)),
          to: .contiguous(to, Int32(elements * element)))
        try program.append(
          convert, on: .vector, stream: stream, reading: [results[column][row]], writing: [staging])
        try program.append(storeOf(m, n, from: to), on: .store, stream: stream, reading: [staging])
      }
    }
  }

  private func storeOf(_ m: Range<Int>, _ n: Range<Int>, from address: Int64) -> Instruction {
    let run = n.count * element
    return .store(
      .rows(address, run: run, rows: m.count, pitch: run), Self.c,
      .rows(
        Int64((m.lowerBound * size.n + n.lowerBound) * element), run: run, rows: m.count, pitch: size.n * element))
  }
}

extension ModelCompiler {
  /// Writes the trace of one matrix product in Gemmini's tiling (`docs/models/mac-array.md`, Folds).
  /// - Throws: `CompileError`.
  public static func compileGemmini(
    m: Int, n: Int, k: Int, machine: MachineSpec, to path: String
  ) throws(CompileError) {
    try GemminiProgram(m: m, n: n, k: k, machine: machine).write(to: path)
  }
}
