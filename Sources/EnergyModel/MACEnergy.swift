import Architecture

/// Energy of one multiply-accumulate by number format, at 7 nm and 0.75 V: product, sum and the registers of the processing
/// element, without operand memories. Formats are named in lower case here and in overrides.
enum MACEnergy {
  struct Entry {
    var format: String
    var picojoules: Double
    var grade: Grade
    var source: String
  }

  private static let jouppi = "Jouppi et al., ISCA 2021, table 2"
  private static let fp8Source = "int8 x 1.45: FP8 units cost 40-50 % more than INT8 units (secondary sources)"

  /// The ratio of PAL8 to INT8 is disputed: 0.96 measured for ELMA, 0.64-0.68 from LNS-Madam, 0.55 from a sum of parts;
  /// configurations that study it override `mac.pal8`.
  static let known: [Entry] = [
    Entry(
      format: "pal4", picojoules: 0.030, grade: .assumed,
      source: "PAL8 x 0.45: fewer bins and shorter shifts"),
    Entry(
      format: "pal8", picojoules: 0.067, grade: .derived,
      source: "INT8 x 0.67: LNS-Madam (arXiv 2106.13914) against FP8 units; plausible 0.55-0.96 x INT8"),
    Entry(
      format: "pal8f", picojoules: 0.067, grade: .assumed, source: "PAL8: as wide, other split of the exponent"),
    Entry(
      format: "pal14", picojoules: 0.32, grade: .assumed, source: "PAL16 x 0.9: two bits less in the adders"),
    Entry(
      format: "pal16", picojoules: 0.36, grade: .assumed,
      source: "FP16 x 0.50: windowed bins as ELMA16 (arXiv 1811.01721, 0.59 x FP16 FMA)"),
    Entry(format: "pal16f", picojoules: 0.36, grade: .assumed, source: "PAL16: as wide, other split of the exponent"),
    Entry(
      format: "int4", picojoules: 0.058, grade: .derived, source: "INT8 x 0.58: ratio of a public N7 catalogue"),
    Entry(format: "int8", picojoules: 0.10, grade: .derived, source: "int8 multiply + int32 add: \(jouppi)"),
    Entry(format: "fp4e2m1", picojoules: 0.084, grade: .assumed, source: "INT4 x 1.45, as FP8 against INT8"),
    Entry(format: "fp8e4m3", picojoules: 0.145, grade: .derived, source: fp8Source),
    Entry(format: "fp8e5m2", picojoules: 0.145, grade: .derived, source: fp8Source),
    Entry(format: "bf16", picojoules: 0.59, grade: .derived, source: "bf16 multiply + fp32 add: \(jouppi)"),
    Entry(format: "fp16", picojoules: 0.72, grade: .derived, source: "fp16 multiply + fp32 add: \(jouppi)"),
    Entry(format: "fp32", picojoules: 1.69, grade: .derived, source: "fp32 multiply + fp32 add: \(jouppi)"),
  ]
}
