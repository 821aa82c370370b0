import Testing

@testable import Simulator

/// The recorder's slow twin: an array with one entry a local cycle, stepped cycle by cycle.
private struct NaiveSeries {
  var value: [Int64]
  var slope: [Int64]
  var curvature: [Int64]
  var gaps: [Int64]

  init(cycles: Int) {
    value = Array(repeating: 0, count: cycles)
    slope = value
    curvature = value
    gaps = value
  }

  /// Values of the first `end` global cycles.
  func globalValues(end: Int) -> [Int64] {
    var result: [Int64] = []
    var (v, d, c): (Int64, Int64, Int64) = (0, 0, 0)
    for cycle in value.indices {
      result += Array(repeating: 0, count: Int(gaps[cycle]))
      v += value[cycle]
      d += slope[cycle]
      c += curvature[cycle]
      result.append(v)
      v += d
      d += c
    }
    while result.count < end {
      result.append(v)
      v += d
      d += c
    }
    return Array(result.prefix(end))
  }
}

/// Collects what the recorder hands over; a class because the sink outlives the call that makes it.
private final class Pieces {
  var pieces: [Int32: [[UInt8]]] = [:]
  /// Of each piece, in the order of the calls.
  var extents: [(signal: Int32, start: SeriesState, end: SeriesState, extent: SeriesExtent)] = []

  var sink: ActivityRecorder.Sink {
    ActivityRecorder.Sink { id, piece in
      self.pieces[id.index, default: []].append(Array(piece.bytes))
      self.extents.append((id.index, piece.start, piece.end, piece.extent))
    }
  }
}

/// Lists a series' value in every cycle.
private struct ValueList: SeriesVisitor {
  var values: [Int64] = []

  mutating func visit(_ value: Int64, from cycle: Int64, cycles: Int64) {
    #expect(cycle == values.count)
    values += Array(repeating: value, count: Int(cycles))
  }

  mutating func visit(_ state: SeriesState, cycles: Int64) {
    #expect(state.cycle == values.count)
    values += (0..<cycles).map { state.value(after: $0) }
  }
}

/// Decodes a series, which may be of several pieces, into one value a cycle.
private func decode(_ pieces: [[UInt8]], end: Int) -> [Int64] {
  var list = ValueList()
  var state = SeriesState()
  for bytes in pieces {
    bytes.withUnsafeBytes { raw in
      var reader = SeriesReader(raw)
      #expect(reader.read(from: &state, by: &list))
    }
  }
  if list.values.count < end { list.visit(state, cycles: Int64(end - list.values.count)) }
  return Array(list.values.prefix(end))
}

private func signal(_ domain: ClockDomain = .tile, hasOwnClock: Bool = false) -> SignalInfo {
  SignalInfo(
    name: "s", unit: "things", definition: "Test.", kind: .count, domain: domain, hasOwnClock: hasOwnClock)
}

@Suite struct ActivityRecorderTests {
  @Test(arguments: 0..<60 as Range<UInt64>)
  func equalsOneEntryACycle(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let cycles = Int.random(in: 50...600, using: &random)
    let withGaps = seed % 2 == 0
    let pieces = Pieces()
    var recorder = ActivityRecorder(sink: pieces.sink)
    let ids = (0..<5).map { _ in recorder.register(signal(hasOwnClock: withGaps)) }
    var twins = ids.map { _ in NaiveSeries(cycles: cycles + 1) }
    var promised = 0
    while promised < cycles {
      let next = min(cycles, promised + Int.random(in: 1...40, using: &random))
      for (id, index) in zip(ids, ids.indices) {
        for _ in 0..<Int.random(in: 0...8, using: &random) {
          record(id, from: promised, cycles, withGaps, &recorder, &twins[index], &random)
        }
      }
      promised = next
      if withGaps {
        for id in ids { recorder.flush(id, before: Int64(promised)) }
      } else {
        recorder.flush(.tile, before: Int64(promised))
      }
    }
    let end = cycles + Int(twins.map { $0.gaps.reduce(0, +) }.max() ?? 0)
    let totals = recorder.finish(cycles: [Int64(end), 0, 0])
    for (index, twin) in twins.enumerated() {
      let expected = twin.globalValues(end: end)
      #expect(decode(pieces.pieces[Int32(index)] ?? [], end: end) == expected, "seed \(seed)")
      #expect(totals[index] == expected.reduce(0, +), "seed \(seed)")
      for piece in pieces.extents where piece.signal == index {
        let values = expected[min(end, Int(piece.start.cycle))..<min(end, Int(piece.end.cycle))]
        guard Int(piece.end.cycle) <= end, let least = values.min(), let most = values.max() else { continue }
        let extent = SeriesExtent(
          minimum: least, maximum: most, sum: values.reduce(0, +), cycles: Int64(values.count))
        #expect(piece.extent == extent, "seed \(seed)")
      }
    }
  }

