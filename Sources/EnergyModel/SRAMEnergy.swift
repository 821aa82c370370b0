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
