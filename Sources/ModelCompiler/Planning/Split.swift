/// Cuts ranges into nearly equal parts.
enum Split {
  /// `parts` consecutive ranges of 0..<count, whole granules each but for the last; the first ones get one more.
  static func even(_ count: Int, parts: Int, granule: Int = 1) -> [Range<Int>] {
    let granules = (count + granule - 1) / granule
    var first = 0
    return (0..<parts).map { part in
      let share = granules / parts + (part < granules % parts ? 1 : 0)
      let range = min(first * granule, count)..<min((first + share) * granule, count)
      first += share
      return range
    }
  }

  /// Consecutive ranges of at most `size`.
  static func chunks(_ range: Range<Int>, size: Int) -> [Range<Int>] {
    stride(from: range.lowerBound, to: range.upperBound, by: size).map {
      $0..<min($0 + size, range.upperBound)
    }
  }

  /// `count`, then halves of it rounded up to `granule`, down to one granule.
  static func halves(_ count: Int, granule: Int = 1) -> [Int] {
    var sizes: [Int] = []
    var size = max(count, 1)
    while true {
      sizes.append(size)
      if size <= granule { return sizes }
      let next = (size + 1) / 2
      size = (next + granule - 1) / granule * granule
      if size == sizes.last { return sizes }
    }
  }
}
