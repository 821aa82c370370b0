import BigInt
import Testing

@testable import PALArithmetic

@Suite struct AlgebraTests {
  @Test(arguments: [PALFormat.pal4w, .pal4, .pal8, .pal8f]) func productsAndQuotientsOfAllPairs(_ format: PALFormat) {
    let codec = PALCodec(format)
    var tally = AlgebraTally()
    var wrong: [String] = []
    let words = 0..<UInt16(1) << UInt16(format.bits)
    let values = words.map { codec.decode($0) }
    for x in words {
      for y in words {
        let (a, b) = (ScaledWord(x, scale: 2), ScaledWord(y, scale: -1))
        let (ea, eb) = (format.code(x), format.code(y))
        let negative = format.isNegative(x) != format.isNegative(y)
        let product = codec.multiply(a, b, scale: 1, tally: &tally)
        let quotient = codec.divide(a, b, scale: 3, tally: &tally)
        // The scales cancel in both, so the codes add and subtract as they are.
        let productCode = ea == 0 || eb == 0 ? nil : ea + eb - format.topCode
        let quotientCode = ea == 0 ? nil : ea - eb + format.topCode
        let (va, vb) = (values[Int(x)] * 4, values[Int(y)] / 2)
        if product != expected(productCode, negative, format) { wrong.append("\(x) * \(y)") }
        if eb != 0, quotient != expected(quotientCode, negative, format) { wrong.append("\(x) / \(y)") }
        if codec.compare(a, b) != (va < vb ? -1 : va > vb ? 1 : 0) { wrong.append("\(x) ? \(y)") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    #expect(tally.divisionsByZero == 2 * ((1 << format.bits) - 2) && tally.invalid == 4)
  }

  /// The word of a code that may lie outside the format, by rules R3 and R4.
  private func expected(_ code: Int?, _ negative: Bool, _ format: PALFormat) -> UInt16 {
    guard let code else { return 0 }
    // Above half the smallest value: less than an octave (gamma steps) below code 1.
    let clamped = code > format.topCode ? format.topCode : code >= 1 ? code : code > 1 - format.gamma ? 1 : 0
    return format.word(negative: negative, code: clamped)
  }

  @Test func rootsGoToTheEvenCodeAndPowersAreExact() {
    let codec = PALCodec(.pal8)
    var tally = AlgebraTally()
    for code in 1...127 {
      let word = codec.format.word(negative: false, code: code)
      let root = codec.squareRoot(ScaledWord(word), scale: 0, tally: &tally)
      let exact = Double(code + 127) / 2
      let nearest = exact.rounded(.toNearestOrEven)
      #expect(Double(root) == nearest)
      let square = codec.power(ScaledWord(word), 2, scale: 0, tally: &tally)
      #expect(square == codec.multiply(ScaledWord(word), ScaledWord(word), scale: 0, tally: &tally))
      let inverse = codec.power(ScaledWord(word), -1, scale: 20, tally: &tally)
      #expect(Int(inverse) == 127 + (127 - code) - 160 || code > 93)
    }
    #expect(tally.invalid == 0)
    #expect(codec.squareRoot(ScaledWord(0x81), scale: 0, tally: &tally) == 0 && tally.invalid == 1)
    #expect(codec.power(ScaledWord(0xFF), 3, scale: 0, tally: &tally) == 0xFF)
    #expect(codec.power(ScaledWord(0), 0, scale: 0, tally: &tally) == 0x7F)
    #expect(codec.power(ScaledWord(0), -2, scale: 0, tally: &tally) == 0x7F && tally.divisionsByZero == 1)
  }

  @Test func negationKeepsZero() {
    let codec = PALCodec(.pal8)
    #expect(codec.negate(0) == 0 && codec.negate(0x80) == 0)
    #expect((1...127).allSatisfy { codec.negate(codec.negate(UInt16($0))) == UInt16($0) })
    #expect(codec.negate(0x33) == 0xB3)
  }

  @Test(arguments: [PALFormat.pal4w, .pal4, .pal8, .pal8f]) func tableSumsOfAllPairsAreTheNearestWord(
    _ format: PALFormat
  ) {
    let adder = TableAdder(PALCodec(format))
    let exact = ExactLane(format)
    let smallest = adder.codec.decode(1, scale: 2)
    var wrong: [String] = []
    for x in 0..<UInt16(1) << UInt16(format.bits) {
      for y in stride(from: UInt16(0), through: x, by: format == .pal8f ? 3 : 1) {
        var (tally, exactTally) = (AlgebraTally(), EncodeTally())
        let (a, b) = (ScaledWord(x), ScaledWord(y, scale: 1))
        let sum = adder.add(a, b, scale: 2, tally: &tally)
        let truth = exact.sum([a, b])
        // Below the smallest code the adder judges its rounded logarithm, not the true sum.
        if abs(truth.value) < smallest { continue }
        if sum != truth.word(codec: adder.codec, scale: 2, tally: &exactTally) { wrong.append("\(x) + \(y)") }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  @Test(arguments: [PALFormat.pal8, .pal8f]) func mitchellSumsKeepTheirBound(_ format: PALFormat) {
    let codec = PALCodec(format)
    let adder = MitchellAdder(codec)
    let bound = 1.0615 * codec.decode(UInt16(format.topCode), scale: 0) * halfStep(format)
    var tally = AlgebraTally()
    var worst = (sum: 0.0, difference: 0.0)
    for x in 1...format.topCode {
      for y in 1...format.topCode {
        for sign in [false, true] {
          let (a, b) = (ScaledWord(UInt16(x)), ScaledWord(format.word(negative: sign, code: y)))
          let truth = codec.decode(a.word) + codec.decode(b.word)
          let result = codec.decode(adder.add(a, b, scale: 2, tally: &tally), scale: 2)
          let larger = codec.decode(UInt16(max(x, y)))
          if result == 0 || abs(result) < 2 * codec.decode(1, scale: 2) { continue }
          if sign {
            worst.difference = max(worst.difference, abs(result - truth) / larger)
          } else {
            worst.sum = max(worst.sum, result / truth, truth / result)
          }
        }
      }
    }
    #expect(worst.sum <= bound && worst.difference <= bound - 1 + 1e-12)
    #expect(worst.sum > 1 + 0.5 * (bound - 1) && worst.difference > 0.3 * (bound - 1))
    #expect(adder.add(ScaledWord(0x21), ScaledWord(0), scale: 0, tally: &tally) == 0x21)
    #expect(adder.add(ScaledWord(0), ScaledWord(0x80), scale: 0, tally: &tally) == 0)
  }

  private func halfStep(_ format: PALFormat) -> Double {
    // One half step above 1: the square root of the step, by decoding a member twice as fine.
    let finer = try? PALFormat(bits: format.bits + 1, fractionBits: format.fractionBits + 1)
    return finer.map { 1 / PALCodec($0).decode(UInt16($0.topCode - 1)) } ?? .nan
  }
}
