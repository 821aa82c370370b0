import InstructionTrace

/// Matrix products and convolutions on the MAC arrays.
///
/// Tile (i, j) of a partition computes row part i and column part j. The tiles of a row part share their rows of A, the
/// tiles of a column part their columns of B: both are loaded once and multicast.
final class MatrixLowering: LayerLowering {
  private let shape: MatrixShape
  private let target: Target
  private let operands: LayerOperands
  private let epilogue: [Epilogue]
  let plan: MatrixPlan
  let tail: Double?
  private let sequences: MatrixSequences
  private var moving = Buffer(ranges: [], streams: 0)
  private var stationary = Buffer(ranges: [], streams: 0)
  private var parameters = Buffer(ranges: [], streams: 0)
  private var output = Buffer(ranges: [], streams: 0)
  private var accumulator = Buffer(ranges: [], streams: 0)

  /// - Throws: `CompileError.doesNotFit`.
  init(
    _ shape: MatrixShape, layer: Layer, operands: LayerOperands, lead: Double, context: LayerContext?,
    plans: inout MatrixPlans
  ) throws(CompileError) {
    let whole = plans.target
    if case .windows = shape.kind, whole.array.dataflow != .weightStationary {
      let flow = whole.array.dataflow.rawValue
      throw .doesNotFit(
        layer: layer.name, reason: "convolutions other than 1x1 need weight-stationary arrays, these are \(flow)")
    }
    self.shape = shape
    self.operands = operands
    epilogue = layer.epilogue
    let work = MatrixWork(
      shape: shape, elementBytes: operands.elementBytes, epilogue: layer.epilogue, lead: lead)
    let entry = try plans.entry(for: work, in: context, layer: layer.name)
    plan = entry.plan
    target = whole.limited(to: plan.part)
    tail = entry.tail
    sequences = MatrixSequences(plan, isPlain: shape.isPlain)
  }

  var needs: LocalNeeds { plan.needs }
  var steps: Int { plan.steps }

  var tiling: Tiling {
    let rows = (plan.rows[0].first?.count ?? 0) * shape.unitRows
    let columns = plan.columns[0].first?.count ?? 0
    let kept = plan.reduction[0].reduce(0) { $0 + $1.count }
    return Tiling(
      partition: "\(plan.rowParts)x\(plan.columnParts)", chunk: "\(rows)x\(columns)x\(kept)", steps: steps,
      sramBytes: needs.bytes(inAccumulator: false), accumulatorBytes: needs.bytes(inAccumulator: true))
  }

  func place(_ layout: LocalLayout, streams: Int) {
    var layout = layout
    let buffers = needs.pieces.map { Buffer(ranges: layout.place($0), streams: streams) }
    (moving, stationary, parameters, output, accumulator) = (buffers[0], buffers[1], buffers[2], buffers[3], buffers[4])
  }

  func weightRanges(_ step: Int) -> [Range<Int>] {
    [stationary.range(sequences.stationary[step]), parameters.range(sequences.column[step])]
  }

  var lastStepRanges: [Range<Int>] {
    let last = steps - 1
    return [
      moving.range(sequences.moving[last]), stationary.range(sequences.stationary[last]),
      parameters.range(sequences.column[last]), output.range(sequences.result[last]),
      accumulator.range(sequences.result[last]),
    ]
  }

  func lastStores(stream: Int) -> [Int] { output.readers(stream: stream) }

  // MARK: Which tiles do what

  /// What tile (row part, column part) does in a step; nil when its parts have run out.
  private func work(_ step: Int, _ rowPart: Int, _ columnPart: Int) -> (rows: RowChunk, columns: Range<Int>)? {
    let at = plan.indexes(step)
    guard at.row < plan.rows[rowPart].count, at.column < plan.columns[columnPart].count else { return nil }
    return (plan.rows[rowPart][at.row], plan.columns[columnPart][at.column])
  }

  private func stream(_ rowPart: Int, _ columnPart: Int) -> Int { rowPart * plan.columnParts + columnPart }

  // MARK: Loads

