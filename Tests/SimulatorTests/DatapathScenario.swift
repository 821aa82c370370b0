import InstructionTrace

@testable import Architecture
@testable import Simulator

extension SplitMix64 {
  mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func pick<T>(_ choices: [T]) -> T { choices.randomElement(using: &self)! }
}

/// A tile and the work offered to it: each unit's operations in order, each from a cycle on.
struct DatapathScenario {
  enum Work {
    case array(Int, ArrayOperation)
    case vector(VectorOperation, cost: Int)
    case burst(write: Bool, address: Int64, bytes: Int64)
  }
  struct Offer {
    var work: Work
    var from: Int64
    var tag: Int32
  }

  var spec: TileSpec
  var ideal: Idealisation = []
  /// By requester, in the order of priority.
  var offers: [[Offer]] = []

  /// `scale` stretches operations (and aligns more of them), so that long even stretches occur.
  init(seed: UInt64, scale: Int, ideal: Idealisation = []) {
    var random = SplitMix64(seed: seed)
    spec = Self.randomTile(&random)
    self.ideal = ideal
    var tag: Int32 = 0
    offers = Array(repeating: [], count: 3 + spec.arrays.count)
    for requester in offers.indices {
      var cycle: Int64 = 0
      for _ in 0..<random.pick(0...6) {
        cycle += Int64(random.pick([0, 0, 1, random.pick(0...20 * scale)]))
        tag += 1
        let work = randomWork(requester, scale, &random)
        offers[requester].append(Offer(work: work, from: cycle, tag: tag))
      }
    }
  }

  static func randomTile(_ random: inout SplitMix64) -> TileSpec {
    let arrays = (0..<random.pick(1...3)).map { _ in randomArray(&random) }
    var tile = tile(
      arrays: arrays, lanes: random.pick(1...8), vectorLatency: random.pick(0...5),
      banks: random.pick([1, 2, 4, 8, 16, 64]), bankWidth: random.pick([1, 2, 4, 8, 12]),
      sramLatency: random.pick(0...3), beat: random.pick([4, 8, 16, 24]), costs: ["gelu": 3, "convert": 2])
    tile.vector.logCost = ["gelu": 2]
    tile.vector.formatFactor = ["FP32": 2]
    tile.vector.extraLatency = ["gelu": random.pick(0...9)]
    tile.sram.ports = random.pick(SRAMPorts.allCases)
    tile.sram.interleave = random.pick(SRAMInterleave.allCases)
    tile.sram.rowBytes = tile.sram.bankWidth * random.pick([1, 3, 4, 16])
    tile.sram.arbitration = random.pick(SRAMArbitration.allCases)
    tile.sram.ecc = random.pick(SRAMErrorCorrection.allCases)
    return tile
  }

  private static func randomArray(_ random: inout SplitMix64) -> MACArraySpec {
    var array = MACArraySpec(
      rows: random.pick(1...6), columns: random.pick(1...6), vectorWidth: random.pick([1, 1, 2, 4]),
      dataflow: random.pick(Dataflow.allCases), overlap: random.pick(TileOverlap.allCases),
      formats: ["pal8", "int8"], minimumIssue: random.pick(1...5))
    array.zeroGating = random.pick(ZeroGating.allCases)
    array.laneTiming = random.pick(LaneTiming.allCases)
    let sparsity = random.pick(StructuredSparsity.allCases)
    if array.dataflow == .weightStationary && array.reductionCapacity % sparsity.ratio.kept == 0 {
      array.sparsity = random.pick([.dense, sparsity])
    }
    array.edgeTiles = random.pick(EdgeTiles.allCases)
    return array
  }

  static func tile(
    arrays: [MACArraySpec], lanes: Int = 4, vectorLatency: Int = 0, banks: Int = 8, bankWidth: Int = 4,
    sramLatency: Int = 1, beat: Int = 16, costs: [String: Int] = [:]
  ) -> TileSpec {
    TileSpec(
      kind: "compute", dispatch: DispatchSpec(width: 1, window: 8, queueDepth: 8, syncLatency: 1),
      dma: DMASpec(loadEngines: 1, storeEngines: 1, maxOutstanding: 8, requestBytes: 256, sramBytesPerCycle: beat),
      arrays: arrays, vector: VectorSpec(lanes: lanes, latency: vectorLatency, cost: costs),
      sram: SRAMSpec(bytes: 1 << 20, banks: banks, bankWidth: bankWidth, latency: sramLatency),
      accumulator: AccumulatorSpec(bytes: 1 << 16, elementBytes: 4))
  }

  private func randomWork(_ requester: Int, _ scale: Int, _ random: inout SplitMix64) -> Work {
    switch requester {
    case 0, 1:
      let base = random.pick(0...7) == 0 ? LocalAddress.accumulatorBase : 0
      let address = base + Int64(random.pick([random.pick(0...999), 64 * random.pick(0...9)]))
      return .burst(write: requester == 0, address: address, bytes: Int64(random.pick(1...80 * scale)))
    case 2: return randomVector(scale, &random)
    default: return randomArrayWork(requester - 3, scale, &random)
    }
  }

