import BigInt
import Testing

@testable import PALArithmetic

@Suite struct FormatTests {
  private func encode(_ value: Double, _ format: NumberFormat, scale: Int = 0) -> UInt32 {
    var tally = EncodeTally()
    return NumberCodec(format).encode(value, scale: scale, tally: &tally)
  }

  @Test func specialCodesAreRuleR21() {
    let cases: [(FloatFormat, Double, UInt32)] = [
      (.e4m3, .nan, 0x7F), (.e4m3, .infinity, 0x7E), (.e4m3, 1e9, 0x7E), (.e4m3, -1e9, 0xFE), (.e4m3, 448, 0x7E),
      (.e5m2, .nan, 0x7E), (.e5m2, .infinity, 0x7B), (.e5m2, 1e9, 0x7B), (.e2m1, .nan, 0), (.e2m1, 100, 7),
      (.e2m1, -0.0, 8), (.e4m3, -0.0, 0x80), (.bf16, .nan, 0x7FC0), (.bf16, 3.4e38, 0x7F80), (.bf16, .infinity, 0x7F80),
      (.fp16, .nan, 0x7E00), (.fp16, 65520, 0x7C00), (.fp16, 65519, 0x7BFF), (.e4m3, 0x1p-10, 0), (.e4m3, 0x1.8p-10, 1),
      (.e5m2, 0x1p-17, 0), (.e5m2, 0x1.0001p-17, 1), (.e2m1, 0.25, 0), (.e2m1, 0.26, 1), (.e2m1, 5, 6), (.e2m1, 3.5, 6),
    ]
    for (format, value, code) in cases { #expect(encode(value, .float(format)) == code, "\(format.name) \(value)") }
    #expect(NumberCodec(.float(.e5m2)).decode(0x7C) == .infinity)
    #expect(NumberCodec(.float(.e4m3)).decode(0xFF).isNaN)
    #expect(FloatFormat.e4m3.decode(FloatFormat.e4m3.topCode) == 448)
    #expect(FloatFormat.e5m2.decode(FloatFormat.e5m2.topCode) == 57344)
    #expect(encode(-200, .integer(.int8)) == 0x81 && IntegerFormat.int8.decode(0x80) == -128)
    #expect(encode(2.5, .integer(.int8)) == 2 && encode(3.5, .integer(.int8)) == 4 && encode(7.5, .integer(.int4)) == 7)
    #expect(encode(-0.5, .integer(.int4)) == 0 && encode(-1.5, .integer(.int4)) == 0xE)
  }

  @Test func shortFloatsRoundToTheNearestOfAllTheirValues() {
    for format in [FloatFormat.e4m3, .e5m2, .e2m1] {
      var tally = EncodeTally()
      let values = (0...format.topCode).map { format.decode($0) }
      var wrong: [Double] = []
      for (index, pair) in zip(values, values.dropFirst()).enumerated() {
        let middle = (pair.0 + pair.1) / 2
        let even = UInt32(index % 2 == 0 ? index : index + 1)
        if format.encode(pair.0, tally: &tally) != UInt32(index) { wrong.append(pair.0) }
        if format.encode(middle, tally: &tally) != even { wrong.append(middle) }
        if format.encode(middle.nextDown, tally: &tally) != UInt32(index) { wrong.append(middle.nextDown) }
        if format.encode(middle.nextUp * 8, scale: 3, tally: &tally) != UInt32(index + 1) {
          wrong.append(middle.nextUp)
        }
      }
      #expect(wrong.isEmpty, "\(format.name): \(wrong.prefix(5))")
    }
  }

  @Test func wideFloatsAgreeWithTheMachine() {
    let seed: UInt64 = 32
    var samples = Samples(seed: seed)
    var tally = EncodeTally()
    for _ in 0..<20_000 {
      let value = samples.double(exponents: -155...130)
      let single = Float(value)
      #expect(FloatFormat.fp32.encode(value, tally: &tally) == single.bitPattern, "seed \(seed), \(value)")
      #expect(FloatFormat.fp32.decode(single.bitPattern) == Double(single))
    }
    #if !(os(macOS) && arch(x86_64))
      for _ in 0..<20_000 {
        let value = samples.double(exponents: -28...17)
        #expect(
          FloatFormat.fp16.encode(value, tally: &tally) == UInt32(Float16(value).bitPattern), "seed \(seed), \(value)")
      }
    #endif
    for _ in 0..<2000 {
      // A number with 16 significant bits rounds to BF16 as its upper half with the tie decided by the last bit.
      let bits = UInt32(samples.generator.next() >> 33) & 0x7F7F_FFFF
      let rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
      #expect(FloatFormat.bf16.encode(Double(Float(bitPattern: bits)), tally: &tally) == rounded)
    }
  }

