/// An operand made ready for `ProductHistogram`: 16 bits a word, sign at bit 11, code minus one below, and a zero as a
/// number so large that no sum with it can be mistaken for a product.
public struct LaneOperand: Sendable {
  /// The bit of the sign.
  static let sign: UInt16 = 1 << 11
  /// What stands for a zero.
  static let zero: UInt16 = 512

  let lanes: [UInt16]
  let scales: [Int]
  let blockLength: Int

  /// Makes a vector of a member of at most 8 bits ready.
  public init(_ vector: QuantizedVector, format: PALFormat) {
    precondition(format.bits <= 8, "prepared operands have at most 8 bits")
    let (codeMask, signMask) = (UInt32(format.codeMask), UInt32(format.signMask))
    lanes = vector.words.map { word in
      let code = word & codeMask
      return code == 0 ? Self.zero : UInt16(code - 1) | (word & signMask != 0 ? Self.sign : 0)
    }
    scales = vector.scales
    blockLength = vector.blockLength
  }
}

/// The fast way to fill the bins of members up to 8 bits: count how often each signed product code occurs, then weigh
/// the counts. One 16-bit addition and one counter increment a product, no shift, no multiply, no branch.
///
/// The counts determine the bins, so the result is bit-equal to `MACLane.accumulate`. A block's scale offset is added
/// to the product code (gamma steps an octave), which is the shift of rule R10 before anything is dropped.
public final class ProductHistogram {
  /// Counter index of product code 0 at offset 0; codes shifted below it end in the dropped part.
  private static let base = 256
  private static let size = 4096
  private static let copies = 4

  private let lane: MACLane
  private let counters: UnsafeMutablePointer<UInt32>
  /// Entry p is what product code p adds to its bin.
  private let terms: [Int64]

  /// Counters for a lane, or nil when its format or widths need the general path: more than 8 bits, or products that do
  /// not leave room for 2^31 terms in 64 bits.
  public init?(_ lane: MACLane) {
    let configuration = lane.configuration
    guard configuration.format.bits <= 8, configuration.topQuotient - configuration.drop <= 31 else { return nil }
    self.lane = lane
    terms = (0...(1 << configuration.format.bits) - 4).map { product in
      let shift = (product >> configuration.format.fractionBits) - configuration.drop
      return shift < 0 ? 0 : 1 << Int64(shift)
    }
    counters = .allocate(capacity: Self.size * Self.copies)
    counters.initialize(repeating: 0, count: Self.size * Self.copies)
  }

  deinit { counters.deallocate() }

  /// The bins of the dot product of `a` and `b`, up to 2^31 terms.
  ///
  /// - Throws: `FormatError` when the operands do not fit each other.
  public func accumulate(_ a: LaneOperand, _ b: LaneOperand) throws -> LaneBins {
    let pairs = try BlockPairs(
      lengths: (a.lanes.count, b.lanes.count), scales: (a.scales, b.scales),
      blockLengths: (a.blockLength, b.blockLength))
    precondition(a.lanes.count < 1 << 31, "up to 2^31 terms")
    a.lanes.withUnsafeBufferPointer { a in
      b.lanes.withUnsafeBufferPointer { b in
        for block in pairs.blocks { count(a, b, block.range, start: start(of: block, anchor: pairs.anchor)) }
      }
    }
    let lowest = pairs.blocks.map(\.scale).min() ?? pairs.anchor
    return collect(
      anchor: pairs.anchor, terms: a.lanes.count, from: Self.base - offset(pairs.anchor - lowest))
  }

  /// Counters a block with this many octaves less than the anchor starts below the base. An offset of the whole base
  /// leaves every product in the dropped part; a larger one would only say the same.
  private func offset(_ octaves: Int) -> Int {
    min(octaves << lane.configuration.format.fractionBits, Self.base)
  }

  private func start(of block: BlockPairs.Block, anchor: Int) -> UInt64 {
    UInt64(Self.base - offset(anchor - block.scale))
  }

  private func count(
    _ a: UnsafeBufferPointer<UInt16>, _ b: UnsafeBufferPointer<UInt16>, _ range: Range<Int>, start: UInt64
  ) {
    guard let a = a.baseAddress, let b = b.baseAddress else { return }
    let wide = start &* 0x0001_0001_0001_0001
    let mask = UInt64(Self.size - 1)
    var index = range.lowerBound
    let end = range.upperBound
    let (second, third, fourth) = (counters + Self.size, counters + 2 * Self.size, counters + 3 * Self.size)
    while index &+ 4 <= end {
      // Four additions in one: no lane reaches 2^16, so none carries into the next.
      let x = UnsafeRawPointer(a + index).loadUnaligned(as: UInt64.self)
      let y = UnsafeRawPointer(b + index).loadUnaligned(as: UInt64.self)
      let sum = x &+ y &+ wide
      counters[Int(truncatingIfNeeded: sum & mask)] &+= 1
      second[Int(truncatingIfNeeded: sum &>> 16 & mask)] &+= 1
      third[Int(truncatingIfNeeded: sum &>> 32 & mask)] &+= 1
      fourth[Int(truncatingIfNeeded: sum &>> 48 & mask)] &+= 1
      index &+= 4
    }
    while index < end {
      counters[Int(truncatingIfNeeded: UInt64(a[index] &+ b[index]) &+ start & mask)] &+= 1
      index &+= 1
    }
  }

  /// Weighs the counts into bins and clears them; none lies below counter `lowest`.
  private func collect(anchor: Int, terms count: Int, from lowest: Int) -> LaneBins {
    let sign = Int(LaneOperand.sign)
    let counted = fold(lowest..<Int(LaneOperand.zero)) + fold(lowest + sign..<Int(LaneOperand.zero) + sign)
    var bins = LaneBins(bins: lane.configuration.bins, anchor: anchor)
    weigh(into: &bins)
    bins.terms = count
    bins.skipped = count - counted
    clear(lowest, count: Int(LaneOperand.zero) - lowest)
    if bins.skipped > 0 { clear(Int(LaneOperand.zero), count: Int(LaneOperand.zero) + Self.base + 1) }
    return bins
  }

  /// Adds the other copies' counts to the first copy's and returns how many there are.
  private func fold(_ range: Range<Int>) -> Int {
    let (second, third) = (counters + Self.size, counters + 2 * Self.size)
    let fourth = counters + 3 * Self.size
    var total: UInt32 = 0
    for index in range {
      let sum = counters[index] &+ second[index] &+ third[index] &+ fourth[index]
      counters[index] = sum
      total &+= sum
    }
    return Int(total)
  }

  /// Adds count times term of every product code that is not dropped altogether.
  private func weigh(into bins: inout LaneBins) {
    let mask = lane.configuration.bins - 1
    let first = min(lane.configuration.drop << lane.configuration.format.fractionBits, terms.count)
    let (plus, minus) = (counters + Self.base, counters + Self.base + Int(LaneOperand.sign))
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: mask + 1) { sums in
      sums.initialize(repeating: 0)
      for product in first..<terms.count {
        sums[product & mask] &+= (Int64(plus[product]) - Int64(minus[product])) &* terms[product]
      }
      for index in 0...mask { bins.sums[index] = Int128(sums[index]) }
    }
  }

  /// Clears counters of all copies under both signs.
  private func clear(_ start: Int, count: Int) {
    for copy in 0..<Self.copies {
      for sign in [0, Int(LaneOperand.sign)] {
        (counters + copy * Self.size + sign + start).update(repeating: 0, count: count)
      }
    }
  }
}
