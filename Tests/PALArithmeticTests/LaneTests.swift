import BigInt
import Testing

@testable import PALArithmetic

/// The lane, restated from rules R7 to R14 in big integers.
struct NaiveLane {
  let configuration: LaneConfiguration
  let constants: [BigInt]
  private let significands: [BigInt]

  init(_ configuration: LaneConfiguration) {
    self.configuration = configuration
    let format = configuration.format
    let low = format.bits > 8 ? max(0, format.fractionBits - 3) : 0
    func rounded(_ steps: Int, bits: Int) -> BigInt {
      // 300 bits decide every rounding of constants this short: RN(x) = floor(x + 1/2).
      let root = Oracle.root(steps % format.gamma, fractionBits: format.fractionBits, precision: 300)
      return ((root << (bits + steps / format.gamma)) + BigInt(1) << 299) >> 300
    }
    constants = (0..<format.gamma >> low).map { bin in
      rounded(bin << low + 4 % format.gamma, bits: configuration.constantBits)
    }
    significands = (0..<1 << low).map { rounded($0, bits: configuration.significandBits - 1) }
  }

  func bins(_ a: QuantizedVector, _ b: QuantizedVector) -> [BigInt] {
    let format = configuration.format
    let (top, low) = ((1 << (format.bits - 1)) - 1, significands.count)
    var sums = [BigInt](repeating: 0, count: constants.count)
    let anchor = a.words.indices.map { a.scale(at: $0) + b.scale(at: $0) }.max() ?? 0
    for index in a.words.indices {
      let (x, y) = (Int(a.words[index]), Int(b.words[index]))
      let (ea, eb) = (x & top, y & top)
      if ea == 0 || eb == 0 { continue }
      let p = (ea - 1) + (eb - 1)
      let r = p % format.gamma
      let shift = p / format.gamma + a.scale(at: index) + b.scale(at: index) - anchor - configuration.drop
      let term = shift >= 0 ? significands[r % low] << shift : significands[r % low] >> -shift
      sums[r / low] += (x > top) != (y > top) ? -term : term
    }
    return sums
  }

  /// T and lsb of bins that do not overflow.
  func total(_ bins: [BigInt]) -> BigInt { zip(bins, constants).reduce(0) { $0 + $1.0 * $1.1 } }

  func lsb(anchor: Int) -> Int {
    let format = configuration.format
    let offset = ((1 << format.bits) - 4 + format.gamma - 1) / format.gamma
    return anchor - offset + configuration.drop - (configuration.significandBits - 1) - configuration.constantBits
  }
}