  /// One random change at or after `promised`, in the recorder and in its twin.
  private func record(
    _ id: SignalID, from promised: Int, _ cycles: Int, _ withGaps: Bool, _ recorder: inout ActivityRecorder,
    _ twin: inout NaiveSeries, _ random: inout SplitMix64
  ) {
    let start = Int.random(in: promised...cycles, using: &random)
    let stop = Int.random(in: start...cycles, using: &random)
    let amount = Int64.random(in: -40...200, using: &random)
    switch Int.random(in: 0...(withGaps ? 3 : 2), using: &random) {
    case 0:
      recorder.add(id, from: Int64(start), to: Int64(stop), rate: amount)
      twin.value[start] += amount
      twin.value[stop] -= amount
    case 1:
      recorder.change(id, at: Int64(start), value: amount, slope: 3, curvature: -1)
      twin.value[start] += amount
      twin.slope[start] += 3
      twin.curvature[start] -= 1
    case 2:
      recorder.change(id, at: Int64(start), value: 0, slope: amount)
      twin.slope[start] += amount
    default:
      recorder.gap(id, at: Int64(start), cycles: abs(amount))
      twin.gaps[start] += abs(amount)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func translatesGlobalPromisesByTheGapsItKnows(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let pieces = Pieces()
    var recorder = ActivityRecorder(sink: pieces.sink)
    let id = recorder.register(signal())
    var twin = NaiveSeries(cycles: 2000)
    var (local, shift) = (0, 0)
    while local < 1500 {
      let stall = Int.random(in: 0...30, using: &random)
      recorder.gap(id, at: Int64(local), cycles: Int64(stall))
      twin.gaps[local] += Int64(stall)
      shift += stall
      if Bool.random(using: &random) { recorder.flush(.tile, before: Int64(local + shift)) }
      let length = Int.random(in: 1...60, using: &random)
      recorder.add(id, from: Int64(local), to: Int64(local + length), rate: 7)
      twin.value[local] += 7
      twin.value[local + length] -= 7
      local += Int.random(in: 1...length, using: &random)
      recorder.flush(.tile, before: Int64(local + shift))
    }
    let end = local + shift
    let total = recorder.finish(cycles: [Int64(end), 0, 0])[0]
    let expected = twin.globalValues(end: end)
    #expect(decode(pieces.pieces[0] ?? [], end: end) == expected, "seed \(seed)")
    #expect(total == expected.reduce(0, +), "seed \(seed)")
  }

  @Test func levelsAndDomains() {
    let pieces = Pieces()
    var recorder = ActivityRecorder(sink: pieces.sink)
    let depth = recorder.register(signal(.hbm))
    let other = recorder.register(signal(.noc))
    recorder.set(depth, at: 3, to: 5)
    recorder.set(depth, at: 3, to: 6)
    recorder.set(depth, at: 7, to: 6)
    recorder.set(depth, at: 9, to: 1)
    recorder.add(other, from: 2, to: 4, rate: 10)
    recorder.flush(.hbm, before: 8)
    let totals = recorder.finish(cycles: [0, 3, 12])
    #expect(totals == [6 * 6 + 3, 10])
    #expect(decode(pieces.pieces[0] ?? [], end: 12) == [0, 0, 0, 6, 6, 6, 6, 6, 6, 1, 1, 1])
  }

  /// Back-to-back segments at one rate are one segment in the file, and pieces stay near their size.
  @Test func mergesAndCutsPieces() {
    let pieces = Pieces()
    var recorder = ActivityRecorder(sink: pieces.sink)
    let merged = recorder.register(signal())
    let busy = recorder.register(signal())
    for start in stride(from: Int64(0), to: 100_000, by: 4) {
      recorder.add(merged, from: start, to: start + 4, rate: 9)
      recorder.add(busy, from: start, to: start + 1, rate: 1000 + start)
      if start % 1000 == 0 { recorder.flush(.tile, before: start) }
    }
    let totals = recorder.finish(cycles: [100_000, 0, 0])
    #expect(totals[0] == 900_000)
    #expect(pieces.pieces[0]?.joined().count ?? 0 < 300)
    let sizes = (pieces.pieces[1] ?? []).map(\.count)
    #expect(sizes.count > 5 && sizes.dropLast().allSatisfy { $0 > 8192 && $0 < 16384 })
  }
}
