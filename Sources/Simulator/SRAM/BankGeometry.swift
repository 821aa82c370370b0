import Architecture

/// Where bytes live in a banked memory of words of `width` bytes (`docs/models/sram.md`, Banks).
struct BankGeometry {
  let banks: Int64
  let width: Int64
  /// One bit a bank.
  let all: UInt64
  let interleave: SRAMInterleave
  /// A partly written word is read first.
  let readsBeforePartialWrite: Bool
  /// Reads and writes have ports of their own.
  let hasWritePorts: Bool
  /// Bytes of consecutive addresses in one bank.
  private let piece: Int64
  /// log2 of the width when it is a power of two, else -1.
  private let shift: Int64

  init(_ spec: SRAMSpec) {
    banks = Int64(spec.banks)
    width = Int64(spec.bankWidth)
    all = spec.banks == 64 ? .max : (1 << UInt64(spec.banks)) - 1
    interleave = spec.interleave
    readsBeforePartialWrite = spec.ecc == .secded
    hasWritePorts = spec.ports == .oneReadOneWrite
    piece = spec.interleave == .matrixRow ? Int64(spec.rowBytes) : width
    shift = width & (width - 1) == 0 ? Int64(width.trailingZeroBitCount) : -1
  }

  /// Bytes after which the pattern of banks repeats.
  var span: Int64 { banks * piece * (interleave == .hashed ? banks : 1) }

  @inline(__always)
  func word(at address: Int64) -> Int64 {
    shift >= 0 ? address &>> shift : address / width
  }

  /// The bank of a word.
  func bank(ofWord word: Int64) -> Int {
    switch interleave {
    case .lowOrder: Int(word & (banks - 1))
    case .hashed: Int((word ^ word / banks) & (banks - 1))
    case .matrixRow: Int(word * width / piece & (banks - 1))
    }
  }

  /// The banks of `count` < `banks` consecutive words dealt in turn.
  @inline(__always)
  func mask(firstWord: Int64, count: Int64) -> UInt64 {
    let run: UInt64 = (1 &<< UInt64(count)) &- 1
    let first = UInt64(truncatingIfNeeded: firstWord & (banks &- 1))
    if first == 0 { return run }
    return (run &<< first | run &>> (UInt64(banks) &- first)) & all
  }

  /// Hands the banks of consecutive words to `body`, each group of different banks with how often each is needed.
  func forEachGroup(firstWord: Int64, count: Int64, _ body: (_ banks: UInt64, _ times: Int64) -> Void) {
    var word = firstWord
    let end = firstWord + count
    while word < end {
      let words = min(end - word, wordsOfGroup(from: word))
      if interleave == .matrixRow {
        body(1 << UInt64(bank(ofWord: word)), words)
      } else {
        body(group(firstWord: word, count: words), 1)
      }
      word += words
    }
  }

  /// Words from `word` on that are in different banks, or (matrix row) in the same.
  private func wordsOfGroup(from word: Int64) -> Int64 {
    switch interleave {
    case .lowOrder: banks
    case .hashed: banks - word % banks
    case .matrixRow: (piece - word * width % piece) / width
    }
  }

  /// The banks of up to `banks` words; hashed ones lie in one row of words.
  private func group(firstWord: Int64, count: Int64) -> UInt64 {
    let inTurn = count == banks ? all : mask(firstWord: firstWord, count: count)
    return interleave == .hashed ? Self.permute(inTurn, by: firstWord / banks & (banks - 1)) : inTurn
  }

  /// Moves bit b of a mask to bit b xor `key`: halves of ever larger blocks change places.
  private static func permute(_ mask: UInt64, by key: Int64) -> UInt64 {
    let halves: InlineArray<6, UInt64> = [
      0x5555_5555_5555_5555, 0x3333_3333_3333_3333, 0x0F0F_0F0F_0F0F_0F0F, 0x00FF_00FF_00FF_00FF,
      0x0000_FFFF_0000_FFFF, 0x0000_0000_FFFF_FFFF,
    ]
    var mask = mask
    for level in 0..<6 where key >> Int64(level) & 1 == 1 {
      let distance: UInt64 = 1 << UInt64(level)
      mask = (mask & halves[level]) << distance | (mask >> distance) & halves[level]
    }
    return mask
  }
}
