import InstructionTrace

@testable import ModelCompiler

/// Executes a compiled network on bytes, in any order that its dependencies allow: the proof that addresses and
/// dependencies are right. One record at a time, chosen by the generator among those that may run.
///
/// Arithmetic wraps. Functions without an integer meaning are the identity (`exponential`, `scale`, ...), here and in the
/// reference they are compared with.
struct Interpreter {
  private(set) var memory: [UInt8]
  /// MACs done.
  private(set) var macs = 0
  private var scratchpads: [[UInt8]]
  private var accumulators: [[UInt8]]
  /// By stream and array: the stationary block, k rows of n.
  private var blocks: [[[[Int]]]]
  private let header: TraceHeader
  private let streams: [[Instruction]]
  private let dataflow: String
  /// By stream of the machine tile.
  private let streamOfTile: [UInt32: Int]

  private static let unused: UInt8 = 0xA5

  init(_ network: CompiledNetwork, memory: [UInt8]) {
    self.memory = memory
    header = network.header
    streams = network.streams
    dataflow = network.header.requirements.arrays[0].dataflow
    let needs = network.header.requirements
    scratchpads = streams.map { _ in Array(repeating: Self.unused, count: Int(needs.sramBytes)) }
    accumulators = streams.map { _ in Array(repeating: Self.unused, count: Int(needs.accumulatorBytes)) }
    blocks = streams.map { _ in Array(repeating: [], count: needs.arrays.count) }
    streamOfTile = Dictionary(uniqueKeysWithValues: network.plan.target.tiles.enumerated().map { ($1, $0) })
  }

  /// Runs everything; false when no record may run and some are left (a deadlock).
  mutating func run(using generator: inout SplitMix64) -> Bool {
    var schedule = Schedule(streams, header)
    while let (stream, record) = schedule.next(using: &generator) { execute(streams[stream][record], stream) }
    return schedule.isDone
  }

  private mutating func execute(_ i: Instruction, _ stream: Int) {
    switch i.opcode {
    case .load:
      let bytes = Self.addresses(i.hbm).map { memory[Int(header.tensors[Int(i.tensor)].address) + $0] }
      let tiles = i.tileSet == 0 ? [stream] : header.tileSets[Int(i.tileSet) - 1].tiles.map { streamOfTile[$0]! }
      for tile in tiles {
        for (address, byte) in zip(Self.addresses(i.destination), bytes) { write(byte, address, tile) }
      }
    case .store:
      let bytes = Self.addresses(i.source).map { read($0, stream) }
      for (offset, byte) in zip(Self.addresses(i.hbm), bytes) {
        memory[Int(header.tensors[Int(i.tensor)].address) + offset] = byte
      }
    case .preload: preload(i, stream)
    case .matmul: multiply(i, stream)
    case .vector, .convert: elementwise(i, stream)
    case .reduce: reduce(i, stream)
    default: break
    }
  }

  // MARK: Memory

  /// Byte addresses of a view, dimension 1 fastest.
  static func addresses(_ view: StridedView) -> [Int] {
    var list: [Int] = []
    list.reserveCapacity(Int(view.bytes))
    for i3 in 0..<Int(view.count3) {
      for i2 in 0..<Int(view.count2) {
        for i1 in 0..<Int(view.count1) {
          let start = Int(view.base) + i1 * Int(view.stride1) + i2 * Int(view.stride2) + i3 * Int(view.stride3)
          list.append(contentsOf: start..<(start + Int(view.run)))
        }
      }
    }
    return list
  }

  private func read(_ address: Int, _ stream: Int) -> UInt8 {
    let base = Int(LocalAddress.accumulatorBase)
    return address < base ? scratchpads[stream][address] : accumulators[stream][address - base]
  }

  private mutating func write(_ byte: UInt8, _ address: Int, _ stream: Int) {
    let base = Int(LocalAddress.accumulatorBase)
    if address < base { scratchpads[stream][address] = byte } else { accumulators[stream][address - base] = byte }
  }