  @Test func scalesAreTheSmallestThatFit() {
    #expect(ScaleRule.fit.scale(of: [0.3, -1], top: 1) == 0 && ScaleRule.fit.scale(of: [(1.0).nextUp], top: 1) == 1)
    #expect(ScaleRule.fit.scale(of: [448], top: 448) == 0 && ScaleRule.fit.scale(of: [449], top: 448) == 1)
    #expect(ScaleRule.fit.scale(of: [127, .infinity, .nan], top: 127) == 0)
    #expect(ScaleRule.fit.scale(of: [128], top: 127) == 1 && ScaleRule.fit.scale(of: [3.0e-5], top: 6) == -17)
    #expect(ScaleRule.fit.scale(of: [], top: 1) == -127 && ScaleRule.fit.scale(of: [0, .nan], top: 1) == -127)
    #expect(ScaleRule.fit.scale(of: [1e300], top: 1) == 127 && ScaleRule.fit.scale(of: [1e-300], top: 1) == -127)
    // OCP: floor(log2 max) - emax, emax = 8 (E4M3), 15 (E5M2), 2 (E2M1).
    #expect(ScaleRule.ocp.scale(of: [500], top: 448) == 0 && ScaleRule.ocp.scale(of: [7.9], top: 6) == 0)
    #expect(ScaleRule.ocp.scale(of: [1], top: 57344) == -15)
    var tally = EncodeTally()
    let blocks = Quantizer(FormatChoice(.pal(.pal8))).quantize(
      [Double](repeating: 0, count: 32) + [0.5, -3], blockLength: 32, tally: &tally)
    #expect(blocks.scales == [-127, 2] && blocks.words[32] == 0x7F - 24)
  }

