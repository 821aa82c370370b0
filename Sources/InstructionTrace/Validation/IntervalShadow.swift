/// Who touched memory: a record as the race check sees it.
struct Access: Equatable {
  /// Index of the stream, -1: nobody yet.
  var stream: Int32 = -1
  /// Its chain, -1 when nothing is ordered after it.
  var chain: Int32 = -1
  var record: UInt32 = 0

  static let nobody = Access()
  @inline(__always) var isNobody: Bool { stream < 0 }
  @inline(__always) func isSameRecord(as other: Access) -> Bool { stream == other.stream && record == other.record }
}

/// The last writer and the readers since, of every byte of one memory: intervals, in pages of 4 KiB.
struct IntervalShadow {
  struct Interval {
    /// First byte, within the page; the interval ends where the next begins.
    var start: UInt32
    var writer = Access.nobody
    var reader = Access.nobody
    /// Further readers, unordered with the first: index into `crowds`, or -1.
    var crowd: Int32 = -1

    @inline(__always) func isLike(_ other: Interval) -> Bool {
      writer == other.writer && reader == other.reader && crowd < 0 && other.crowd < 0
    }
  }

  static let pageBits: UInt64 = 12
  private var pages: [UInt64: Int] = [:]
  private var intervals: [[Interval]] = []
  private var crowds: [[Access]] = []
  private var freeCrowds: [Int32] = []
  private var latestPage: (number: UInt64, index: Int)?

  /// A record touches bytes low..<high. `judge` says which earlier accesses are before it, and hears of the others.
  mutating func touch(_ low: UInt64, _ high: UInt64, isWrite: Bool, by me: Access, _ judge: inout some AccessJudge) {
    var at = low
    while at < high {
      let page = at >> Self.pageBits
      let pageStart = page << Self.pageBits
      let end = at + min(high - at, 1 << Self.pageBits - (at - pageStart))
      let index = pageIndex(page)
      let range = cut(index, UInt32(at - pageStart), UInt32(end - pageStart))
      if isWrite {
        write(index, range, me, &judge)
      } else {
        for i in range { read(index, i, me, &judge) }
        join(index, range)
      }
      at = end
    }
  }

  private mutating func pageIndex(_ number: UInt64) -> Int {
    if let latestPage, latestPage.number == number { return latestPage.index }
    let index: Int
    if let known = pages[number] {
      index = known
    } else {
      index = intervals.count
      intervals.append([Interval(start: 0)])
      pages[number] = index
    }
    latestPage = (number, index)
    return index
  }

  /// Splits intervals so that low..<high is a range of whole ones.
  private mutating func cut(_ page: Int, _ low: UInt32, _ high: UInt32) -> Range<Int> {
    let first = split(page, low)
    return first..<split(page, high)
  }

  /// Index of the interval that starts at `offset`, splitting one when needed.
  private mutating func split(_ page: Int, _ offset: UInt32) -> Int {
    let count = intervals[page].count
    if offset == 1 << UInt32(Self.pageBits) { return count }
    var low = 0
    var high = count
    while high - low > 1 {
      let middle = (low + high) / 2
      if intervals[page][middle].start <= offset { low = middle } else { high = middle }
    }
    if intervals[page][low].start == offset { return low }
    var copy = intervals[page][low]
    copy.start = offset
    if copy.crowd >= 0 { copy.crowd = newCrowd(crowds[Int(copy.crowd)]) }
    intervals[page].insert(copy, at: low + 1)
    return low + 1
  }

  private mutating func write(_ page: Int, _ range: Range<Int>, _ me: Access, _ judge: inout some AccessJudge) {
    for i in range {
      let interval = intervals[page][i]
      check(interval.writer, me, &judge)
      check(interval.reader, me, &judge)
      if interval.crowd >= 0 {
        for reader in crowds[Int(interval.crowd)] { check(reader, me, &judge) }
        release(interval.crowd)
      }
    }
    let start = intervals[page][range.lowerBound].start
    intervals[page][range.lowerBound] = Interval(start: start, writer: me)
    if range.count > 1 { intervals[page].removeSubrange((range.lowerBound + 1)..<range.upperBound) }
    join(page, range.lowerBound..<(range.lowerBound + 1))
  }

  private mutating func read(_ page: Int, _ index: Int, _ me: Access, _ judge: inout some AccessJudge) {
    var interval = intervals[page][index]
    check(interval.writer, me, &judge)
    // A reader that is before me need not be remembered: whatever is unordered with it is unordered with me.
    if interval.crowd >= 0 {
      crowds[Int(interval.crowd)].removeAll { $0.isSameRecord(as: me) || judge.isBefore($0) }
      if crowds[Int(interval.crowd)].isEmpty {
        release(interval.crowd)
        interval.crowd = -1
      }
    }
    let first = interval.reader
    if first.isNobody || first.isSameRecord(as: me) || judge.isBefore(first) {
      interval.reader = me
    } else if interval.crowd >= 0 {
      crowds[Int(interval.crowd)].append(me)
    } else {
      interval.crowd = newCrowd([me])
    }
    intervals[page][index] = interval
  }

  @inline(__always) private func check(_ earlier: Access, _ me: Access, _ judge: inout some AccessJudge) {
    if earlier.isNobody || earlier.isSameRecord(as: me) || judge.isBefore(earlier) { return }
    judge.conflict(with: earlier)
  }

  /// Joins equal neighbours at the edges of and inside a range.
  private mutating func join(_ page: Int, _ range: Range<Int>) {
    var i = min(range.upperBound, intervals[page].count - 1)
    while i > 0 && i >= range.lowerBound {
      if intervals[page][i].isLike(intervals[page][i - 1]) { intervals[page].remove(at: i) }
      i -= 1
    }
  }

  private mutating func newCrowd(_ readers: [Access]) -> Int32 {
    if let free = freeCrowds.popLast() {
      crowds[Int(free)] = readers
      return free
    }
    crowds.append(readers)
    return Int32(crowds.count - 1)
  }

  private mutating func release(_ crowd: Int32) {
    crowds[Int(crowd)].removeAll()
    freeCrowds.append(crowd)
  }
}

/// Decides about earlier accesses for the record at hand.
protocol AccessJudge {
  mutating func isBefore(_ earlier: Access) -> Bool
  mutating func conflict(with earlier: Access)
}
