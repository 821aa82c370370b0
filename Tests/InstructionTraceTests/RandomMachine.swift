import InstructionTrace

/// Random small traces for `validate`: legal indices and addresses, random order.
struct RandomMachine {
  var random: SplitMix64
  let streams: Int
  static let sram: Int64 = 512

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    streams = Int(random.number(1...3))
  }

  var keys: [StreamKey] { (0..<streams).map { StreamKey(chip: $0 == 2 ? 1 : 0, tile: UInt32($0 % 2)) } }

  var header: TraceHeader {
    var header = TraceHeader()
    header.formats = [FormatEntry(name: "int8", bits: 8, layout: "s1 i7")]
    // Two tensors that overlap, and one apart.
    for (n, address) in [0, 100, 600].enumerated() {
      header.tensors.append(
        TensorEntry(
          name: "t\(n)", shape: [300], format: 0, address: UInt64(address), bytes: 300, kind: .intermediate))
    }
    header.tileSets = [TileSet(tiles: [0, 1]), TileSet(tiles: [1])]
    header.requirements.chips = 2
    header.requirements.tiles = 2
    header.requirements.sramBytes = UInt64(Self.sram)
    header.requirements.accumulatorBytes = 128
    header.requirements.hbmBytes = 1000
    header.requirements.arrays = (0..<2).map { _ in
      ArrayRequirement(rows: 4, columns: 4, vectorWidth: 1, dataflow: "weight-stationary", formats: ["int8"])
    }
    return header
  }

  private mutating func view(_ size: Int64) -> StridedView {
    while true {
      var view = StridedView(base: random.number(0...size - 1), run: Int32(random.number(1...40)))
      if random.chance(40) { (view.count1, view.stride1) = (Int32(random.number(1...4)), random.number(-90...90)) }
      if random.chance(20) { (view.count2, view.stride2) = (Int32(random.number(1...3)), random.number(-90...90)) }
      let reach = { (count: Int32, stride: Int64) in Int64(count - 1) * stride }
      let steps = [reach(view.count1, view.stride1), reach(view.count2, view.stride2)]
      let low = view.base + steps.filter { $0 < 0 }.reduce(0, +)
      let high = view.base + Int64(view.run) + steps.filter { $0 > 0 }.reduce(0, +)
      if low >= 0 && high <= size { return view }
    }
  }

  private mutating func local() -> StridedView {
    if random.chance(15) { return .contiguous(LocalAddress.accumulatorBase + random.number(0...3) * 32, 32) }
    return view(Self.sram)
  }

  private mutating func work() -> Instruction {
    var i = Instruction([.load, .load, .store, .copy, .preload, .matmul, .vector, .reduce][Int(random.number(0...7))])
    switch i.opcode {
    case .load, .store:
      i.tensor = UInt32(random.number(0...2))
      i.hbm = view(300)
      if i.opcode == .store { i.source = local() } else { i.destination = local() }
      if i.opcode == .load, random.chance(20) { i.tileSet = UInt32(random.number(1...2)) }
    case .copy: (i.tile, i.source, i.destination) = (UInt32(random.number(0...1)), local(), local())
    case .preload: (i.unit, i.rows, i.columns, i.source) = (UInt8(random.number(0...1)), 4, 4, local())
    case .matmul:
      (i.unit, i.m, i.n, i.k, i.accumulate) = (UInt8(random.number(0...1)), 4, 4, 4, random.chance(50))
      (i.source, i.destination) = (local(), local())
    default: (i.elements, i.groups, i.source, i.destination) = (4, 1, local(), local())
    }
    return i
  }

  /// `density`: percent of likelihood that a record depends on each of the six before it.
  mutating func trace(density: Int64) -> [[Instruction]] {
    var all = (0..<streams).map { _ in (0..<random.number(3...14)).map { _ in work() } }
    for token in 0..<random.number(0...5) { addToken(UInt64(token), &all) }
    if streams >= 2, random.chance(30) {
      for _ in 0..<random.number(1...2) { for s in 0..<2 { insert(barrier(), s, &all) } }
    }
    for s in all.indices {
      for r in all[s].indices {
        for distance in 1...9 where all[s][r].dependencyCount < 8 && random.chance(density) {
          all[s][r].addDependency(distance: UInt32(distance))
        }
      }
    }
    return all
  }

  private func barrier() -> Instruction {
    var i = Instruction(.barrier)
    (i.token, i.tileSet) = (77, 1)
    return i
  }

  private mutating func insert(_ i: Instruction, _ stream: Int, _ all: inout [[Instruction]]) {
    all[stream].insert(i, at: Int(random.number(0...Int64(all[stream].count))))
  }

  private mutating func addToken(_ token: UInt64, _ all: inout [[Instruction]]) {
    let signals = random.number(1...2)
    let waiters = random.number(1...2)
    for _ in 0..<signals {
      var i = Instruction(.signal)
      i.token = token
      insert(i, Int(random.number(0...Int64(streams - 1))), &all)
    }
    for _ in 0..<waiters {
      var i = Instruction(.wait)
      (i.token, i.signals, i.waiters) = (token, UInt32(signals), UInt32(waiters))
      insert(i, Int(random.number(0...Int64(streams - 1))), &all)
    }
  }
}

func writeTrace(_ path: String, _ header: TraceHeader, _ keys: [StreamKey], _ streams: [[Instruction]]) throws {
  var writer = try TraceWriter(path: path, header: header, streams: keys, compressionLevel: 1)
  for (s, stream) in streams.enumerated() {
    for instruction in stream { try writer.append(instruction, to: s) }
  }
  _ = try writer.finish()
}
