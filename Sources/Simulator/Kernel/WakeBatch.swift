/// The targets that run at one edge, each once, in their order.
struct WakeBatch: ~Copyable {
  /// Above this a target number is a mistake: targets index components.
  private static let maximumTarget: UInt64 = 1 << 24

  private var targets: UnsafeMutablePointer<UInt32>
  private var capacity = 64
  private(set) var count = 0
  /// One bit a target, all zero between calls: collecting into it sorts and merges at once.
  private var marks: UnsafeMutablePointer<UInt64>
  private var markWords = 16
  private var shuffle: SplitMix64?

  init(permutationSeed: UInt64?) {
    targets = .allocate(capacity: capacity)
    marks = .allocate(capacity: markWords)
    marks.initialize(repeating: 0, count: markWords)
    shuffle = permutationSeed.map { SplitMix64(seed: $0) }
  }

  deinit {
    targets.deallocate()
    marks.deallocate()
  }

  subscript(index: Int) -> UInt32 {
    precondition(index >= 0 && index < count, "no such target in this batch")
    return targets[index]
  }

  /// Takes the wheel's events of its next cycle. Precondition: there is one.
  mutating func collect(from wheel: inout TimingWheel) {
    let (cycle, first) = wheel.popFirst()
    if wheel.nextCycle != cycle {
      targets[0] = UInt32(truncatingIfNeeded: first)
      count = 1
      return
    }
    var last = mark(first)
    wheel.popRest { last = max(last, mark($0)) }
    list(through: last)
    if shuffle != nil { permute() }
  }

  /// Sets a target's mark and returns its word.
  @inline(__always)
  private mutating func mark(_ target: UInt64) -> Int {
    let word = Int(truncatingIfNeeded: target &>> 6)
    if word >= markWords { growMarks(for: target) }
    marks[word] |= 1 &<< (target & 63)
    return word
  }

  /// Writes the marked targets of the words up to `last` in ascending order and clears their marks.
  @inline(__always)
  private mutating func list(through last: Int) {
    count = 0
    var word = 0
    repeat {
      var bits = marks[word]
      marks[word] = 0
      if count &+ 64 > capacity { growTargets() }
      var place = targets + count
      while bits != 0 {
        place.pointee = UInt32(truncatingIfNeeded: word &<< 6 | bits.trailingZeroBitCount)
        place += 1
        bits &= bits &- 1
      }
      count = place - targets
      word &+= 1
    } while word <= last
  }

  @inline(__always)
  var isShuffled: Bool { shuffle != nil }

  /// A cycle from `now` on, not after `horizon`, at random. Precondition: shuffled.
  mutating func randomCycle(from now: Int64, to horizon: Int64) -> Int64 {
    horizon <= now ? horizon : now + Int64(shuffle!.next() % UInt64(min(horizon - now, 64)))
  }

  /// Fisher-Yates.
  private mutating func permute() {
    for last in stride(from: count - 1, to: 0, by: -1) {
      let other = Int(shuffle!.next() % UInt64(last + 1))
      (targets[last], targets[other]) = (targets[other], targets[last])
    }
  }

  @inline(never)
  private mutating func growMarks(for target: UInt64) {
    precondition(target < Self.maximumTarget, "target \(target) is above \(Self.maximumTarget - 1)")
    let needed = max(markWords * 2, Int(target >> 6) + 1)
    let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: needed)
    larger.initialize(repeating: 0, count: needed)
    larger.update(from: marks, count: markWords)
    marks.deallocate()
    (marks, markWords) = (larger, needed)
  }

  @inline(never)
  private mutating func growTargets() {
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: targets, count: count)
    targets.deallocate()
    (targets, capacity) = (larger, capacity * 2)
  }
}
