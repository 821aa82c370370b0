#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// CPU nanoseconds this process has used.
func processorNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// CPU nanoseconds an operation takes, when `body` does `operations` of them.
func nanosecondsEach(_ operations: Int, _ body: () -> Void) -> Double {
  let start = processorNanoseconds()
  body()
  return Double(processorNanoseconds() - start) / Double(operations)
}

/// Two rivals measured in turn, so that a busy machine disturbs both alike.
struct Duel {
  private(set) var ours: [Double] = []
  private(set) var theirs: [Double] = []

  mutating func add(ours own: Double, theirs other: Double) {
    ours.append(own)
    theirs.append(other)
  }

  /// Medians of each, and of the ratios of the pairs.
  var medians: (ours: Double, theirs: Double, ratio: Double) {
    (ours.median, theirs.median, zip(theirs, ours).map(/).median)
  }
}

extension [Double] {
  var median: Double {
    let ordered = sorted()
    let middle = ordered.count / 2
    return ordered.count % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2
  }
}

extension Double {
  /// With `digits` decimals, right-aligned in `width` columns.
  func column(_ width: Int, digits: Int = 1) -> String {
    var scale: Int64 = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int64((self * Double(scale)).rounded())
    if digits == 0 { return String(scaled).rightColumn(width) }
    let fraction = String(scaled % scale)
    let text = "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    return text.rightColumn(width)
  }
}

extension String {
  /// Left-aligned in `width` columns.
  func column(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }

  /// Right-aligned.
  func rightColumn(_ width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}
