import Foundation
import InstructionTrace
import Testing

/// A seeded generator: the seed of a failing case is in the test's message.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A folder that vanishes with its last user.
final class ScratchFolder {
  let path: String
  init() {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-tests-\(UUID().uuidString)").path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
  func file(_ name: String = "trace.pal.gz") -> String { path + "/" + name }
  var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}

func bytes(of path: String) -> [UInt8] { [UInt8](FileManager.default.contents(atPath: path) ?? Data()) }
func write(_ bytes: [UInt8], to path: String) {
  _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
}

/// Every dynamic record of a stream.
func records(_ file: TraceFile, stream: Int) throws -> [Instruction] {
  var cursor = try file.makeCursor(stream: stream)
  var instruction = Instruction()
  var all: [Instruction] = []
  while try cursor.next(into: &instruction) { all.append(instruction) }
  return all
}

/// The error a body throws.
func traceError(_ body: () throws -> Void) -> TraceError? {
  do { try body() } catch { return error as? TraceError }
  return nil
}

extension SplitMix64 {
  mutating func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }
  mutating func chance(_ percent: Int64) -> Bool { number(1...100) <= percent }

  /// A magnitude of a random order, so that short and long varints both occur.
  mutating func magnitude(_ limit: UInt64) -> UInt64 {
    let bits = UInt64(number(0...63))
    return (next() >> bits) % limit
  }

  mutating func view(none: Bool = false) -> StridedView {
    if none && chance(40) { return .none }
    var view = StridedView(base: Int64(bitPattern: next() >> UInt64(number(0...63))), run: Int32(number(1...4096)))
    if chance(50) { (view.count1, view.stride1) = (Int32(number(1...99)), number(-5000...5000)) }
    if chance(30) { (view.count2, view.stride2) = (Int32(number(1...99)), number(-50_000...50_000)) }
    if chance(10) { (view.count3, view.stride3) = (Int32.max, Int64.min) }
    return view
  }

  /// Any record the format can hold, with only the fields its opcode uses.
  mutating func instruction() -> Instruction {
    let opcodes = Opcode.allCases.filter { $0 != .repeat }
    var i = Instruction(opcodes[Int(number(0...Int64(opcodes.count - 1)))])
    let word = { (r: inout Self) in UInt32(r.magnitude(1 << 32)) }
    switch i.opcode {
    case .load: (i.tensor, i.tileSet, i.hbm, i.destination) = (word(&self), word(&self), view(), view())
    case .store: (i.tensor, i.source, i.hbm) = (word(&self), view(), view())
    case .copy: (i.tile, i.source, i.destination) = (word(&self), view(), view())
    case .preload:
      (i.unit, i.format, i.rows, i.columns, i.source) = (UInt8(number(0...255)), 3, word(&self), word(&self), view())
    case .matmul:
      (i.unit, i.format, i.m, i.n, i.k) = (UInt8(number(0...3)), 0, word(&self), word(&self), word(&self))
      (i.accumulate, i.source, i.source2, i.destination) = (chance(50), view(), view(none: true), view())
    case .vector:
      (i.function, i.format, i.elements) = (VectorFunction.allCases.randomElement(using: &self)!, 1, next())
      (i.source, i.source2, i.destination) = (view(none: true), view(none: true), view())
    case .convert:
      (i.format, i.outputFormat, i.elements, i.source, i.destination) = (1, 2, next() >> 40, view(), view())
    case .reduce:
      (i.function, i.format, i.elements, i.groups) = (.sum, 2, next() >> 50, word(&self))
      (i.source, i.destination) = (view(), view())
    case .signal: i.token = magnitude(1 << 40)
    case .wait: (i.token, i.signals, i.waiters) = (next(), word(&self), word(&self))
    case .barrier: (i.token, i.tileSet) = (magnitude(9), word(&self))
    case .regionBegin: i.region = word(&self)
    case .regionEnd, .mark: i.value = Int64(bitPattern: next() >> UInt64(number(0...63)))
    case .repeat: break
    }
    if i.opcode.rawValue < 0x30, chance(20) { (i.sourceStatistics, i.source2Statistics) = (word(&self), word(&self)) }
    for _ in 0..<number(0...8) where chance(30) { i.addDependency(distance: 1 + UInt32(magnitude(1 << 30))) }
    return i
  }
}

