import ArgumentParser
import PALArithmetic

/// The settings of a MAC lane, as options of several commands.
struct PalLaneOptions: ParsableArguments {
  @Option(help: "Width W of a bin's accumulator, 8 to 96 bits.")
  var accumulatorBits: Int?

  @Option(help: "Low bit positions dropped from each product; default: from W.")
  var drop: Int?

  @Option(help: "Fraction bits Q of the bin constants, 0 to 24.")
  var constantBits = 12

  @Option(help: "Bits M of a product's significand, above 8 bits.")
  var significandBits: Int?

  @Option(help: "LNS-Madam constants: table entries 2^N, the rest by Mitchell's 1 + x.")
  var hybridBits: Int?

  @Option(help: "Requantise by a table of 2^N entries instead of exactly.")
  var requantiseBits: Int?

  @Option(help: "Products V taken in one step; never changes a result.")
  var vectorWidth = 32

  /// The configuration for a member.
  func configuration(_ format: PALFormat) throws -> LaneConfiguration {
    try LaneConfiguration(
      format, accumulatorBits: accumulatorBits, drop: drop, constantBits: constantBits,
      significandBits: significandBits, vectorWidth: vectorWidth,
      constants: hybridBits.map { .hybrid(tableBits: $0) } ?? .nearest,
      requantisation: requantiseBits.map { .table(indexBits: $0) } ?? .exact)
  }

  /// The configuration of a format that has a PAL lane, else nil.
  func configuration(_ format: NumberFormat) throws -> LaneConfiguration? {
    guard case .pal(let member) = format else { return nil }
    return try configuration(member)
  }
}

/// How many values share a scale, as options.
struct PalScaleOptions: ParsableArguments {
  @Option(help: "Scale of every N terms along the reduction.")
  var block: Int?

  @Option(help: "Without --block: channel (a scale a row of A, column of B) or tensor.")
  var granularity = "channel"

  private enum Name: String, CaseIterable { case channel, tensor }

  /// The granularity; mx formats default to blocks of 32.
  func granularity(_ choice: FormatChoice) throws -> ScaleGranularity {
    if let block = block ?? (choice.isMicroscaling ? 32 : nil) {
      try PalInput.check(block, 1...1 << 20, option: "--block")
      return .block(block)
    }
    let name: Name = try PalInput.choice(granularity, option: "--granularity")
    return name == .channel ? .channel : .tensor
  }
}