  @Test func namesAreForgivingAndMistakesGetTheNearest() throws {
    #expect(try FormatChoice(named: "PAL8").format == .pal(.pal8))
    #expect(try FormatChoice(named: "pal6g4").format.bits == 6)
    #expect(try FormatChoice(named: "e4m3").format == .float(.e4m3))
    #expect(try FormatChoice(named: "mxfp8-e5m2").isMicroscaling)
    #expect(try FormatChoice(named: "mdlns-4-3-r8").format == .pal(.pal8))
    #expect(try FormatChoice(named: "mdlns-4-3-d3").name == "mdlns-4-3-d3")
    for choice in FormatChoice.named { #expect(try FormatChoice(named: choice.name) == choice) }
    for (typo, nearest) in [("pal88", "pal8"), ("bf61", "bf16"), ("in8", "int8")] {
      #expect { try FormatChoice(named: typo) } throws: { "\($0)".contains("did you mean '\(nearest)'") }
    }
    #expect(throws: FormatError("gamma is a power of two, found 6")) { try FormatChoice(named: "pal8g6") }
  }

  @Test func referenceDotsAreExactSumsRoundedOnce() throws {
    let seed: UInt64 = 99
    var samples = Samples(seed: seed)
    for format in [
      NumberFormat.integer(.int8), .float(.e4m3), .float(.e5m2), .float(.e2m1), .float(.bf16), .float(.fp16),
      .float(.fp32),
    ] {
      let codec = NumberCodec(format)
      let reference = try ReferenceDot(format)
      for _ in 0..<20 {
        var tally = EncodeTally()
        let words = (0..<2).map { _ in
          (0..<70).map { _ in codec.encode(samples.double(exponents: -12...5), tally: &tally) }
        }
        let scales = format.usesScale ? [-3, 4, 0] : [0, 0, 0]
        let a = try QuantizedVector(words: words[0], scales: scales, blockLength: 32)
        let b = QuantizedVector(words: words[1], scale: 1)
        var sum = BigInt(0)
        for index in 0..<70 {
          let (x, y) = (codec.decode(words[0][index]), codec.decode(words[1][index]))
          if x == 0 || y == 0 { continue }
          let (mx, ex) = Oracle.parts(x)
          let (my, ey) = Oracle.parts(y)
          let term = mx * my << (ex + ey + a.scale(at: index) + 1 + 2200)
          sum += (x < 0) != (y < 0) ? -term : term
        }
        #expect(try reference.dot(a, b) == Oracle.nearest(sum, -2200), "\(format.name), seed \(seed)")
      }
    }
    let infinite = QuantizedVector(words: [0x7C00, 0x3C00], scale: 0)
    #expect(try ReferenceDot(.float(.fp16)).dot(infinite, infinite) == .infinity)
    #expect(try ReferenceDot(.float(.fp16)).dot(infinite, QuantizedVector(words: [0, 0x3C00], scale: 0)).isNaN)
  }
}

@Suite struct TwoBaseTests {
  /// Value of a code as an exact fraction numerator / 2^amax / 3^bmax, for D = 3.
  private func numerator(_ code: Int, _ format: MDLNSFormat) -> BigInt {
    let (a, b) = format.exponents(code)
    return BigInt(3).power(b) << (format.binaryTop - a)
  }

  @Test func encodingComparesSquaresWithProductsOfNeighbours() throws {
    let format = try MDLNSFormat(binaryBits: 4, secondBits: 3, base: 3)
    let codec = MDLNSCodec(format)
    let codes = (1...127).sorted { numerator($0, format) < numerator($1, format) }
    let keys = codes.map { numerator($0, format) }
    let seed: UInt64 = 23
    var samples = Samples(seed: seed)
    for round in 0..<3000 {
      var tally = EncodeTally()
      var value = samples.double(exponents: -30...1)
      if round < 126 {
        // Next to the geometric mean of two neighbours, where a wrong comparison would show.
        value = (codec.decode(UInt16(codes[round])) * codec.decode(UInt16(codes[round + 1]))).squareRoot()
        value = [value, value.nextUp, value.nextDown][round % 3]
      }
      let (m, e) = Oracle.parts(value)
      // x * 2^amax * 3^bmax over 2^-e.
      let x = m * BigInt(3).power(7) << 15
      func above(_ square: BigInt) -> Bool { e >= 0 ? (x * x) << (2 * e) > square : x * x > square << (-2 * e) }
      let rank = (0..<126).filter { above(keys[$0] * keys[$0 + 1]) }.count
      let lives = above(keys[0] * keys[0] / 4) || above((keys[0] * keys[0] + 3) / 4)
      let expected = lives ? UInt16(codes[rank]) | (value < 0 ? 0x80 : 0) : 0
      #expect(codec.encode(value, tally: &tally) == expected, "seed \(seed), \(value)")
    }
    #expect(codec.decode(0x7F) == 1 && codec.decode(0) == 0)
  }

