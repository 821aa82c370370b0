import BigInt
import Foundation
import Testing

@testable import PALArithmetic

@Suite struct WordTests {
  @Test(arguments: Members.all(upTo: 8)) func everyCodeAndBoundaryOfShortMembersMatchesBigIntegers(_ format: PALFormat)
  {
    let codec = PALCodec(format)
    for scale in Members.named.contains(format) ? [-9, 0, 4] : [3] {
      var wrong: [Double] = []
      for code in 1...format.topCode {
        if !roundTrips(code, scale, codec) { wrong.append(Double(code)) }
        wrong += wrongNeighbours(
          of: exp2(Double(scale) + (Double(code - format.topCode) - 0.5) / Double(format.gamma)), scale, codec)
      }
      let smallest = exp2(Double(scale) + Double(1 - format.topCode) / Double(format.gamma))
      wrong += wrongNeighbours(of: smallest / 2, scale, codec) + wrongNeighbours(of: smallest / 4, scale, codec)
      wrong += [Double(sign: .plus, exponent: scale + 1, significand: 1.5), 0x1p-1074, -0x1.8p900].filter {
        codec.encode($0, scale: scale) != Oracle.word($0, scale: scale, format)
      }
      #expect(wrong.isEmpty, "\(format.name) at scale \(scale): \(wrong.prefix(5))")
    }
  }

  /// The code decodes to the nearest binary64 of its power and back, under both signs.
  private func roundTrips(_ code: Int, _ scale: Int, _ codec: PALCodec) -> Bool {
    let format = codec.format
    let numerator = code - format.topCode + format.gamma * scale
    return [false, true].allSatisfy { sign in
      let word = format.word(negative: sign, code: code)
      let value = codec.decode(word, scale: scale)
      return Oracle.isNearest(value.magnitude, numerator: numerator, gamma: format.gamma)
        && (value < 0) == sign && codec.encode(value, scale: scale) == word
    }
  }

  /// The doubles around a boundary that do not land where the exact comparison puts them.
  private func wrongNeighbours(of boundary: Double, _ scale: Int, _ codec: PALCodec) -> [Double] {
    [boundary.nextDown.nextDown, boundary.nextDown, boundary, boundary.nextUp, boundary.nextUp.nextUp].filter { value in
      let word = codec.encode(value, scale: scale)
      return word != Oracle.word(value, scale: scale, codec.format)
        || codec.encode(-value, scale: scale) != codec.negate(word)
    }
  }

  @Test(arguments: [PALFormat.pal14, .pal16, .pal16f]) func randomNumbersOfLongMembersMatchBigIntegers(
    _ format: PALFormat
  ) {
    let seed: UInt64 = 14_16
    var samples = Samples(seed: seed)
    let codec = PALCodec(format)
    let reach = Int(format.octaves) + 3
    var wrong: [Double] = []
    for _ in 0..<(format == .pal16f ? 40 : 200) {
      let code = Int.random(in: 1...format.topCode, using: &samples.generator)
      let near = exp2((Double(code - format.topCode) - 0.5) / Double(format.gamma))
      let values = [samples.double(exponents: -reach...2), near.nextDown, near, near.nextUp]
      wrong += values.filter { codec.encode($0, scale: 0) != Oracle.word($0, scale: 0, format) }
      if !roundTrips(code, 3, codec) { wrong.append(Double(code)) }
    }
    #expect(wrong.isEmpty, "seed \(seed): \(wrong.prefix(5))")
  }

  @Test func everyCodeOfLongMembersSurvivesTheRoundTrip() {
    for format in [PALFormat.pal14, .pal16, .pal16f] {
      let codec = PALCodec(format)
      let wrong = (1...format.topCode).filter { code in
        let word = format.word(negative: true, code: code)
        return codec.encode(codec.decode(word, scale: -2), scale: -2) != word
      }
      #expect(wrong.isEmpty, "\(format.name): codes \(wrong.prefix(5))")
    }
  }

