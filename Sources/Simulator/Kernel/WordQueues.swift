/// Many FIFO queues of 64-bit words in one block of memory, each a chain of lines of 128 bytes.
///
/// A line holds fifteen words and, in its last word, the index of the next line. A queue always owns at least one line,
/// so neither an append nor a removal has a case for "empty"; drained lines go to a free list and are reused while
/// they are still in the cache. Memory grows only when more words wait than ever before.
struct WordQueues: ~Copyable {
  /// Positions of a queue in `words`: the next word to read and the next to write. Equal when the queue is empty.
  struct Ends {
    var head: UInt32
    var tail: UInt32
  }

  private static let lineWords = 16
  private static let linkOffset: UInt32 = 15

  private let ends: UnsafeMutablePointer<Ends>
  private var words: UnsafeMutablePointer<UInt64>
  private var lines: Int
  /// First unused line's first word; 0 when there is none (line 0 is never used).
  private var freeLine: UInt32 = 0

  init(count: Int) {
    precondition(count > 0, "at least one queue")
    ends = .allocate(capacity: count)
    lines = count + 1
    words = Self.allocate(lines: lines)
    for queue in 0..<count {
      let start = UInt32((queue + 1) * Self.lineWords)
      (ends + queue).initialize(to: Ends(head: start, tail: start))
    }
  }

  deinit {
    ends.deallocate()
    words.deallocate()
  }

  @inline(__always)
  func isEmpty(_ queue: Int) -> Bool { ends[queue].head == ends[queue].tail }

  @inline(__always)
  mutating func append(_ word: UInt64, to queue: Int) {
    var tail = ends[queue].tail
    if tail & Self.linkOffset == Self.linkOffset {
      let line = takeLine()
      words[Int(tail)] = UInt64(line)
      tail = line
    }
    words[Int(tail)] = word
    ends[queue].tail = tail &+ 1
  }

  /// Precondition (not checked): the queue is not empty.
  @inline(__always)
  mutating func removeFirst(from queue: Int) -> UInt64 {
    var head = ends[queue].head
    if head & Self.linkOffset == Self.linkOffset {
      let next = UInt32(truncatingIfNeeded: words[Int(head)])
      giveBack(line: head & ~Self.linkOffset)
      head = next
    }
    let word = words[Int(head)]
    head &+= 1
    // An empty queue starts over at its line's first word: where few events wait, the line's end is never met.
    if head == ends[queue].tail {
      head &= ~Self.linkOffset
      ends[queue].tail = head
    }
    ends[queue].head = head
    return word
  }

  /// Hands out and removes all words of a queue; returns how many there were.
  @inline(__always)
  mutating func removeAll(from queue: Int, _ body: (UInt64) -> Void) -> Int {
    var (head, tail) = (ends[queue].head, ends[queue].tail)
    var count = 0
    while head != tail {
      if head & Self.linkOffset == Self.linkOffset {
        let next = UInt32(truncatingIfNeeded: words[Int(head)])
        giveBack(line: head & ~Self.linkOffset)
        head = next
      }
      body(words[Int(head)])
      head &+= 1
      count &+= 1
    }
    tail &= ~Self.linkOffset
    ends[queue] = Ends(head: tail, tail: tail)
    return count
  }

  /// The smallest of a queue's words at even places, `.max` when empty.
  func minimumOfPairs(in queue: Int) -> UInt64 {
    var result = UInt64.max
    var position = ends[queue].head
    var isKey = true
    while position != ends[queue].tail {
      if position & Self.linkOffset == Self.linkOffset { position = UInt32(truncatingIfNeeded: words[Int(position)]) }
      if isKey { result = min(result, words[Int(position)]) }
      isKey.toggle()
      position &+= 1
    }
    return result
  }

  @inline(__always)
  private mutating func takeLine() -> UInt32 {
    if freeLine == 0 { grow() }
    let line = freeLine
    freeLine = UInt32(truncatingIfNeeded: words[Int(line)])
    return line
  }

  @inline(__always)
  private mutating func giveBack(line: UInt32) {
    words[Int(line)] = UInt64(freeLine)
    freeLine = line
  }

  /// Doubles the memory and chains the new lines into the free list.
  @inline(never)
  private mutating func grow() {
    let larger = lines * 2
    precondition(larger * Self.lineWords <= Int(UInt32.max), "more than four thousand million words wait")
    let copy = Self.allocate(lines: larger)
    copy.update(from: words, count: lines * Self.lineWords)
    words.deallocate()
    words = copy
    for line in stride(from: larger - 1, through: lines, by: -1) { giveBack(line: UInt32(line * Self.lineWords)) }
    lines = larger
  }

  private static func allocate(lines: Int) -> UnsafeMutablePointer<UInt64> {
    let count = lines * lineWords
    let raw = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
    let words = raw.bindMemory(to: UInt64.self, capacity: count)
    words.initialize(repeating: 0, count: count)
    return words
  }
}