@Suite struct LaneTests {
  @Test func constantsOffsetsAndWidthsAreTheDefinitions() throws {
    #expect(MACLane(.pal8).tables.constants == [5793, 6317, 6889, 7512, 8192, 8933, 9742, 10624])
    #expect(MACLane(.pal4).tables.constants == [4096, 5793])
    let rows: [(PALFormat, offset: Int, steps: Int, width: Int, drop: Int, safe: Int128)] = [
      (.pal4w, 12, 0, 24, 0, 2047), (.pal4, 6, 0, 20, 0, 8191), (.pal8, 32, 4, 27, 16, 2047),
      (.pal8f, 16, 4, 27, 0, 2047), (.pal14, 128, 4, 48, 102, 1888), (.pal16, 256, 4, 64, 214, 1883),
      (.pal16f, 64, 4, 48, 40, 1879),
    ]
    for row in rows {
      let lane = try LaneConfiguration(row.0)
      #expect(lane.offset == row.offset && lane.offsetSteps == row.steps, "\(row.0.name)")
      #expect(lane.accumulatorBits == row.width && lane.drop == row.drop, "\(row.0.name)")
      #expect(lane.safeTerms == row.safe, "\(row.0.name)")
    }
    #expect(
      [12, 12, 14] == [PALFormat.pal14, .pal16, .pal16f].compactMap { try? LaneConfiguration($0).significandBits })
    #expect([16, 32, 128] == [PALFormat.pal14, .pal16, .pal16f].map { MACLane($0).tables.significands.count })
    let exact: [(PALFormat, Int, Int)] = [
      (.pal4w, 1, 24), (.pal4, 1, 18), (.pal8, 1, 43), (.pal8f, 1, 27), (.pal14, 12, 150), (.pal16, 12, 278),
      (.pal16f, 14, 88), (.pal16f, 12, 86),
    ]
    for (format, bits, width) in exact {
      #expect(LaneConfiguration.exactWidth(format, significandBits: bits, terms: 1024) == width, "\(format.name)")
    }
  }

  @Test func constantsOfEveryMemberMatch300BitNumbers() throws {
    for format in Members.all(upTo: 12) + Members.named {
      for bits in [8, 12, 15] {
        let configuration = try LaneConfiguration(format, constantBits: bits)
        let naive = NaiveLane(configuration)
        #expect(MACLane(configuration).tables.constants.map { BigInt($0) } == naive.constants, "\(format.name)")
      }
    }
  }

  @Test func noLegalMemberOverflowsBelow1024Terms() throws {
    for format in Members.all(upTo: 16) {
      let configuration = try LaneConfiguration(format)
      #expect(configuration.safeTerms >= 1024, "\(format.name)")
    }
    for format in Members.named {
      let lane = MACLane(format)
      let top = QuantizedVector(words: [UInt32](repeating: UInt32(format.topCode), count: 1024), scale: 0)
      #expect(try lane.dot(top, top).overflows == 0)
    }
  }

  @Test(arguments: [PALFormat.pal4w, .pal4, .pal8, .pal8f]) func everyPairFillsTheBinOfTheDefinition(
    _ format: PALFormat
  ) throws {
    let lane = MACLane(format)
    let naive = NaiveLane(lane.configuration)
    let words = (0..<UInt32(1) << UInt32(format.bits)).map { $0 }
    var wrong: [String] = []
    for x in words {
      for y in words {
        let (a, b) = (QuantizedVector(words: [x], scale: 1), QuantizedVector(words: [y], scale: -2))
        let bins = try lane.accumulate(a, b)
        let sum = lane.drain(bins)
        let expected = naive.bins(a, b)
        if bins.sums.map({ BigInt($0) }) != expected || BigInt(sum.total) != naive.total(expected)
          || sum.lsb != naive.lsb(anchor: -1)
        {
          wrong.append("\(x) * \(y)")
        }
      }
    }
    #expect(wrong.isEmpty, "\(format.name): \(wrong.prefix(5))")
  }

  @Test(arguments: Members.named) func randomReductionsMatchInAnyOrderAndAnySplit(_ format: PALFormat) throws {
    let seed: UInt64 = 3
    var samples = Samples(seed: seed)
    for round in 0..<30 {
      let count = Int.random(in: 1...200, using: &samples.generator)
      let whole = round % 3 == 0 && format.bits <= 8
      let lane = MACLane(
        try LaneConfiguration(
          format, accumulatorBits: whole ? 64 : nil, drop: whole ? 0 : nil, constantBits: round % 2 == 0 ? 12 : 15))
      let naive = NaiveLane(lane.configuration)
      let a = samples.vector(count, format, block: 32, scales: -20...20)
      let b = samples.vector(count, format, block: 32, scales: -9...9)
      let bins = try lane.accumulate(a, b)
      let sum = lane.drain(bins)
      #expect(bins.sums.map { BigInt($0) } == naive.bins(a, b), "seed \(seed), round \(round)")
      #expect(BigInt(sum.total) == naive.total(naive.bins(a, b)) && sum.lsb == naive.lsb(anchor: bins.anchor))
      #expect(sum.value == Oracle.nearest(BigInt(sum.total), sum.lsb))
      try expectSameBinsShuffled(bins, a, b, lane, &samples)
    }
  }

  /// One block with its terms shuffled and cut in two, with the tile's anchor, gives the same bins.
  private func expectSameBinsShuffled(
    _ bins: LaneBins, _ a: QuantizedVector, _ b: QuantizedVector, _ lane: MACLane, _ samples: inout Samples
  ) throws {
    let order = a.words.indices.shuffled(using: &samples.generator)
    var merged = LaneBins(bins: lane.configuration.bins, anchor: bins.anchor)
    for index in order {
      let x = QuantizedVector(words: [a.words[index]], scale: a.scale(at: index))
      let y = QuantizedVector(words: [b.words[index]], scale: b.scale(at: index))
      merged.merge(try lane.accumulate(x, y, anchor: bins.anchor))
    }
    #expect(merged == bins)
  }

  @Test func countingGivesTheSameBins() throws {
    let seed: UInt64 = 8
    var samples = Samples(seed: seed)
    for format in Members.all(upTo: 8) {
      for drop in [nil, 0] as [Int?] {
        let configuration = try? LaneConfiguration(format, accumulatorBits: drop == nil ? nil : 96, drop: drop)
        guard let configuration, let histogram = ProductHistogram(MACLane(configuration)) else { continue }
        let lane = MACLane(configuration)
        for count in [0, 1, 7, 64, 301] {
          let a = samples.vector(count, format, block: 32, scales: -127...127)
          let b = samples.vector(count, format, block: count % 2 == 0 ? 32 : max(count, 1), scales: -3...3)
          let counted = try histogram.accumulate(LaneOperand(a, format: format), LaneOperand(b, format: format))
          #expect(counted == (try lane.accumulate(a, b)), "seed \(seed), \(format.name), \(count) terms")
        }
      }
    }
    #expect(ProductHistogram(MACLane(.pal16)) == nil)
  }

  @Test func overflowIsJudgedOnceAtTheDrain() throws {
    let lane = MACLane(.pal8)
    let count = 2048
    let top = QuantizedVector(words: [UInt32](repeating: 0x7F, count: count), scale: 0)
    var words = top.words
    let over = try lane.dot(top, top)
    #expect(over.overflows == 1)
    #expect(over.total == ((1 << 26) - 1) * lane.tables.constants[252 % 8])
    // The bins pass the limit on the way and come back: no overflow.
    words.replaceSubrange(count / 2..<count, with: [UInt32](repeating: 0xFF, count: count / 2))
    let twice = QuantizedVector(words: words + words.map { $0 ^ 0x80 }, scale: 0)
    let ones = QuantizedVector(words: top.words + top.words, scale: 0)
    let sum = try lane.dot(twice, ones)
    #expect(sum.overflows == 0 && sum.total == 0)
  }

  @Test func partialSumsAndBiasesJoinAtQBits() throws {
    var samples = Samples(seed: 21)
    for format in [PALFormat.pal8, .pal16] {
      let lane = MACLane(format)
      let (a, b) = (
        samples.vector(64, format, block: 64, scales: 0...0), samples.vector(64, format, block: 64, scales: 0...0)
      )
      var sum = try lane.dot(a, b)
      let before = sum.total
      let partial = sum.partial()
      let exact = BigInt(before)
      let unit = BigInt(1) << 12
      let difference = exact - BigInt(partial) * unit
      #expect(difference.magnitude <= 2048)
      sum.add(partial: partial)
      #expect(sum.total == before + partial << 12)
      let biased = sum.total
      sum.add(bias: -0.37)
      let steps = Double(sum.total - biased) / 4096
      let expected = -0.37 * Double(sign: .plus, exponent: -(sum.lsb + 12), significand: 1)
      #expect(steps == expected.rounded(.toNearestOrEven))
      #expect(sum.overflows == 0)
      sum.add(bias: 0x1p200)
      #expect(sum.overflows == 1)
    }
  }

  @Test(arguments: Members.named) func resultsStayWithinTheirBoundOfTheTruth(_ format: PALFormat) throws {
    let seed: UInt64 = 17
    var samples = Samples(seed: seed)
    let lane = MACLane(format)
    for _ in 0..<20 {
      let a = samples.vector(100, format, block: 32, scales: -3...3)
      let b = samples.vector(100, format, block: 32, scales: -3...3)
      let sum = try lane.dot(a, b)
      let truth = try ExactLane(format).dot(a, b).value
      let magnitudes = try ExactLane(format).dot(
        positive(a, format), positive(b, format)
      ).value
      let significand = lane.configuration.significandBits
      let relative = 0x1p-12 + (significand > 1 ? Double(sign: .plus, exponent: 1 - significand, significand: 1) : 0)
      let dropped = 300 * Double(sign: .plus, exponent: sum.lsb + 12, significand: 1)
      #expect(abs(sum.value - truth) <= relative * magnitudes + dropped, "seed \(seed)")
    }
  }

  private func positive(_ vector: QuantizedVector, _ format: PALFormat) -> QuantizedVector {
    var vector = vector
    vector.words = vector.words.map { $0 & UInt32(format.codeMask) }
    return vector
  }

  @Test func hybridConstantsReproduceMadamsErrors() throws {
    // C6: largest relative error of 2^(r/8) from a table of 1, 2, 4, 8 entries and Mitchell's 1 + x.
    for (bits, percent) in [(0, 6.07), (1, 6.03), (2, 3.16), (3, 0.0)] {
      let hybrid = try LaneConfiguration(
        .pal8, accumulatorBits: 24, constantBits: 24, constants: .hybrid(tableBits: bits))
      let exact = try LaneConfiguration(.pal8, accumulatorBits: 24, constantBits: 24)
      let pairs = zip(MACLane(hybrid).tables.constants, MACLane(exact).tables.constants)
      let worst = pairs.map { Double($0) / Double($1) - 1 }.max() ?? -1
      #expect(abs(100 * worst - percent) < 0.005, "\(bits) bits: \(100 * worst)")
    }
  }

  @Test func settingsOutOfRangeAreNamed() {
    #expect(throws: FormatError("accumulator width of a pal8 lane is 8 to 96, found 97")) {
      try LaneConfiguration(.pal8, accumulatorBits: 97)
    }
    #expect(throws: FormatError("significand bits of a pal8 lane is 1 to 1, found 12")) {
      try LaneConfiguration(.pal8, significandBits: 12)
    }
    #expect(throws: FormatError.self) {
      let (a, b) = (QuantizedVector(words: [1, 2], scale: 0), QuantizedVector(words: [1], scale: 0))
      return try MACLane(.pal8).dot(a, b)
    }
  }

  @Test func vectorWidthSetsTheStepsAndNothingElse() throws {
    var samples = Samples(seed: 4)
    let (a, b) = (
      samples.vector(100, .pal8, block: 32, scales: -2...2), samples.vector(100, .pal8, block: 32, scales: 0...1)
    )
    let narrow = try LaneConfiguration(.pal8, vectorWidth: 1, serialDrain: true)
    let wide = try LaneConfiguration(.pal8, vectorWidth: 64)
    #expect(try MACLane(narrow).dot(a, b) == MACLane(wide).dot(a, b))
    #expect(narrow.accumulateSteps(terms: 100) == 100 && wide.accumulateSteps(terms: 100) == 2)
    #expect(narrow.drainSteps == 12 && wide.drainSteps == 6 && wide.frontEndStages == 6)
    #expect(wide.treeStages == 2 && narrow.treeStages == 0 && narrow.frontEndStages == 4)
    let stages = try [PALFormat.pal4, .pal8, .pal16].map { try LaneConfiguration($0).frontEndStages }
    #expect(stages == [5, 6, 7])
    #expect(wide.utilisation(terms: 128) == 2.0 / 6 && narrow.utilisation(terms: 100) == 1)
  }
}