  /// Elements of a view, `count` of them: their width follows; one byte or four, signed.
  private func elements(_ view: StridedView, _ count: Int, _ stream: Int) -> [Int] {
    let bytes = Self.addresses(view).map { read($0, stream) }
    let width = bytes.count / count
    precondition(width * count == bytes.count && (width == 1 || width == 4), "\(view) does not hold \(count) elements")
    return (0..<count).map { index in
      if width == 1 { return Int(Int8(bitPattern: bytes[index])) }
      let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index * 4 + $1]) << UInt32(8 * $1) }
      return Int(Int32(bitPattern: word))
    }
  }

  private mutating func put(_ values: [Int], _ view: StridedView, _ stream: Int) {
    let addresses = Self.addresses(view)
    let width = addresses.count / values.count
    precondition(width * values.count == addresses.count && (width == 1 || width == 4))
    for (index, value) in values.enumerated() {
      for byte in 0..<width {
        write(UInt8(truncatingIfNeeded: value >> (8 * byte)), addresses[index * width + byte], stream)
      }
    }
  }

  // MARK: Arithmetic

  private mutating func preload(_ i: Instruction, _ stream: Int) {
    let (k, n) = (Int(i.rows), Int(i.columns))
    let flat = elements(i.source, k * n, stream)
    blocks[stream][Int(i.unit)] = (0..<k).map { Array(flat[($0 * n)..<(($0 + 1) * n)]) }
  }

  private mutating func multiply(_ i: Instruction, _ stream: Int) {
    let (m, n, k) = (Int(i.m), Int(i.n), Int(i.k))
    let block = blocks[stream][Int(i.unit)]
    let moving = elements(i.source, dataflow == "input-stationary" ? n * k : m * k, stream)
    let second = dataflow == "output-stationary" ? elements(i.source2, k * n, stream) : []
    // An output-stationary array takes V of the reduction in a step.
    let width = min(k, Int(header.requirements.arrays[0].vectorWidth))
    func product(_ row: Int, _ column: Int, _ inner: Int) -> Int {
      switch dataflow {
      case "weight-stationary": moving[row * k + inner] * block[inner][column]
      case "output-stationary":
        moving[(inner / width * m + row) * width + inner % width] * second[inner * n + column]
      default: block[inner][row] * moving[column * k + inner]
      }
    }
    var sums = i.accumulate ? elements(i.destination, m * n, stream) : Array(repeating: 0, count: m * n)
    for row in 0..<m {
      for column in 0..<n {
        for inner in 0..<k { sums[row * n + column] += product(row, column, inner) }
      }
    }
    macs += m * n * k
    put(sums, i.destination, stream)
  }

  private mutating func elementwise(_ i: Instruction, _ stream: Int) {
    let count = Int(i.elements)
    if i.opcode == .vector, i.function == .fill {
      put(Array(repeating: 0, count: count), i.destination, stream)
      return
    }
    let a = elements(i.source, count, stream)
    if i.source2 == .none {
      put(i.opcode == .convert ? a : a.map { Pseudo.apply(i.function, $0) }, i.destination, stream)
    } else {
      let b = elements(i.source2, count, stream)
      put(zip(a, b).map { Pseudo.apply(i.function, $0, $1) }, i.destination, stream)
    }
  }

  private mutating func reduce(_ i: Instruction, _ stream: Int) {
    let (count, groups) = (Int(i.elements), Int(i.groups))
    let flat = elements(i.source, count * groups, stream)
    let values = (0..<groups).map { group in
      flat[(group * count)..<((group + 1) * count)].reduce(i.function == .maximum ? Int.min : 0) {
        i.function == .maximum ? max($0, $1) : $0 &+ $1
      }
    }
    put(values, i.destination, stream)
  }
}

/// Integer stand-ins for the vector functions, shared by the interpreter and the references.
enum Pseudo {
  static func apply(_ function: VectorFunction, _ a: Int) -> Int { function == .relu ? max(a, 0) : a }

  static func apply(_ function: VectorFunction, _ a: Int, _ b: Int) -> Int {
    switch function {
    case .add: wrap(a + b)
    case .subtract: wrap(a - b)
    case .multiply: wrap(a * b)
    case .maximum: max(a, b)
    default: fatalError("no two-operand meaning for \(function)")
    }
  }

  /// What a 32-bit accumulator keeps.
  static func wrap(_ value: Int) -> Int { Int(Int32(truncatingIfNeeded: value)) }
}
