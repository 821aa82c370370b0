import Architecture

/// Supply voltage and currents of a DRAM channel of 128 data bits or their equal in bandwidth (32 bytes a cycle of CK), by
/// JEDEC's names. Currents of the core: input, output and PHY are a term of their own.
struct DRAMCurrents: Equatable {
  var millivolts: Int64
  /// Milliamperes.
  var idd0: Int64
  var idd2N: Int64
  var idd3N: Int64
  var idd4R: Int64
  var idd4W: Int64
  var idd5AB: Int64
  var grade: Grade
  var source: String
  /// CK at which the assumed currents of reads and writes hold; they grow with the clock, so that an access costs the same
  /// at any. nil for published currents, which are used as they are.
  var assumedAt: Frequency?

  static func of(_ standard: String) -> DRAMCurrents {
    switch standard {
    case "HBM1": hbm1
    case "HBM3": hbm3
    case "HBM4": hbm4
    default: hbm2
    }
  }

  private static let formulas = "VDD x current x cycles x tCK"

  private static let hbm2 = DRAMCurrents(
    millivolts: 1200, idd0: 65, idd2N: 40, idd3N: 55, idd4R: 390, idd4W: 500, idd5AB: 250, grade: .derived,
    source: "DRAMsim3 HBM2_8Gb_x128 currents, \(formulas)")

  private static let hbm1 = DRAMCurrents(
    millivolts: 1200, idd0: 65, idd2N: 40, idd3N: 55, idd4R: 360, idd4W: 440, idd5AB: 250, grade: .derived,
    source: "DRAMsim3 HBM1_4Gb_x128 currents, \(formulas)")

  /// No currents of HBM3 are published: those of HBM2 at 1.1 V, with reads and writes such that an access costs 0.92 of
  /// HBM2's, the ratio of the generations' quoted energies a bit.
  private static let hbm3 = DRAMCurrents(
    millivolts: 1100, idd0: 65, idd2N: 40, idd3N: 55, idd4R: 593, idd4W: 770, idd5AB: 250, grade: .assumed,
    source: "HBM2's currents at 1.1 V, accesses at 0.92 of HBM2's energy; none are published",
    assumedAt: Frequency(hertz: 1_600_000_000))

  /// Likewise: 1.05 V and 0.85.
  private static let hbm4 = DRAMCurrents(
    millivolts: 1050, idd0: 65, idd2N: 40, idd3N: 55, idd4R: 706, idd4W: 920, idd5AB: 250, grade: .assumed,
    source: "HBM2's currents at 1.05 V, accesses at 0.85 of HBM2's energy; none are published",
    assumedAt: Frequency(hertz: 2_000_000_000))
}
