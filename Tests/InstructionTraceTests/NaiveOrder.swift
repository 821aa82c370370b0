import InstructionTrace

/// The slow twin of `validate`: the rules of order as a graph, reachability by plain search, bytes as plain sets.
struct NaiveOrder {
  struct Record {
    var stream: Int
    var index: Int
    var instruction: Instruction
  }

  let header: TraceHeader
  let keys: [StreamKey]
  private var records: [Record] = []
  /// Edges between instants: 2n is the start of record n, 2n + 1 its end.
  private var order: [[Int]] = []
  private var programOrder: [(Int, Int)] = []

  init(_ header: TraceHeader, _ keys: [StreamKey], _ streams: [[Instruction]]) {
    self.header = header
    self.keys = keys
    for (s, instructions) in streams.enumerated() {
      for (i, instruction) in instructions.enumerated() {
        records.append(Record(stream: s, index: i, instruction: instruction))
      }
    }
    order = Array(repeating: [], count: 2 * records.count)
    for n in records.indices { connect(n) }
  }

  private mutating func connect(_ n: Int) {
    let me = records[n]
    order[2 * n].append(2 * n + 1)
    if me.index > 0 { programOrder.append((2 * n - 1, 2 * n)) }
    for d in 0..<Int(me.instruction.dependencyCount) {
      let distance = Int(me.instruction.dependencies[d])
      if distance <= me.index { order[2 * (n - distance) + 1].append(2 * n) }
    }
    for (m, other) in records.enumerated() where m != n {
      if m < n, other.stream == me.stream, let unit = unit(me), unit == self.unit(other) {
        order[2 * m + 1].append(2 * n)
      }
      let (a, b) = (other.instruction, me.instruction)
      if a.opcode == .signal && b.opcode == .wait && a.token == b.token { order[2 * m + 1].append(2 * n + 1) }
      if a.opcode == .barrier && b.opcode == .barrier && a.token == b.token && round(m) == round(n) {
        order[2 * m].append(2 * n + 1)
      }
    }
  }

  private func unit(_ record: Record) -> Int? {
    switch record.instruction.opcode {
    case .preload, .matmul: Int(record.instruction.unit)
    case .vector, .convert, .reduce: 1000
    default: nil
    }
  }

  /// How many arrivals at the same barrier come before in the same stream.
  private func round(_ n: Int) -> Int {
    records[..<n].filter {
      $0.stream == records[n].stream && $0.instruction.opcode == .barrier
        && $0.instruction.token == records[n].instruction.token
    }.count
  }

  var isCyclic: Bool {
    var edges = order
    for (from, to) in programOrder { edges[from].append(to) }
    var incoming = Array(repeating: 0, count: edges.count)
    for to in edges.joined() { incoming[to] += 1 }
    var ready = edges.indices.filter { incoming[$0] == 0 }
    var done = 0
    while let node = ready.popLast() {
      done += 1
      for to in edges[node] {
        incoming[to] -= 1
        if incoming[to] == 0 { ready.append(to) }
      }
    }
    return done < edges.count
  }

  /// Every pair of unordered records that touch the same bytes, a write among them.
  func races() -> Set<[Int]> {
    let reach = records.indices.map { reachable(from: 2 * $0 + 1) }
    let touched = records.map { touches($0) }
    var races: Set<[Int]> = []
    for a in records.indices {
      for b in records.indices where b > a && !reach[a].contains(2 * b) && !reach[b].contains(2 * a) {
        let (x, y) = (touched[a], touched[b])
        let writesMeet =
          !x.writes.isDisjoint(with: y.writes) || !x.writes.isDisjoint(with: y.reads)
          || !x.reads.isDisjoint(with: y.writes)
        if writesMeet { races.insert([records[a].stream, records[a].index, records[b].stream, records[b].index]) }
      }
    }
    return races
  }

  private func reachable(from start: Int) -> Set<Int> {
    var seen: Set<Int> = [start]
    var open = [start]
    while let node = open.popLast() {
      for next in order[node] where seen.insert(next).inserted { open.append(next) }
    }
    return seen
  }

  /// (memory, chip, tile or 0, byte or granule).
  private func touches(_ record: Record) -> (reads: Set<[Int]>, writes: Set<[Int]>) {
    let i = record.instruction
    let key = keys[record.stream]
    var reads: Set<[Int]> = []
    var writes: Set<[Int]> = []
    switch i.opcode {
    case .load:
      reads.formUnion(remote(i, key))
      let tiles = i.tileSet == 0 ? [key.tile] : header.tileSets[Int(i.tileSet) - 1].tiles
      for tile in tiles { writes.formUnion(local(i.destination, key.chip, tile)) }
    case .store:
      reads.formUnion(local(i.source, key.chip, key.tile))
      writes.formUnion(remote(i, key))
    case .copy:
      reads.formUnion(local(i.source, key.chip, key.tile))
      writes.formUnion(local(i.destination, key.chip, i.tile))
    default:
      for view in [i.source, i.source2] { reads.formUnion(local(view, key.chip, key.tile)) }
      writes.formUnion(local(i.destination, key.chip, key.tile))
      if i.accumulate { reads.formUnion(local(i.destination, key.chip, key.tile)) }
    }
    return (reads, writes)
  }

  private func local(_ view: StridedView, _ chip: UInt32, _ tile: UInt32) -> Set<[Int]> {
    Set(bytes(view).map { [0, Int(chip), Int(tile), $0 / 32] })
  }

  private func remote(_ i: Instruction, _ key: StreamKey) -> Set<[Int]> {
    let base = Int(header.tensors[Int(i.tensor)].address)
    return Set(bytes(i.hbm).map { [1, Int(key.chip), 0, base + $0] })
  }

  private func bytes(_ view: StridedView) -> [Int] {
    var all: [Int] = []
    for i3 in 0..<Int64(view.count3) {
      for i2 in 0..<Int64(view.count2) {
        for i1 in 0..<Int64(view.count1) {
          let start = view.base + i1 * view.stride1 + i2 * view.stride2 + i3 * view.stride3
          all += (0..<Int64(view.run)).map { Int(start + $0) }
        }
      }
    }
    return all
  }
}
