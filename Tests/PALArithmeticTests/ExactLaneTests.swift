import BigInt
import Testing

@testable import PALArithmetic

@Suite struct ExactLaneTests {
  @Test(arguments: [PALFormat.pal4w, .pal4, .pal8, .pal8f]) func everyProductIsTheNearestBinary64(
    _ format: PALFormat
  ) throws {
    let lane = ExactLane(format)
    var wrong: [String] = []
    var expected: [Int: Double] = [:]
    for x in 0...format.topCode {
      for y in 0...x {
        let (a, b) = (QuantizedVector(words: [UInt32(x)], scale: 3), QuantizedVector(words: [UInt32(y)], scale: -1))
        let value = try lane.dot(a, b).value
        if x == 0 || y == 0 {
          if value != 0 { wrong.append("\(x) * \(y)") }
          continue
        }
        let numerator = x + y - 2 * format.topCode + 2 * format.gamma
        if let known = expected[numerator] {
          if known != value { wrong.append("\(x) * \(y)") }
        } else if Oracle.isNearest(value, numerator: numerator, gamma: format.gamma) {
          expected[numerator] = value
        } else {
          wrong.append("\(x) * \(y)")
        }
        let negative = QuantizedVector(words: [UInt32(y) | UInt32(format.signMask)], scale: -1)
        if try lane.dot(a, negative).value != -value { wrong.append("-\(x) * \(y)") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  @Test(arguments: Members.named) func sumsLieInCertified320BitIntervals(_ format: PALFormat) throws {
    let seed: UInt64 = 320
    var samples = Samples(seed: seed)
    let lane = ExactLane(format)
    for round in 0..<12 {
      let count = 1 + round * 4
      let a = samples.vector(count, format, block: 16, scales: -5...5)
      let b = samples.vector(count, format, block: 16, scales: -5...5)
      let precision = 320
      let shift = 600
      var (low, high) = (BigInt(0), BigInt(0))
      for index in a.words.indices {
        let (x, y) = (UInt16(a.words[index]), UInt16(b.words[index]))
        guard format.code(x) != 0, format.code(y) != 0 else { continue }
        let steps =
          format.code(x) + format.code(y) - 2 * format.topCode
          + format.gamma * (a.scale(at: index) + b.scale(at: index))
        let octave = steps >> format.fractionBits
        let root = Oracle.root(
          steps - octave << format.fractionBits, fractionBits: format.fractionBits, precision: precision)
        let (below, above) = (root << (shift + octave), (root + 64) << (shift + octave))
        if format.isNegative(x) == format.isNegative(y) {
          low += below
          high += above
        } else {
          low -= above
          high -= below
        }
      }
      let value = try lane.dot(a, b).value
      #expect(value == Oracle.certified(low, high, exponent: -precision - shift), "seed \(seed), round \(round)")
    }
  }

  @Test func cancellationIsExact() throws {
    let lane = ExactLane(.pal8)
    let a = QuantizedVector(words: [0x7F, 0xFF, 0x33, 0xB3, 0x01], scale: 0)
    let b = QuantizedVector(words: [0x41, 0x41, 0x29, 0x29, 0x01], scale: 0)
    #expect(try lane.dot(a, b).value == 0x1p-32 * 1.4142135623730951)
    let even = QuantizedVector(words: Array(a.words.dropLast()), scale: 0)
    #expect(try lane.dot(even, QuantizedVector(words: Array(b.words.dropLast()), scale: 0)).isZero)
  }

  @Test func longSumsEncodeToTheNearestWord() {
    let codec = PALCodec(.pal16)
    var tally = EncodeTally()
    // 2^0 + 2^-100: far beyond 128 bits once squared scales join; the top code still wins.
    let sum = ExactLane(.pal16).sum([ScaledWord(0x7FFF), ScaledWord(0x7FFF, scale: -100)])
    #expect(sum.word(codec: codec, scale: 1, tally: &tally) == 0x7FFF - 256)
    #expect(sum.value == 1)
    let zero = ExactLane(.pal16).sum([ScaledWord(0x7FFF), ScaledWord(0xFFFF)])
    #expect(zero.isZero && zero.value == 0 && zero.word(codec: codec, scale: 0, tally: &tally) == 0)
  }
}

@Suite struct RequantiseTests {
  @Test(arguments: Members.named) func drainedSumsBecomeTheNearestWord(_ format: PALFormat) throws {
    let seed: UInt64 = 15
    var samples = Samples(seed: seed)
    let (lane, codec) = (MACLane(format), PALCodec(format))
    var tally = EncodeTally()
    for _ in 0..<(format.gamma > 256 ? 6 : 60) {
      let a = samples.vector(40, format, block: 8, scales: -2...2)
      let b = samples.vector(40, format, block: 8, scales: -2...2)
      let sum = try lane.dot(a, b)
      let scale = MACLane.scale(of: [sum]) + Int.random(in: -1...2, using: &samples.generator)
      let word = lane.requantise(sum, scale: scale, codec: codec, tally: &tally)
      let truth = Oracle.word(negative: sum.total < 0, BigInt(sum.total.magnitude), sum.lsb, scale: scale, format)
      #expect(word == truth, "seed \(seed)")
    }
  }

  @Test func blocksTakeTheirScaleAfterTheRectifier() throws {
    let (lane, codec) = (MACLane(.pal8), PALCodec(.pal8))
    let one = QuantizedVector(words: [0x7F], scale: 0)
    func sum(_ word: UInt32, _ scale: Int) throws -> LinearSum {
      try lane.dot(QuantizedVector(words: [word], scale: scale), one)
    }
    var tally = EncodeTally()
    let sums = [try sum(0x7F, 0), try sum(0xFF, 5), try sum(0, 0)]
    let plain = lane.requantise(sums, codec: codec, tally: &tally)
    #expect(plain.scale == 5 && plain.words[1] == 0xFF && plain.words[2] == 0)
    let rectified = lane.requantise(sums, rectify: true, codec: codec, tally: &tally)
    #expect(rectified.scale == 0 && rectified.words == [0x7F, 0, 0])
    #expect(MACLane.scale(of: [try sum(0, 0)]) == -127)
  }

  @Test func theSmallTableIsOffAsOftenAsTheDefinitionSays() throws {
    // R15: 1.0, 3.3, 26, 49 and 88 % of words for a table of 2^7 entries.
    let rates: [(PALFormat, Double, Double)] = [
      (.pal8, 1.0, 0.25), (.pal8f, 3.3, 0.4), (.pal14, 26, 2), (.pal16, 49, 2), (.pal16f, 88, 2),
    ]
    for (format, percent, tolerance) in rates {
      let (lane, codec) = (MACLane(format), PALCodec(format))
      let rough = MACLane(try LaneConfiguration(format, requantisation: .table(indexBits: 7)))
      var samples = Samples(seed: 7)
      let count = 20_000
      var wrong = 0
      for _ in 0..<count {
        var tally = EncodeTally()
        let mantissa = Int128(samples.generator.next() >> 1)
        let sum = LinearSum(total: mantissa, lsb: -63, constantBits: 12, partialBits: 31)
        let word = lane.requantise(sum, scale: 1, codec: codec, tally: &tally)
        let other = rough.requantise(sum, scale: 1, codec: codec, tally: &tally)
        if word != other { wrong += 1 }
      }
      let rate = 100 * Double(wrong) / Double(count)
      #expect(abs(rate - percent) < tolerance, "\(format.name): \(rate) %")
    }
  }
}