  @Test func theLaneAddsBothExponents() throws {
    let format = try MDLNSFormat(binaryBits: 4, secondBits: 3, base: 3)
    let lane = try MDLNSLane(format, constantBits: 24)
    #expect(lane.constants.count == 15)
    var samples = Samples(seed: 31)
    for _ in 0..<40 {
      let words = (0..<2).map { _ in (0..<50).map { _ in UInt32.random(in: 0..<256, using: &samples.generator) } }
      let (a, b) = (QuantizedVector(words: words[0], scale: 2), QuantizedVector(words: words[1], scale: 1))
      var (sum, weight) = (0.0, 0.0)
      for (x, y) in zip(words[0], words[1]) where x & 127 != 0 && y & 127 != 0 {
        let product = Oracle.nearest(numerator(Int(x & 127), format) * numerator(Int(y & 127), format), -30)
        sum += (x ^ y) & 128 != 0 ? -product : product
        weight += product
      }
      let scale = 8 / 4782969.0
      #expect(abs(try lane.dot(a, b) - sum * scale) <= weight * scale * 0x1p-23)
    }
  }

  @Test func blocksOfZerosDoNotSpreadTheScales() throws {
    let format = try MDLNSFormat(binaryBits: 4, secondBits: 3, base: 3)
    let words = [UInt32](repeating: 0, count: 2) + [0x7F, 0xFF]
    let a = try QuantizedVector(words: words, scales: [-127, 60], blockLength: 2)
    let b = try QuantizedVector(words: [0x7F, 0x7F, 0x7F, 0x77], scales: [0, 0], blockLength: 2)
    // 2^60 * (1 - 1/2): code 0x77 is one step of the exponent of two below the top.
    let value = try MDLNSLane(format).dot(a, b)
    #expect(value == 0x1p59)
    let apart = try QuantizedVector(words: [0x7F, 0x7F, 0x7F, 0x7F], scales: [-127, 60], blockLength: 2)
    #expect(throws: FormatError.self) { try MDLNSLane(format).dot(apart, b) }
  }

  @Test func aRootOfTwoIsThePALMember() throws {
    #expect(try FormatChoice(named: "mdlns-3-4-r16").format == .pal(.pal8f))
    #expect(throws: FormatError.self) { try FormatChoice(named: "mdlns-4-3-r16") }
    #expect(throws: FormatError.self) { try MDLNSFormat(binaryBits: 4, secondBits: 3, base: 2) }
  }

  @Test func elmaWordsTaperAndFillA38BitAccumulator() throws {
    let format = ElmaFormat.elma8
    let codec = ElmaCodec(format)
    #expect(try ElmaLane(format).accumulatorBits == 38)
    #expect(try ElmaLane(format).significands == [32, 33, 35, 36, 38, 40, 41, 43, 45, 47, 49, 52, 54, 56, 59, 61])
    #expect(
      codec.decode(0x40) == 1 && codec.decode(0xC0) == -1 && codec.decode(0x7F) == 4096 && codec.decode(1) == 0x1p-12)
    #expect(
      codec.decode(0x50) == 2 && codec.decode(0x60) == 4 && codec.decode(0x30) == 0.5 && codec.decode(0x80).isInfinite)
    var tally = EncodeTally()
    let values = (1..<128).map { codec.decode(UInt16($0)) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    #expect((0..<256).allSatisfy { codec.encode(codec.decode(UInt16($0)), tally: &tally) == UInt16($0) })
    let lane = try ElmaLane(format)
    let a = QuantizedVector(words: [0x40, 0xC0, 0x48, 0x01, 0x01], scale: 0)
    let b = QuantizedVector(words: [0x44, 0x40, 0x48, 0x01, 0x81], scale: 0)
    // 2^(4/16) ~ 38/32, 1, 2^(16/16) = 2, and two products of 2^-24 that cancel.
    #expect(try lane.dot(a, b)?.value == 38.0 / 32 - 1 + 2)
    let top = QuantizedVector(words: [0x7F, 0x7F], scale: 0)
    #expect(try lane.dot(top, top)?.total == (1 << 37) - 1 && lane.dot(top, top)?.overflows == 1)
    #expect(try lane.dot(QuantizedVector(words: [0x80], scale: 0), QuantizedVector(words: [0x40], scale: 0)) == nil)
  }
}
