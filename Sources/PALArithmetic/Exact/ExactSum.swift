/// An exact sum of terms (+-) m * 2^(i/gamma), m and i integers: gamma bins of integers as wide as it takes.
///
/// The sum of the bins is generally irrational. It is evaluated in intervals of growing precision until the answer asked
/// for (a binary64, a word) is the same at both ends. That ends, because the powers 2^(r/gamma), r < gamma, are linearly
/// independent over the rationals: the sum is zero only if every bin is, and rational only if only bin 0 is not zero.
public struct ExactSum: Sendable {
  /// Powers of 2^(1/gamma): the first, usually sufficient precision.
  private let roots: RootTable
  /// Weight 2^lowest of a bin's last place.
  private let lowest: Int
  private let wordsPerBin: Int
  /// Two's complement, one bin after another.
  private var words: [UInt64]

  /// An empty sum for terms of up to 64-bit magnitude whose exponents, rounded down to octaves, lie in `octaves`; up to
  /// 2^62 of them.
  public init(roots: RootTable, octaves: ClosedRange<Int>) {
    self.roots = roots
    lowest = octaves.lowerBound
    wordsPerBin = (octaves.upperBound - octaves.lowerBound) / 64 + 3
    words = [UInt64](repeating: 0, count: wordsPerBin << roots.fractionBits)
  }

  /// Adds (+-) magnitude * 2^(steps/gamma).
  public mutating func add(negative: Bool, magnitude: UInt64 = 1, steps: Int) {
    let position = (steps >> roots.fractionBits) - lowest
    precondition(position >= 0, "a term below the sum's range")
    let bin = (steps & (roots.gamma - 1)) * wordsPerBin
    let index = bin + position / 64
    let shift = UInt64(position % 64)
    let (low, high) = (magnitude << shift, shift == 0 ? 0 : magnitude >> (64 - shift))
    if negative {
      subtract(low, high, at: index, end: bin + wordsPerBin)
    } else {
      add(low, high, at: index, end: bin + wordsPerBin)
    }
  }

  private mutating func add(_ low: UInt64, _ high: UInt64, at index: Int, end: Int) {
    var carry = false
    (words[index], carry) = words[index].addingReportingOverflow(low)
    let (more, over) = high.addingReportingOverflow(carry ? 1 : 0)
    (words[index + 1], carry) = words[index + 1].addingReportingOverflow(more)
    carry = carry || over
    var next = index + 2
    while carry, next < end {
      (words[next], carry) = words[next].addingReportingOverflow(1)
      next += 1
    }
  }

  private mutating func subtract(_ low: UInt64, _ high: UInt64, at index: Int, end: Int) {
    var borrow = false
    (words[index], borrow) = words[index].subtractingReportingOverflow(low)
    let (more, over) = high.addingReportingOverflow(borrow ? 1 : 0)
    (words[index + 1], borrow) = words[index + 1].subtractingReportingOverflow(more)
    borrow = borrow || over
    var next = index + 2
    while borrow, next < end {
      (words[next], borrow) = words[next].subtractingReportingOverflow(1)
      next += 1
    }
  }

  /// Bin r as sign and magnitude, in units of 2^lowest.
  private func bin(_ index: Int) -> (negative: Bool, magnitude: Magnitude) {
    let slice = Array(words[index * wordsPerBin..<(index + 1) * wordsPerBin])
    guard slice[wordsPerBin - 1] >> 63 == 1 else { return (false, Magnitude(words: slice)) }
    return (true, Magnitude(words: slice.map { ~$0 }) + Magnitude(1 as UInt64))
  }

  /// Whether the sum is exactly zero.
  public var isZero: Bool { words.allSatisfy { $0 == 0 } }

  /// The binary64 nearest to the true sum, ties to even.
  public var value: Double {
    settle { Rounding.binary64(negative: $0, magnitude: $1, exponent: $2) } ?? 0
  }

  /// The word nearest to the true sum at 2^scale, by the rules of `encode`.
  public func word(codec: PALCodec, scale: Int, tally: inout EncodeTally) -> UInt16 {
    let result = settle { negative, magnitude, exponent in
      var tally = EncodeTally()
      let word = codec.encode(
        negative: negative, magnitude: magnitude, exponent: exponent, scale: scale, tally: &tally)
      return Outcome(word: word, tally: tally)
    }
    guard let result else { return 0 }
    tally.add(result.tally)
    return result.word
  }

  private struct Outcome: Equatable {
    let word: UInt16
    let tally: EncodeTally
  }

  /// Evaluates `answer` at both ends of ever narrower intervals around the sum until it is the same; nil for zero.
  private func settle<Answer: Equatable>(
    _ answer: (_ negative: Bool, _ magnitude: Magnitude, _ exponent: Int) -> Answer
  ) -> Answer? {
    let bins = (0..<roots.gamma).map { (step: $0, bin: bin($0)) }.filter { !$0.bin.magnitude.isZero }
    guard let first = bins.first else { return nil }
    if bins.count == 1, first.step == 0 { return answer(first.bin.negative, first.bin.magnitude, lowest) }
    var precision = 127
    while true {
      let (negative, low, high) = interval(bins, precision: precision)
      if !low.isZero {
        let (atLow, atHigh) = (
          answer(negative, low, lowest - precision), answer(negative, high, lowest - precision)
        )
        if atLow == atHigh { return atLow }
      }
      precision *= 2
    }
  }

  /// An interval of magnitudes that holds the sum, in units of 2^(lowest - precision); low is zero when not even the
  /// sign is known.
  private func interval(
    _ bins: [(step: Int, bin: (negative: Bool, magnitude: Magnitude))], precision: Int
  ) -> (negative: Bool, low: Magnitude, high: Magnitude) {
    let precise = precision == 127 ? nil : BinaryRoots(halvings: roots.fractionBits, precision: precision)
    var (positive, negative, weight) = (Magnitude.zero, Magnitude.zero, Magnitude.zero)
    for (step, bin) in bins {
      let product = bin.magnitude * (precise?.power(step) ?? Magnitude(roots.root(step)))
      if bin.negative { negative = negative + product } else { positive = positive + product }
      weight = weight + bin.magnitude
    }
    let error = weight * Magnitude(UInt64(BinaryRoots.errorUnits))
    let isNegative = positive < negative
    let middle = isNegative ? negative - positive : positive - negative
    return (isNegative, middle > error ? middle - error : .zero, middle + error)
  }
}

extension EncodeTally {
  /// Adds the counts of another tally.
  public mutating func add(_ other: EncodeTally) {
    saturated += other.saturated
    infinite += other.infinite
    notANumber += other.notANumber
    flushed += other.flushed
    raised += other.raised
  }
}