  private func randomVector(_ scale: Int, _ random: inout SplitMix64) -> Work {
    let elements = random.pick(1...40 * scale)
    let hasSecond = random.pick(0...1) == 0
    // Cycles in a format nobody knows, in a logarithmic one, and in one that takes twice as long.
    let format = random.pick(0...2)
    let index = ["", "PAL8", "FP32"].map { VectorUnit.formatIndex($0) }[format]
    let (function, costs) = random.pick([(VectorFunction.add, [1, 1, 2]), (.gelu, [3, 2, 6])])
    let source = randomBytes(elements, &random)
    let destination =
      random.pick(0...3) == 0 ? randomBytes(max(1, elements / 5), &random) : randomBytes(elements, &random)
    if random.pick(0...4) == 0 {
      var convert = VectorOperation.convert(elements: Int64(elements), source: source, destination: destination)
      convert.format = index
      return .vector(convert, cost: [2, 2, 4][format])
    }
    var operation = VectorOperation.function(
      function, elements: Int64(elements), source: source, source2: hasSecond ? randomBytes(elements, &random) : .none,
      destination: destination)
    operation.format = index
    return .vector(operation, cost: costs[format])
  }

  /// A view of about `elements` elements of 1 to 4 bytes, whole or in pieces.
  private func randomBytes(_ elements: Int, _ random: inout SplitMix64) -> StridedView {
    let base = Int64(random.pick(0...600)) + (random.pick(0...4) == 0 ? LocalAddress.accumulatorBase : 0)
    let bytes = elements * random.pick([1, 2, 4])
    if random.pick(0...2) > 0 { return .contiguous(base, Int32(bytes)) }
    let pieces = random.pick(1...4)
    return StridedView(
      base: base, run: Int32(max(1, bytes / pieces)), count1: Int32(pieces), stride1: Int64(random.pick(0...90)),
      count2: Int32(random.pick(1...2)), stride2: Int64(random.pick(0...90)))
  }

  private func randomArrayWork(_ index: Int, _ scale: Int, _ random: inout SplitMix64) -> Work {
    let array = spec.arrays[index]
    let (rows, columns, block) = (array.rows, array.columns, array.blockReduction)
    let long = 12 * scale
    let format = UInt8(random.pick(0...1))
    let zeros = { (random: inout SplitMix64) in UInt16(random.pick([0, 0, 65_535, random.pick(0...65_535)])) }
    if array.dataflow != .outputStationary && random.pick(0...2) == 0 {
      let (k, n) = (random.pick(1...block), random.pick(1...columns))
      var operation = ArrayOperation.preload(
        rows: Int64(k), columns: Int64(n), source: randomBlock(k, n, &random), format: format)
      operation.zeros = zeros(&random)
      return .array(index, operation)
    }
    let limits =
      switch array.dataflow {
      case .weightStationary: (long, columns, block)
      case .inputStationary: (columns, long, block)
      case .outputStationary: (rows, columns, long * array.vectorWidth)
      }
    let (m, n, k) = (random.pick(1...limits.0), random.pick(1...limits.1), random.pick(1...limits.2))
    let steps =
      switch array.dataflow {
      case .weightStationary: m
      case .inputStationary: n
      case .outputStationary: (k + array.vectorWidth - 1) / array.vectorWidth
      }
    let second = array.dataflow == .outputStationary ? randomMoving(steps, &random) : .none
    var operation = ArrayOperation.matmul(
      m: Int64(m), n: Int64(n), k: Int64(k), source: randomMoving(steps, &random), source2: second,
      accumulate: random.pick(0...1) == 0, format: format)
    (operation.zeros, operation.zeros2) = (zeros(&random), zeros(&random))
    return .array(index, operation)
  }

  private func randomBlock(_ k: Int, _ n: Int, _ random: inout SplitMix64) -> StridedView {
    let base = Int64(random.pick(0...500))
    let stride = Int64(random.pick([n, 4 * n, 16, random.pick(0...70)]))
    if random.pick(0...4) == 0 {
      return StridedView(
        base: base, run: Int32(random.pick(1...4)), count1: Int32(n), stride1: stride, count2: Int32(k),
        stride2: Int64(random.pick([4, 8, 13])))
    }
    if k % 2 == 0 && random.pick(0...1) == 0 {
      return StridedView(
        base: base, run: Int32(n), count1: Int32(k / 2), stride1: stride, count2: 2,
        stride2: random.pick([stride * Int64(k / 2), 37]))
    }
    return StridedView(base: base, run: Int32(n), count1: Int32(k), stride1: stride)
  }

  private func randomMoving(_ steps: Int, _ random: inout SplitMix64) -> StridedView {
    let base = random.pick(0...9) == 0 ? LocalAddress.accumulatorBase : Int64(random.pick([random.pick(0...500), 64]))
    let stride = Int64(random.pick([4, 8, 16, 32, 64, random.pick(0...70)]))
    let rows = steps % 3 == 0 && random.pick(0...1) == 0 ? 3 : 1
    return StridedView(
      base: base, run: Int32(random.pick([random.pick(1...20), 4, 8])), count1: Int32(random.pick([1, 1, 2, 3])),
      stride1: Int64(random.pick([8, 16, random.pick(0...40)])), count2: Int32(steps / rows), stride2: stride,
      count3: Int32(rows), stride3: random.pick([stride * Int64(steps / rows), 100]))
  }
}