  func loadWeights(_ step: Int, _ program: Program) throws(CompileError) {
    let loadsBlocks = sequences.starts(sequences.stationary, at: step)
    let loadsParameters = operands.parameters != nil && sequences.starts(sequences.column, at: step)
    for columnPart in 0..<plan.columnParts {
      let active = (0..<plan.rowParts).filter { work(step, $0, columnPart) != nil }
      guard let first = active.first, let columns = work(step, first, columnPart)?.columns else { continue }
      let streams = active.map { stream($0, columnPart) }
      if loadsBlocks {
        let slots = streams.map { ($0, stationary.start(sequences.stationary[step], stream: $0, program)) }
        try program.multicast(
          stationaryLoad(step, columns), into: slots, leader: columnPart + 1, ordered: false, after: [])
      }
      if loadsParameters {
        let slots = streams.map { ($0, parameters.start(sequences.column[step], stream: $0, program)) }
        try program.multicast(parameterLoad(step, columns), into: slots, leader: columnPart, ordered: false, after: [])
      }
    }
  }

  /// B lies in memory in the order it is used: for each column chunk its rows, each `columns.count` long; input-stationary
  /// arrays take it column by column, so there each piece of the reduction lies by columns.
  private func stationaryLoad(_ step: Int, _ columns: Range<Int>) -> Instruction {
    let blocks = plan.reduction[plan.indexes(step).reduction]
    let rows = blocks.reduce(0) { $0 + $1.count }
    let offset = (shape.k * columns.lowerBound + blocks[0].first * columns.count) * operands.elementBytes
    let bytes = Int32(rows * columns.count * operands.elementBytes)
    return .load(
      operands.weights ?? 0, .contiguous(Int64(offset), bytes),
      to: .contiguous(stationary.base(sequences.stationary[step]), bytes))
  }

  private func parameterLoad(_ step: Int, _ columns: Range<Int>) -> Instruction {
    let rows = epilogue.reduce(0) { $0 + $1.parametersPerChannel }
    let width = target.accumulatorElementBytes
    let run = columns.count * width
    return .load(
      operands.parameters ?? 0,
      .rows(Int64(columns.lowerBound * width), run: run, rows: rows, pitch: shape.n * width),
      to: .rows(parameters.base(sequences.column[step]), run: run, rows: rows, pitch: run))
  }

  func loadActivations(_ step: Int, ready: [[Int]], _ program: Program) throws(CompileError) {
    guard sequences.starts(sequences.moving, at: step) else { return }
    for rowPart in 0..<plan.rowParts {
      let active = (0..<plan.columnParts).filter { work(step, rowPart, $0) != nil }
      guard let first = active.first, let rows = work(step, rowPart, first)?.rows else { continue }
      let slots = active.map { column in
        let stream = stream(rowPart, column)
        return (stream, moving.start(sequences.moving[step], stream: stream, program))
      }
      try loadRows(step, rows, slots, leader: rowPart, ready, program)
    }
  }

  private func loadRows(
    _ step: Int, _ rows: RowChunk, _ slots: [(Int, Slot)], leader: Int, _ ready: [[Int]], _ program: Program
  ) throws(CompileError) {
    let base = moving.base(sequences.moving[step])
    switch shape.kind {
    case .plain:
      let load = matrixLoad(step, rows, to: base)
      try program.multicast(load, into: slots, leader: leader, ordered: false, after: ready)
    case .windows(let window):
      let image = ImageRows(window, rows, elementBytes: operands.elementBytes)
      for fill in image.halo(at: base, format: operands.format) {
        for (stream, slot) in slots { try program.append(fill, on: .vector, stream: stream, writing: [slot]) }
      }
      guard let load = image.load(operands.inputs[0], to: base) else { return }
      try program.multicast(
        load, into: slots, leader: leader, ordered: !image.haloIsApart, after: ready)
    }
  }

