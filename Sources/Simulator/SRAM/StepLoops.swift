/// Three nested loops over the steps of a stream; step s has indices (i1, i2, i3), i1 fastest, and begins at
/// `base + i1*stride1 + i2*stride2 + i3*stride3`.
struct StepLoops {
  var base: Int64 = 0
  var count1: Int64 = 1
  var stride1: Int64 = 0
  var count2: Int64 = 1
  var stride2: Int64 = 0
  var stride3: Int64 = 0

  init() {}

  /// Loops with neighbours merged where the slower goes on where the faster ends.
  init(
    base: Int64, count1: Int64, stride1: Int64, count2: Int64 = 1, stride2: Int64 = 0, count3: Int64 = 1,
    stride3: Int64 = 0
  ) {
    self.base = base
    self.count1 = count1
    self.stride1 = stride1
    (self.count2, self.stride2) = (count2, stride2)
    self.stride3 = stride3
    mergeInner(outerCount: count3)
    mergeInner(outerCount: count3)
  }

  /// Merges loop 2 into loop 1 where possible; loop 3, which has `outerCount` rounds, takes its place.
  private mutating func mergeInner(outerCount: Int64) {
    guard count1 == 1 || count2 == 1 || stride2 == count1 * stride1 else { return }
    if count1 == 1 { stride1 = stride2 }
    count1 *= count2
    (count2, stride2, stride3) = (outerCount, stride3, 0)
  }

  @inline(__always)
  func address(ofStep step: Int64) -> Int64 {
    let outer = step / count1
    return base + step % count1 * stride1 + outer % count2 * stride2 + outer / count2 * stride3
  }
}