/// A header with something in every table.
func richHeader() -> TraceHeader {
  var header = TraceHeader()
  header.producer = "palsim \"0.1\"\n"
  header.command = "palsim compile ü.csv"
  header.formats = [
    FormatEntry(name: "int8", bits: 8, layout: "s1 i7"), FormatEntry(name: "pal8", bits: 8, layout: "s1 e4 f3"),
    FormatEntry(name: "fp32", bits: 32, layout: "s1 e8 f23"), FormatEntry(name: "odd name", bits: 3, layout: ""),
  ]
  header.tensors = [
    TensorEntry(name: "weights", shape: [64, 64], format: 0, address: 0x1000, bytes: 4096, kind: .weight),
    TensorEntry(name: "in put", shape: [], format: 1, address: UInt64.max, bytes: UInt64.max, kind: .input),
    TensorEntry(name: "weights", shape: [1], format: 2, address: 0, bytes: 4, kind: .output),
    TensorEntry(name: "tile", shape: [0, 7], format: 9, address: 1, bytes: 0, kind: .intermediate),
  ]
  header.tileSets = [TileSet(tiles: [0, 1, 2, 3]), TileSet(tiles: []), TileSet(tiles: [4_294_967_295])]
  header.regions = [RegionEntry(name: "conv1", kind: "conv", macs: 118_013_952, compulsoryBytes: 1)]
  header.operandStatistics = [
    OperandStatistics(
      zeroFraction: 65535, toggles: 0, firstExponent: -32768, exponentHistogram: [1, 0, 4_294_967_295]),
    OperandStatistics(zeroFraction: 1, toggles: 2, firstExponent: 3, exponentHistogram: []),
  ]
  header.requirements.chips = 2
  header.requirements.tiles = 4
  header.requirements.sramBytes = 1 << 20
  header.requirements.accumulatorBytes = 65536
  header.requirements.hbmBytes = 1 << 33
  header.requirements.arrays = [
    ArrayRequirement(rows: 16, columns: 8, vectorWidth: 32, dataflow: "weight-stationary", formats: ["int8", "pal8"]),
    ArrayRequirement(rows: 1, columns: 1, vectorWidth: 1, dataflow: "output-stationary", formats: []),
  ]
  header.metadata = [Metadata(key: "model", value: "resnet50"), Metadata(key: "", value: "\t\\\u{1F600}")]
  return header
}

/// Writes a random trace; returns what its streams must decode to, expanded naively.
func writeRandomTrace(
  _ path: String, seed: UInt64, streams: Int = 3, records: Int = 400, level: Int32 = 6
) throws -> (digest: TraceDigest, expected: [[Instruction]]) {
  var random = SplitMix64(seed: seed)
  let keys = (0..<streams).map { StreamKey(chip: 0, tile: UInt32($0)) }
  var writer = try TraceWriter(path: path, header: richHeader(), streams: keys, compressionLevel: level)
  var expected = [[Instruction]](repeating: [], count: streams)
  for _ in 0..<records {
    let stream = Int(random.number(0...Int64(streams - 1)))
    if random.chance(5) {
      expected[stream] += try writeRepeat(&writer, &random, stream, depth: 0, around: [])
    } else {
      let instruction = random.instruction()
      try writer.append(instruction, to: stream)
      expected[stream].append(instruction)
    }
  }
  return (try writer.finish(), expected)
}

/// Writes a repeat and gives its expansion. `around` holds the enclosing counts.
private func writeRepeat(
  _ writer: inout TraceWriter, _ random: inout SplitMix64, _ stream: Int, depth: Int, around: [UInt32]
) throws -> [Instruction] {
  let node = RepeatNode(&random, depth: depth)
  try node.write(&writer, stream)
  return node.expanded(counters: [])
}

/// The naive twin of a repeat: a tree, expanded by recursion.
private indirect enum RepeatNode {
  case record(Instruction, [OperandStride])
  case loop(UInt32, [RepeatNode])

  init(_ random: inout SplitMix64, depth: Int) {
    var body: [RepeatNode] = []
    for _ in 0..<random.number(1...4) {
      if depth < 3, random.chance(30) {
        body.append(RepeatNode(&random, depth: depth + 1))
      } else {
        var strides: [OperandStride] = []
        for field in OperandStride.Field.allCases where random.chance(30) {
          let level = UInt8(random.number(0...Int64(depth)))
          strides.append(OperandStride(level: level, field: field, step: random.number(-9999...9999)))
        }
        body.append(.record(random.instruction(), strides))
      }
    }
    self = .loop(UInt32(random.number(1...4)), body)
  }

  func write(_ writer: inout TraceWriter, _ stream: Int) throws {
    switch self {
    case .record(let i, let strides): try writer.append(i, strides: strides, to: stream)
    case .loop(let count, let body):
      try writer.beginRepeat(count: count, stream: stream)
      for node in body { try node.write(&writer, stream) }
      try writer.endRepeat(stream: stream)
    }
  }

  func expanded(counters: [UInt32]) -> [Instruction] {
    switch self {
    case .loop(let count, let body):
      return (0..<count).flatMap { time in body.flatMap { $0.expanded(counters: counters + [time]) } }
    case .record(var i, let strides):
      for stride in strides {
        let distance = stride.step * Int64(counters[Int(stride.level)])
        switch stride.field {
        case .source: i.source.base &+= distance
        case .source2: i.source2.base &+= distance
        case .destination: i.destination.base &+= distance
        case .hbm: i.hbm.base &+= distance
        case .token: i.token &+= UInt64(bitPattern: distance)
        case .tile: i.tile &+= UInt32(truncatingIfNeeded: distance)
        case .tensor: i.tensor &+= UInt32(truncatingIfNeeded: distance)
        }
      }
      return [i]
    }
  }
}
