/// A natural number of any size, for the few places where a decision must be exact.
///
/// Little-endian 64-bit words without leading zeros, so equal numbers have equal words. Written for clarity: it builds
/// tables and settles rounding decisions, it is not on any hot path.
struct Magnitude: Equatable {
  private(set) var words: [UInt64]

  static let zero = Magnitude(words: [])

  init(words: [UInt64]) {
    self.words = words
    trim()
  }

  init(_ value: UInt64) {
    words = value == 0 ? [] : [value]
  }

  init(_ value: UInt128) {
    self.init(words: [UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64)])
  }

  /// 2^exponent, exponent >= 0.
  init(powerOfTwo exponent: Int) {
    words = [UInt64](repeating: 0, count: exponent / 64) + [1 << UInt64(exponent % 64)]
  }

  var isZero: Bool { words.isEmpty }

  /// Position of the highest one bit plus one; 0 for zero.
  var bitWidth: Int {
    guard let top = words.last else { return 0 }
    return words.count * 64 - top.leadingZeroBitCount
  }

  /// The value of the bit of weight 2^position.
  func bit(_ position: Int) -> Bool {
    let word = position / 64
    return word < words.count && words[word] >> UInt64(position % 64) & 1 == 1
  }

  /// Whether any bit below weight 2^position is set.
  func hasBits(below position: Int) -> Bool {
    let whole = min(position / 64, words.count)
    if words[..<whole].contains(where: { $0 != 0 }) { return true }
    guard whole < words.count, position % 64 != 0 else { return false }
    return words[whole] & ((1 << UInt64(position % 64)) - 1) != 0
  }

  /// The low 128 bits.
  var low128: UInt128 {
    let low = words.first ?? 0
    let high = words.count > 1 ? words[1] : 0
    return UInt128(high) << 64 | UInt128(low)
  }

  /// The highest 128 bits of a nonzero number, shifted up so that the top bit is set, rounded down.
  var top128: UInt128 { (self >> (bitWidth - 128)).low128 }

  private mutating func trim() {
    while words.last == 0 { words.removeLast() }
  }
}

extension Magnitude: Comparable {
  static func < (a: Magnitude, b: Magnitude) -> Bool {
    if a.words.count != b.words.count { return a.words.count < b.words.count }
    for index in a.words.indices.reversed() where a.words[index] != b.words[index] {
      return a.words[index] < b.words[index]
    }
    return false
  }
}

extension Magnitude {
  static func + (a: Magnitude, b: Magnitude) -> Magnitude {
    let (long, short) = a.words.count >= b.words.count ? (a, b) : (b, a)
    var sum = long.words
    var carry: UInt64 = 0
    for index in sum.indices {
      let other = index < short.words.count ? short.words[index] : 0
      let (first, over) = sum[index].addingReportingOverflow(other)
      let (second, overAgain) = first.addingReportingOverflow(carry)
      sum[index] = second
      carry = over || overAgain ? 1 : 0
    }
    if carry != 0 { sum.append(1) }
    return Magnitude(words: sum)
  }

  /// The difference; `a` must not be smaller than `b`.
  static func - (a: Magnitude, b: Magnitude) -> Magnitude {
    var difference = a.words
    var borrow: UInt64 = 0
    for index in difference.indices {
      let other = index < b.words.count ? b.words[index] : 0
      let (first, under) = difference[index].subtractingReportingOverflow(other)
      let (second, underAgain) = first.subtractingReportingOverflow(borrow)
      difference[index] = second
      borrow = under || underAgain ? 1 : 0
    }
    precondition(borrow == 0, "Magnitude difference below zero")
    return Magnitude(words: difference)
  }

  static func * (a: Magnitude, b: Magnitude) -> Magnitude {
    guard !a.isZero, !b.isZero else { return .zero }
    var product = [UInt64](repeating: 0, count: a.words.count + b.words.count)
    for (i, x) in a.words.enumerated() {
      var carry: UInt64 = 0
      for (j, y) in b.words.enumerated() {
        let wide = UInt128(x) * UInt128(y) + UInt128(product[i + j]) + UInt128(carry)
        product[i + j] = UInt64(truncatingIfNeeded: wide)
        carry = UInt64(truncatingIfNeeded: wide >> 64)
      }
      product[i + b.words.count] = carry
    }
    return Magnitude(words: product)
  }

  static func << (a: Magnitude, distance: Int) -> Magnitude {
    guard distance > 0, !a.isZero else { return distance < 0 ? a >> -distance : a }
    let (whole, part) = (distance / 64, UInt64(distance % 64))
    var shifted = [UInt64](repeating: 0, count: whole) + a.words
    guard part != 0 else { return Magnitude(words: shifted) }
    shifted.append(0)
    for index in shifted.indices.reversed() where index >= whole {
      let below = index > whole ? shifted[index - 1] >> (64 - part) : 0
      shifted[index] = shifted[index] << part | below
    }
    return Magnitude(words: shifted)
  }

  /// The quotient by 2^distance, rounded down.
  static func >> (a: Magnitude, distance: Int) -> Magnitude {
    guard distance > 0 else { return distance < 0 ? a << -distance : a }
    let (whole, part) = (distance / 64, UInt64(distance % 64))
    guard whole < a.words.count else { return .zero }
    var shifted = Array(a.words[whole...])
    guard part != 0 else { return Magnitude(words: shifted) }
    for index in shifted.indices {
      let above = index + 1 < shifted.count ? shifted[index + 1] << (64 - part) : 0
      shifted[index] = shifted[index] >> part | above
    }
    return Magnitude(words: shifted)
  }

  /// self^exponent.
  func raised(to exponent: Int) -> Magnitude {
    var result = Magnitude(1 as UInt64)
    for _ in 0..<exponent { result = result * self }
    return result
  }

  /// The integer square root, rounded down, one result bit at a time.
  func squareRoot() -> Magnitude {
    var root = Magnitude.zero
    var rest = Magnitude.zero
    for pair in stride(from: (bitWidth + 1) / 2 - 1, through: 0, by: -1) {
      let digits: UInt64 = (bit(2 * pair + 1) ? 2 : 0) + (bit(2 * pair) ? 1 : 0)
      rest = (rest << 2) + Magnitude(digits)
      let trial = (root << 2) + Magnitude(1 as UInt64)
      root = root << 1
      if trial <= rest {
        rest = rest - trial
        root = root + Magnitude(1 as UInt64)
      }
    }
    return root
  }
}

extension Magnitude {
  /// Quotient and rest, one quotient bit at a time; the divisor must not be zero.
  func divided(by divisor: Magnitude) -> (quotient: Magnitude, rest: Magnitude) {
    precondition(!divisor.isZero, "Magnitude division by zero")
    var quotient = Magnitude.zero
    var rest = self
    for shift in stride(from: bitWidth - divisor.bitWidth, through: 0, by: -1) {
      let part = divisor << shift
      quotient = quotient << 1
      if part <= rest {
        rest = rest - part
        quotient = quotient + Magnitude(1 as UInt64)
      }
    }
    return (quotient, rest)
  }
}
