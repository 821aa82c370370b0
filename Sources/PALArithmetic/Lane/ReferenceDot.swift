/// Dot products of integers and floating point: the exact sum, rounded once to binary64 (rule R21).
public struct ReferenceDot: Sendable {
  /// A word's value as an integer in units of 2^unit, for formats narrow enough.
  private let table: [Int64]
  private let unit: Int
  /// Whether products and up to 2^20 of their sums fit in 64 bits.
  private let isNarrow: Bool
  private let format: NumberFormat
  private let codec: NumberCodec
  private let whole = RootTable(fractionBits: 0)

  /// A reference for integers or floating point.
  ///
  /// - Throws: `FormatError` for other formats, which have lanes of their own.
  public init(_ format: NumberFormat) throws {
    self.format = format
    codec = NumberCodec(format)
    switch format {
    case .integer(let integer):
      unit = 0
      table = (0..<1 << UInt32(integer.bits)).map { Int64(integer.integer($0)) }
    case .float(let float):
      unit = float.minimumExponent - float.fractionBits
      table = float.bits <= 8 ? Self.table(float, unit: unit) : []
    default:
      throw FormatError("\(format.name) has no reference dot product, it has a lane")
    }
    let top = table.max() ?? 0
    isNarrow = !table.isEmpty && top < 1 << 21
  }

  /// Values of all words; special words are Int64.min.
  private static func table(_ float: FloatFormat, unit: Int) -> [Int64] {
    (0..<1 << UInt32(float.bits)).map { code in
      float.parts(code).map { Int64($0.significand) << Int64($0.exponent - unit) } ?? .min
    }
  }

  /// The dot product of `a` and `b`. Infinities and NaNs give what IEEE arithmetic gives.
  ///
  /// - Throws: `FormatError` when the operands do not fit each other.
  public func dot(_ a: QuantizedVector, _ b: QuantizedVector) throws -> Double {
    let pairs = try BlockPairs(a, b)
    if let special = special(a, b) { return special }
    let least = pairs.blocks.map(\.scale).min() ?? 0
    let lowest = 2 * unit + least
    var sum = ExactSum(roots: whole, octaves: lowest...2 * unit + max(pairs.anchor, least) + 640)
    for block in pairs.blocks {
      if table.isEmpty { addWide(a, b, block, to: &sum) } else { addNarrow(a, b, block, to: &sum) }
    }
    return sum.value
  }

  private func addNarrow(
    _ a: QuantizedVector, _ b: QuantizedVector, _ block: BlockPairs.Block, to sum: inout ExactSum
  ) {
    for start in stride(from: block.range.lowerBound, to: block.range.upperBound, by: 1 << 20) {
      let range = start..<min(start + (1 << 20), block.range.upperBound)
      let part = isNarrow ? Int128(sum64(a.words[range], b.words[range])) : sum128(a.words[range], b.words[range])
      let magnitude = part.magnitude
      let steps = block.scale + 2 * unit
      sum.add(negative: part < 0, magnitude: UInt64(truncatingIfNeeded: magnitude), steps: steps)
      sum.add(negative: part < 0, magnitude: UInt64(truncatingIfNeeded: magnitude >> 64), steps: steps + 64)
    }
  }

  private func sum64(_ a: ArraySlice<UInt32>, _ b: ArraySlice<UInt32>) -> Int64 {
    table.withUnsafeBufferPointer { table in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          var sum: Int64 = 0
          for index in 0..<a.count { sum &+= table[Int(a[index])] &* table[Int(b[index])] }
          return sum
        }
      }
    }
  }

  private func sum128(_ a: ArraySlice<UInt32>, _ b: ArraySlice<UInt32>) -> Int128 {
    table.withUnsafeBufferPointer { table in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          var sum: Int128 = 0
          for index in 0..<a.count { sum &+= Int128(table[Int(a[index])]) &* Int128(table[Int(b[index])]) }
          return sum
        }
      }
    }
  }

  /// Products of formats above 8 bits, one by one: significands of 24 bits at most.
  private func addWide(
    _ a: QuantizedVector, _ b: QuantizedVector, _ block: BlockPairs.Block, to sum: inout ExactSum
  ) {
    guard case .float(let float) = format else { return }
    for index in block.range {
      guard let x = float.parts(a.words[index]), let y = float.parts(b.words[index]) else { continue }
      let product = x.significand * y.significand
      sum.add(
        negative: product < 0, magnitude: UInt64(product.magnitude), steps: x.exponent + y.exponent + block.scale)
    }
  }

  /// The IEEE result when an operand is infinite or NaN, else nil.
  private func special(_ a: QuantizedVector, _ b: QuantizedVector) -> Double? {
    guard case .float(let float) = format, float.specials != .none else { return nil }
    var result = 0.0
    var found = false
    for (x, y) in zip(a.words, b.words) where isSpecial(x, float) || isSpecial(y, float) {
      found = true
      result += codec.decode(x) * codec.decode(y)
    }
    return found ? result : nil
  }

  private func isSpecial(_ word: UInt32, _ float: FloatFormat) -> Bool {
    table.isEmpty ? float.parts(word) == nil : table[Int(word)] == .min
  }
}