  @Test func specialValuesAreCountedAndNeverReserved() {
    var tally = EncodeTally()
    let codec = PALCodec(.pal8)
    #expect(codec.encode(.infinity, scale: 0, tally: &tally) == 0x7F)
    #expect(codec.encode(-.infinity, scale: 0, tally: &tally) == 0xFF)
    #expect(codec.encode(.nan, scale: 0, tally: &tally) == 0)
    #expect(codec.encode(-3, scale: 0, tally: &tally) == 0xFF)
    #expect(codec.encode(-0.0, scale: 0, tally: &tally) == 0)
    #expect(codec.encode(0x1p-100, scale: 0, tally: &tally) == 0)
    #expect(codec.encode(-0x1p-16, scale: 0, tally: &tally) == 0x81)
    #expect(tally.infinite == 2 && tally.notANumber == 1 && tally.saturated == 1)
    #expect(tally.flushed == 1 && tally.raised == 1)
    #expect(codec.decode(0x80) == 0 && codec.decode(0x80).sign == .plus)
  }

  @Test func underflowRulesDifferOnlyBelowTheSmallestCode() {
    let smallest = exp2(Double(1 - 7) / 2)
    let (flush, clamp) = (PALCodec(.pal4, underflow: .flush), PALCodec(.pal4, underflow: .clamp))
    let half = PALCodec(.pal4)
    // min/2 of PAL4 is exactly 2^-4 at scale 0: the tie goes to zero.
    #expect(half.encode(0x1p-4) == 0 && half.encode((0x1p-4).nextUp) == 1)
    #expect(flush.encode(smallest * 0.8) == 0 && clamp.encode(smallest * 1e-30) == 1)
    #expect(flush.encode(smallest) == 1 && clamp.encode(0) == 0)
  }

  @Test func illegalMembersSayWhatIsLegal() {
    #expect(throws: FormatError("a PAL word has 2 to 16 bits, found 17")) {
      try PALFormat(bits: 17, fractionBits: 3)
    }
    #expect(throws: FormatError("a PAL4 word has gamma 1 to 8, found log2 gamma = 4")) {
      try PALFormat(bits: 4, fractionBits: 4)
    }
  }

  @Test func theDefinedLayoutIsDeclared() {
    #expect(PALFormat.pal8.topCode == 127 && PALFormat.pal8.octaves == 15.75)
    #expect(PALFormat.pal16.octaves == 32766.0 / 256 && PALFormat.pal4w.octaves == 6)
    #expect(PALCodec(.pal8).decode(0x7F, scale: 5) == 32 && PALCodec(.pal8).decode(0xFF - 8) == -0.5)
  }
}

@Suite struct StochasticTests {
  @Test func meansApproachTheValueAndOnlyNeighboursOccur() {
    let codec = PALCodec(.pal8)
    let draws = 40_000
    for value in [0.7, -0.051, 0.9999, 1.3e-5, -2.9e-6] {
      var tally = EncodeTally()
      var sum = 0.0
      var words = Set<UInt16>()
      for index in 0..<draws {
        let word = codec.encodeStochastic(value, scale: 0, seed: 7, index: index, tally: &tally)
        words.insert(word)
        sum += codec.decode(word)
      }
      let values = words.map { codec.decode($0) }.sorted()
      #expect(words.count == 2 && values[0] <= value && value <= values[1])
      let step = values[1] - values[0]
      #expect(abs(sum / Double(draws) - value) < 4 * step / (2 * Double(draws).squareRoot()), "\(value)")
    }
  }

  @Test func drawsDependOnSeedAndIndexOnly() {
    let codec = PALCodec(.pal16)
    var tally = EncodeTally()
    func words(_ order: [Int], seed: UInt64, _ tally: inout EncodeTally) -> [Int: UInt16] {
      var result: [Int: UInt16] = [:]
      for index in order {
        result[index] = codec.encodeStochastic(0.3001, scale: 0, seed: seed, index: index, tally: &tally)
      }
      return result
    }
    let forward = words(Array(0..<200), seed: 1, &tally)
    #expect(forward == words((0..<200).reversed(), seed: 1, &tally))
    #expect(forward != words(Array(0..<200), seed: 2, &tally))
  }

  @Test func representableAndOversizedValuesAreCertain() {
    let codec = PALCodec(.pal8)
    var tally = EncodeTally()
    for index in 0..<50 {
      #expect(codec.encodeStochastic(-0.25, scale: 0, seed: 3, index: index, tally: &tally) == 0xEF)
      #expect(codec.encodeStochastic(1, scale: 0, seed: 3, index: index, tally: &tally) == 0x7F)
    }
    #expect(tally == EncodeTally())
    #expect(codec.encodeStochastic(1.01, scale: 0, seed: 3, index: 0, tally: &tally) == 0x7F)
    #expect(tally.saturated == 1)
  }
}
