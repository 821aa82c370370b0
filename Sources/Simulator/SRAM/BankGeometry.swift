import Architecture

/// Where bytes live in a banked memory: words of `width` bytes, dealt to the banks in turn (low-order interleave).
struct BankGeometry {
  let banks: Int64
  let width: Int64
  /// One bit a bank.
  let all: UInt64
  /// log2 of the width when it is a power of two, else -1.
  private let shift: Int64

  init(_ spec: SRAMSpec) {
    banks = Int64(spec.banks)
    width = Int64(spec.bankWidth)
    all = spec.banks == 64 ? .max : (1 << UInt64(spec.banks)) - 1
    shift = width & (width - 1) == 0 ? Int64(width.trailingZeroBitCount) : -1
  }

  /// Bytes after which the pattern of banks repeats.
  var span: Int64 { banks * width }

  @inline(__always)
  func word(at address: Int64) -> Int64 {
    shift >= 0 ? address &>> shift : address / width
  }

  /// The banks of `count` < `banks` consecutive words.
  @inline(__always)
  func mask(firstWord: Int64, count: Int64) -> UInt64 {
    let run: UInt64 = (1 &<< UInt64(count)) &- 1
    let first = UInt64(truncatingIfNeeded: firstWord & (banks &- 1))
    if first == 0 { return run }
    return (run &<< first | run &>> (UInt64(banks) &- first)) & all
  }
}
