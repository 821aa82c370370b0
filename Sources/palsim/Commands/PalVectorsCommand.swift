import ArgumentParser
import Foundation
import PALArithmetic

/// `palsim pal vectors`: test vectors with expected outputs for RTL verification.
struct PalVectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors",
    abstract: "Test vectors with expected outputs for RTL verification of a PAL lane.",
    usage: "palsim pal vectors <format> [options]",
    discussion: """
      Text, one record a line, fields as name=value; docs/pal-vectors.md defines each. The same options and seed give \
      the same bytes.

      Examples:
        palsim pal vectors pal8 --count 1000 --out pal8.vec
        palsim pal vectors pal16 --terms 256 --block 32 --seed 5
      """)

  @Argument(help: "A PAL format.")
  var format: String

  @Option(help: "Records of each kind.")
  var count = 100

  @Option(help: "Terms of a dot product.")
  var terms = 64

  @Option(help: "Terms that share a scale; 0: one scale a vector.")
  var block = 32

  @Option(help: "Seed of the operands.")
  var seed: UInt64 = 1

  @Option(help: "Write to this file instead of standard output.")
  var out: String?

  @OptionGroup var lane: PalLaneOptions

  func run() throws {
    try reportingPalFaults {
      guard case .pal(let member) = try FormatChoice(named: format).format else {
        throw PalFault(message: "vectors are for PAL formats, found '\(format)'", code: 64)
      }
      try PalInput.check(count, 0...1_000_000, option: "--count")
      try PalInput.check(terms, 1...1 << 20, option: "--terms")
      try PalInput.check(block, 0...terms, option: "--block")
      var writer = PalVectorWriter(
        try lane.configuration(member), terms: terms, block: block == 0 ? terms : block, seed: seed)
      let text = try writer.text(count: count)
      guard let out else { return print(text, terminator: "") }
      try PalFiles.write(Data(text.utf8), to: out)
      print("\(3 * count) vectors of \(member.name) written to \(out)")
    }
  }
}

/// Makes the records of a vector file.
private struct PalVectorWriter {
  private let lane: MACLane
  private let codec: PALCodec
  private let terms: Int
  private let block: Int
  private let seed: UInt64
  private var generator: SplitMix64

  init(_ configuration: LaneConfiguration, terms: Int, block: Int, seed: UInt64) {
    lane = MACLane(configuration)
    codec = PALCodec(configuration.format)
    self.terms = terms
    self.block = block
    self.seed = seed
    generator = SplitMix64(seed: seed)
  }

  mutating func text(count: Int) throws -> String {
    var text = header
    for _ in 0..<count { text += encodeRecord() }
    for _ in 0..<count { text += decodeRecord() }
    for _ in 0..<count { text += try macRecord() }
    return text
  }

  private var header: String {
    let configuration = lane.configuration
    return """
      # palsim pal vectors 1: a declared model of PAL words, see docs/pal-vectors.md
      lane format=\(configuration.format.name) bits=\(configuration.format.bits) gamma=\(configuration.format.gamma) \
      W=\(configuration.accumulatorBits) drop=\(configuration.drop) Q=\(configuration.constantBits) \
      M=\(configuration.significandBits) bins=\(configuration.bins) \
      requantise=\(requantisation) seed=\(seed)
      constants \(list(lane.tables.constants))
      significands \(list(lane.tables.significands))

      """
  }

  private var requantisation: String {
    switch lane.configuration.requantisation {
    case .exact: "exact"
    case .table(let bits): "\(bits)"
    }
  }

  private mutating func encodeRecord() -> String {
    let scale = Int.random(in: -8...8, using: &generator)
    let reach = Int(codec.format.octaves) + 3
    let exponent = Int.random(in: max(-1000, scale - reach)...scale + 1, using: &generator)
    let significand = 1 + Double(generator.next() >> 12) * 0x1p-52
    let magnitude = Double(sign: .plus, exponent: exponent, significand: significand)
    let value = generator.next() >> 63 == 0 ? magnitude : -magnitude
    return "encode x=\(hex(value)) S=\(scale) word=\(hex(codec.encode(value, scale: scale)))\n"
  }

  private mutating func decodeRecord() -> String {
    let scale = Int.random(in: -8...8, using: &generator)
    let word = randomWord()
    return "decode word=\(hex(word)) S=\(scale) x=\(hex(codec.decode(word, scale: scale)))\n"
  }

  private mutating func macRecord() throws -> String {
    let (a, b) = (try randomVector(), try randomVector())
    let bins = try lane.accumulate(a, b)
    var sum = lane.drain(bins)
    let value = sum.value
    let scale = MACLane.scale(of: [sum])
    var tally = EncodeTally()
    let word = lane.requantise(sum, scale: scale, codec: codec, tally: &tally)
    let (total, lsb, overflows) = (sum.total, sum.lsb, sum.overflows)
    return "mac K=\(terms) block=\(block) a=\(words(a)) b=\(words(b)) Sa=\(list(a.scales)) Sb=\(list(b.scales)) "
      + "anchor=\(bins.anchor) bins=\(list(bins.sums)) skipped=\(bins.skipped) T=\(total) lsb=\(lsb) "
      + "overflow=\(overflows) partial=\(sum.partial()) x=\(hex(value)) S=\(scale) word=\(hex(word))\n"
  }

  private mutating func randomWord() -> UInt16 {
    UInt16(generator.next() >> UInt64(64 - codec.format.bits))
  }

  private mutating func randomVector() throws -> QuantizedVector {
    let words = (0..<terms).map { _ in UInt32(randomWord()) }
    let scales = (0..<(terms + block - 1) / block).map { _ in Int.random(in: -6...6, using: &generator) }
    return try QuantizedVector(words: words, scales: scales, blockLength: block)
  }

  private func hex(_ value: Double) -> String {
    let digits = String(value.bitPattern, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func hex(_ word: UInt16) -> String {
    String(PalNumber.word(UInt32(word), bits: codec.format.bits).dropFirst(2))
  }

  private func words(_ vector: QuantizedVector) -> String {
    vector.words.map { hex(UInt16($0)) }.joined(separator: ",")
  }

  private func list(_ numbers: [some CustomStringConvertible]) -> String {
    numbers.map(\.description).joined(separator: ",")
  }
}
