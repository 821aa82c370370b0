import Architecture
import Foundation

/// Energy of scratchpads and accumulators at 7 nm and 0.75 V.
enum SRAMEnergy {
  static let source =
    "Jouppi et al., ISCA 2021, table 2 (8 KB 0.117, 32 KB 0.133, 1 MB 0.219 pJ/bit), log2 of the bank size"
  static let writeOverRead = 1.1

  /// Picojoules to read one bit of a bank of `kibibytes`; below 8 KB, where nothing is measured, down to 0.05 at 1 KB
  /// (Dally, CACM 2020: 0.05 pJ/bit for small local memories).
  static func readBit(kibibytes: Double) -> Double {
    interpolate(log2(kibibytes), [(0, 0.05), (3, 0.117), (5, 0.133), (7, 0.167), (10, 0.219), (13, 0.271)])
  }
}

extension SRAMEnergy {
  /// Bits read and written over data bits: with SECDED the check bits of each word come along. For d data bits they are the
  /// least r with 2^r >= d + r + 1, and a parity bit (Hamming 1950, Hsiao 1970).
  static func codeFactor(_ sram: SRAMSpec) -> Double {
    guard sram.ecc == .secded else { return 1 }
    let data = 8 * sram.bankWidth
    let check = (2...64).first { 1 << $0 >= data + $0 + 1 } ?? 64
    return Double(data + check + 1) / Double(data)
  }
}

/// Energy of one HBM channel. Not scaled with the logic's node: the DRAM keeps its own.
struct HBMEnergy {
  let spec: HBMSpec

  /// DRAMsim3's HBM2_8Gb currents at 1.2 V through its formulas: a 2 KiB row, a 128-bit channel (32 bytes a clock), 1 GiB.
  private static let activatePicojoules = 828.0
  private static let refreshPicojoules = 60_800.0
  private static let readCoreBit = 1.57
  private static let writeCoreBit = 2.09
  private static let standbyMilliwatts = 57.0
  /// I/O and both PHYs, picojoules a bit: what brings the core to the published 4-7 pJ/bit of whole systems.
  private static let interfaceBit = 2.5
  static let coreSource = "DRAMsim3 HBM2_8Gb IDD currents and formulas"
  static let interfaceSource = "\(coreSource), + 2.5 pJ/bit I/O and PHY to meet the published 4-7 pJ/bit"

  /// Published totals of the generation against HBM2's 3.9 pJ/bit.
  private var generation: Double {
    if spec.standard.hasPrefix("HBM4") { return 0.85 }
    if spec.standard.hasPrefix("HBM3") { return 0.92 }
    if spec.standard.hasPrefix("HBM2E") { return 0.95 }
    return 1
  }

  var readByte: Double { 8 * (Self.readCoreBit + Self.interfaceBit) * generation }
  var writeByte: Double { 8 * (Self.writeCoreBit + Self.interfaceBit) * generation }
  /// In proportion to the row.
  var activate: Double { Self.activatePicojoules * Double(spec.rowBytes) / 2048 * generation }
  /// In proportion to the channel's capacity.
  var refresh: Double {
    Self.refreshPicojoules * Double(spec.bytes) / Double(spec.channels) / 0x1p30 * generation
  }
  /// Between precharged (48 mW) and active (66 mW) standby, in proportion to the width of the channel; milliwatts.
  var standby: Double { Self.standbyMilliwatts * Double(spec.accessBytes) / Double(spec.nBL) / 32 * generation }
}
