import InstructionTrace

/// Emits all layers of a plan in order and overlaps them: while a step computes, the next one's operands arrive, and
/// the next layer's first weights too.
struct NetworkEmitter {
  private let plan: NetworkPlan
  private let program: Program
  /// By tensor, by stream: the record after which it lies in memory; missing: it always does.
  private var ready: [UInt32: [Int]] = [:]
  /// Steps of the next layer whose weights are under way.
  private var weightsLoaded = 0

  init(_ plan: NetworkPlan, sink: @escaping RecordSink) {
    self.plan = plan
    program = Program(
      tiles: plan.target.tiles, arrays: plan.target.arrayCount, trainBytes: plan.target.trainBytes, sink: sink)
    let extent = LocalExtent(plan)
    for (index, lowering) in plan.lowerings.enumerated() {
      let layout = LocalLayout(
        sramBytes: extent.sramBytes, accumulatorBytes: extent.accumulatorBytes, fromTop: index % 2 == 1)
      lowering.place(layout, streams: plan.target.tiles.count)
    }
  }

  /// Emits everything. Returns the tile sets used and the number of records.
  consuming func emit() throws(CompileError) -> (tileSets: [TileSet], records: Int) {
    for index in plan.lowerings.indices { try emit(layer: index) }
    for stream in program.streams.indices { try program.enter(region: nil, stream: stream) }
    return (program.tileSets.entries, program.records)
  }

  private mutating func emit(layer index: Int) throws(CompileError) {
    let lowering = plan.lowerings[index]
    try enter(index)
    // Weights go first: activations may wait for the layer before, and whatever follows them in the queue waits too.
    for step in weightsLoaded..<max(weightsLoaded, min(2, lowering.steps)) { try lowering.loadWeights(step, program) }
    weightsLoaded = 0
    let inputs = ready(for: index)
    try lowering.loadActivations(0, ready: inputs, program)
    for step in 0..<lowering.steps {
      if step + 1 < lowering.steps {
        try lowering.loadActivations(step + 1, ready: inputs, program)
      } else {
        try prefetch(layer: index + 1, during: lowering)
        try enter(index)
      }
      try lowering.compute(step, program)
      if step + 2 < lowering.steps { try lowering.loadWeights(step + 2, program) }
    }
    ready[plan.operands[index].output] = try program.barrier(
      after: program.streams.indices.map { lowering.lastStores(stream: $0) })
  }

  private func enter(_ region: Int) throws(CompileError) {
    for stream in program.streams.indices { try program.enter(region: region, stream: stream) }
  }

  /// Loads the weights of the next layer's first two steps, as far as the last step does not use their place.
  private mutating func prefetch(layer index: Int, during current: any LayerLowering) throws(CompileError) {
    guard index < plan.lowerings.count else { return }
    let next = plan.lowerings[index]
    let used = current.lastStepRanges
    while weightsLoaded < min(2, next.steps) {
      let wanted = next.weightRanges(weightsLoaded)
      if wanted.contains(where: { range in used.contains { $0.overlaps(range) } }) { return }
      try enter(index)
      try next.loadWeights(weightsLoaded, program)
      weightsLoaded += 1
    }
  }

  /// By stream: what the layer's loads of activations must follow.
  private func ready(for index: Int) -> [[Int]] {
    let known = plan.operands[index].inputs.compactMap { ready[$0] }
    if known.isEmpty { return [] }
    // Barriers are passed in order, but nothing says so to a reader of the trace: name each.
    return program.streams.indices.map { stream in Set(known.map { $0[stream] }).sorted() }
  }
}

/// Local memory that two neighbouring layers want side by side, as far as a tile has it.
struct LocalExtent {
  let sramBytes: Int
  let accumulatorBytes: Int

  init(_ plan: NetworkPlan) {
    let needs = plan.lowerings.map(\.needs)
    sramBytes = min(Self.pairs(needs.map { $0.bytes(inAccumulator: false) }), plan.target.sramBytes)
    accumulatorBytes = min(Self.pairs(needs.map { $0.bytes(inAccumulator: true) }), plan.target.accumulatorBytes)
  }

  private static func pairs(_ sizes: [Int]) -> Int {
    let sums = zip(sizes, sizes.dropFirst()).map { $0 + $1 }
    return max(sums.max() ?? 0, sizes.max() ?? 0)
  }
}
