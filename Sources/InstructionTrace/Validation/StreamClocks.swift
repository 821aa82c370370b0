/// The clocks of one stream during the replay: of recent records, of its FIFO units, and its chains.
struct StreamClocks {
  private var ring: [RecordClock]
  private var kept: [Int64: RecordClock] = [:]
  private let far: Set<Int64>
  /// One past the last record of each chain.
  private var chainEnds: [UInt32] = []
  private var unitChains: [Int: Int] = [:]
  private var unitClocks: [Int: RecordClock] = [:]
  private var transferChains: [Int] = []

  init(window: Int, far: Set<Int64>) {
    ring = Array(repeating: RecordClock(), count: window + 1)
    self.far = far
  }

  /// What is before the record by its dependencies and its unit's order.
  func clock(before i: Instruction, record: Int64) -> RecordClock {
    var clock = RecordClock()
    if let unit = i.unitIndex, let previous = unitClocks[unit] { clock = previous }
    for d in 0..<Int(i.dependencyCount) {
      let target = record - Int64(i.dependencies[d])
      if target < 0 { continue }
      let isNear = record - target < Int64(ring.count)
      clock.merge(isNear ? ring[Int(target % Int64(ring.count))] : kept[target] ?? RecordClock())
    }
    return clock
  }

  /// Records what holds after the record, and gives its chain: -1 when nothing can be ordered after it.
  mutating func finish(_ i: Instruction, record: Int64, before: RecordClock, hasDependents: Bool) -> Int {
    var clock = before
    var chain = -1
    if let unit = i.unitIndex {
      chain = chainOfUnit(unit)
    } else if i.opcode.isTransfer && hasDependents {
      chain = transferChain(before)
    }
    if chain >= 0 {
      let end = UInt32(record + 1)
      clock.advance(chain: chain, to: end)
      chainEnds[chain] = end
    }
    if let unit = i.unitIndex { unitClocks[unit] = clock }
    if hasDependents && far.contains(record) { kept[record] = clock }
    ring[Int(record % Int64(ring.count))] = clock
    return chain
  }

  private mutating func chainOfUnit(_ unit: Int) -> Int {
    if let chain = unitChains[unit] { return chain }
    chainEnds.append(0)
    unitChains[unit] = chainEnds.count - 1
    return chainEnds.count - 1
  }

  /// The first chain whose last record is before this one, or a new chain.
  private mutating func transferChain(_ before: RecordClock) -> Int {
    for chain in transferChains where ClockVector.value(before.local, chain) == chainEnds[chain] { return chain }
    chainEnds.append(0)
    transferChains.append(chainEnds.count - 1)
    return chainEnds.count - 1
  }
}

extension Instruction {
  /// The unit whose records run in order: 0...255 the MAC arrays, 256 the vector unit; nil for all others.
  var unitIndex: Int? {
    switch opcode {
    case .preload, .matmul: Int(unit)
    case .vector, .convert, .reduce: 256
    default: nil
    }
  }
}

extension Opcode {
  /// Runs on a DMA engine, where program order orders nothing.
  var isTransfer: Bool { self == .load || self == .store || self == .copy }
}
