import Testing

@testable import Simulator

/// The bytes of a series, against the stretches they were made from.
@Suite struct SeriesCodecTests {
  /// What a series is worth, stretch by stretch; neighbours of one flat value are one.
  private struct Stretches: SeriesVisitor, Equatable {
    var values: [SeriesState] = []
    var end: Int64 = 0

    mutating func visit(_ value: Int64, from cycle: Int64, cycles: Int64) {
      var state = SeriesState()
      (state.cycle, state.value) = (cycle, value)
      visit(state, cycles: cycles)
    }

    mutating func visit(_ state: SeriesState, cycles: Int64) {
      precondition(cycles > 0 && state.cycle == end)
      end += cycles
      if let last = values.last, last.isFlat && state.isFlat && last.value == state.value { return }
      values.append(state)
    }
  }

  private static let numbers: [Int64] = [1, -1, 2, -2, 4, -4, 5, -5, 63, -64, 64, 1 << 40, -(1 << 40)]

  private static let delays: [Int64] = [0, 1, 14, 15, 16, 142, 143, 1 << 33]

  /// Random pulses, rates that come back, steps, gaps and bends.
  private func encode(_ random: inout SplitMix64, _ expected: inout Stretches) -> [UInt8] {
    var encoder = SeriesEncoder(windows: .none)
    defer { encoder.deallocate() }
    for _ in 0..<Int.random(in: 1...60, using: &random) {
      let delay = Self.delays.randomElement(using: &random)!
      let cycle = encoder.state.cycle + delay
      let change = Bool.random(using: &random) ? 7 : Self.numbers.randomElement(using: &random)!
      if delay > 0 { expected.visit(encoder.state, cycles: delay) }
      switch Int.random(in: 0...9, using: &random) {
      case 0...3 where encoder.state.isFlat && encoder.state.value == 0:
        var height = SeriesState()
        (height.cycle, height.value) = (cycle, change)
        encoder.pulse(at: cycle, of: change)
        expected.visit(height, cycles: 1)
      case 0...4 where encoder.state.isFlat && encoder.state.value != 0:
        encoder.change(at: cycle, by: -encoder.state.value)
      case 5:
        encoder.gap(at: cycle, cycles: delay)
        if delay > 0 { expected.visit(0, from: cycle, cycles: delay) }
      case 6: bend(&encoder, at: cycle, &random)
      default: encoder.change(at: cycle, by: change)
      }
    }
    return Array(encoder.takePiece().bytes)
  }

  /// Bends a flat series up, and a bent one back.
  private func bend(_ encoder: inout SeriesEncoder, at cycle: Int64, _ random: inout SplitMix64) {
    if encoder.state.isFlat {
      encoder.bend(.init(value: 0, slope: Int64.random(in: -3...3, using: &random), curvature: 0), at: cycle)
    } else {
      let (slope, curvature) = (-encoder.state.slope, -encoder.state.curvature)
      encoder.bend(.init(value: 5, slope: slope, curvature: curvature), at: cycle)
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func readerReturnsWhatTheEncoderWasGiven(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var expected = Stretches()
    let bytes = encode(&random, &expected)
    bytes.withUnsafeBytes { raw in
      var (state, found, reader) = (SeriesState(), Stretches(), SeriesReader(raw))
      #expect(reader.read(from: &state, by: &found), "seed \(seed)")
      #expect(found == expected && state.cycle == expected.end, "seed \(seed)")
    }
  }

  /// Whatever the bytes are, the reader ends, and never later than it may.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func damagedBytesAreRefusedOrEndInTime(seed: UInt64) {
    struct Last: SeriesVisitor {
      var end: Int64 = 0
      mutating func visit(_ value: Int64, from cycle: Int64, cycles: Int64) { end = cycle + cycles }
      mutating func visit(_ state: SeriesState, cycles: Int64) { end = state.cycle + cycles }
    }
    var random = SplitMix64(seed: seed)
    let bytes = (0..<Int.random(in: 1...50, using: &random)).map { _ in UInt8.random(in: 0...254, using: &random) }
    bytes.withUnsafeBytes { raw in
      var (state, visitor, reader) = (SeriesState(), Last(), SeriesReader(raw))
      let isWhole = reader.read(from: &state, through: 1000, by: &visitor)
      #expect(visitor.end <= 1000 && (!isWhole || state.cycle <= 1000), "seed \(seed)")
    }
  }

  /// A rate that stops and starts again, and one that lasts a cycle, take a byte each time.
  @Test func usualEventsTakeOneByte() {
    var encoder = SeriesEncoder(windows: .none)
    defer { encoder.deallocate() }
    encoder.change(at: 3, by: 512)
    for start in stride(from: Int64(10), to: 200, by: 10) {
      encoder.change(at: start, by: -512)
      encoder.change(at: start + 4, by: 512)
    }
    encoder.change(at: 203, by: -512)
    for start in stride(from: Int64(205), to: 300, by: 5) { encoder.pulse(at: start, of: 1) }
    #expect(encoder.count == 3 + 2 * 19 + 1 + 19)
    #expect(encoder.finish(at: 300) == 512 * (7 + 18 * 6 + 9) + 19)
  }
}

extension SeriesEncoder {
  /// Changes the value from `cycle` on.
  fileprivate mutating func change(at cycle: Int64, by change: Int64) {
    if !state.isFlat { return step(at: cycle, by: change) }
    take([.step(at: cycle, by: change)])
  }

  /// One cycle of `height`.
  fileprivate mutating func pulse(at cycle: Int64, of height: Int64) {
    take([.step(at: cycle, by: height), .step(at: cycle + 1, by: -height)])
  }

  private mutating func take(_ steps: [PendingChanges.Entry]) {
    let taken = steps.withUnsafeBufferPointer {
      takeSteps($0.baseAddress!, 0..<steps.count, beforeLocal: .max, shift: 0)
    }
    #expect(taken == steps.count)
  }
}