  private func matrixLoad(_ step: Int, _ rows: RowChunk, to base: Int64) -> Instruction {
    let blocks = plan.reduction[plan.indexes(step).reduction]
    let run = blocks.reduce(0) { $0 + $1.count } * operands.elementBytes
    let pitch = shape.k * operands.elementBytes
    let offset = Int64(rows.first * pitch + blocks[0].first * operands.elementBytes)
    return .load(
      operands.inputs[0], .rows(offset, run: run, rows: rows.count, pitch: pitch),
      to: .rows(base, run: run, rows: rows.count, pitch: target.movingPitch(run: run)))
  }

  // MARK: Compute

  func compute(_ step: Int, _ program: Program) throws(CompileError) {
    let blocks = plan.reduction[plan.indexes(step).reduction]
    let reduction = blocks.reduce(0) { $0 + $1.count }
    for rowPart in 0..<plan.rowParts {
      for columnPart in 0..<plan.columnParts {
        guard let work = work(step, rowPart, columnPart) else { continue }
        let part = MatrixStep(
          shape: shape, target: target, operands: operands, rows: work.rows, columns: work.columns,
          blocks: blocks, movingPitch: target.movingPitch(run: reduction * operands.elementBytes),
          isByColumns: target.array.dataflow == .inputStationary, moving: moving.base(sequences.moving[step]),
          stationary: stationary.base(sequences.stationary[step]), parameters: parameters.base(sequences.column[step]),
          accumulator: accumulator.base(sequences.result[step]), output: output.base(sequences.result[step]))
        try compute(step, part, stream: stream(rowPart, columnPart), program)
      }
    }
  }

  private func compute(
    _ step: Int, _ part: MatrixStep, stream: Int, _ program: Program
  ) throws(CompileError) {
    let reduction = plan.indexes(step).reduction
    let result = sequences.result[step]
    let sums =
      reduction == 0
      ? accumulator.start(result, stream: stream, program) : accumulator.slot(result, stream: stream)
    let sources = [
      moving.slot(sequences.moving[step], stream: stream), stationary.slot(sequences.stationary[step], stream: stream),
    ]
    for operation in part.arrayOperations(isFirst: reduction == 0) {
      let queue = Queue.array(Int(operation.unit))
      let writes = operation.opcode == .matmul ? [sums] : []
      try program.append(operation, on: queue, stream: stream, reading: sources, writing: writes)
    }
    guard reduction == plan.reduction.count - 1 else { return }
    try finish(step, part, sums, stream, program)
  }

  /// Epilogue, conversion, store.
  private func finish(
    _ step: Int, _ part: MatrixStep, _ sums: Slot, _ stream: Int, _ program: Program
  ) throws(CompileError) {
    for operation in part.epilogue(epilogue) {
      var reads = [sums]
      if operation.source2 != .none { reads.append(parameters.slot(sequences.column[step], stream: stream)) }
      try program.append(operation, on: .vector, stream: stream, reading: reads, writing: [sums])
    }
    let staging = output.start(sequences.result[step], stream: stream, program)
    try program.append(part.conversion, on: .vector, stream: stream, reading: [sums], writing: [staging])
    try program.append(part.store, on: .store, stream: stream, reading: [staging])
  }
}

/// Running numbers of each buffer's fillings, by step: a step whose number equals the one before uses what is there.
struct MatrixSequences {
  let moving: [Int]
  let stationary: [Int]
  /// Column chunks, for per-channel parameters.
  let column: [Int]
  /// Blocks of results.
  let result: [Int]

  init(_ plan: MatrixPlan, isPlain: Bool) {
    let at = (0..<plan.steps).map { plan.indexes($0) }
    moving = Self.number(at.map { [$0.row, isPlain ? $0.reduction : 0] })
    stationary = Self.number(at.map { [$0.column, $0.reduction] })
    column = Self.number(at.map { [$0.column] })
    result = Self.number(at.map { [$0.row, $0.column] })
  }

  /// True when the filling that step `step` uses was not there in the step before.
  func starts(_ numbers: [Int], at step: Int) -> Bool { step == 0 || numbers[step] != numbers[step - 1] }

  private static func number(_ keys: [[Int]]) -> [Int] {
    var current = 0
    return keys.indices.map { index in
      if index > 0, keys[index] != keys[index - 1] { current += 1 }
      return current
    }
  }
}
