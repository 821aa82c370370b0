/// The requests of one direction of a queue pair in the order of acceptance. Each takes the next place, so that of some
/// requests the oldest is the one at the lowest place: a set of places answers with its first bit.
struct AgeLine: BitwiseCopyable {
  /// Words of a set of places: with twice as many places as requests the line closes up once in so many requests.
  let words: Int
  /// The place the next request takes.
  private(set) var end: Int32 = 0
  private let taken: PlaceSet
  /// By place: its entry.
  private let entries: UnsafeMutablePointer<Int32>

  /// Words of a set of the places of so many requests.
  static func words(_ capacity: Int) -> Int { (2 * capacity + 63) / 64 }

  init(taken: PlaceSet, entries: UnsafeMutablePointer<Int32>, words: Int) {
    (self.taken, self.entries, self.words) = (taken, entries, words)
  }

  var isFull: Bool { @inline(__always) get { Int(end) == words &<< 6 } }

  @inline(__always)
  func entry(at place: Int) -> Int32 { entries[place] }

  /// Gives the entry the last place and returns that. Precondition: the line is not full.
  @inline(__always)
  mutating func append(_ entry: Int32) -> Int32 {
    let place = end
    end &+= 1
    entries[Int(place)] = entry
    taken.insert(place)
    return place
  }

  @inline(__always)
  func remove(_ place: Int32) { taken.remove(place) }

  /// Gives the places of requests that have left to those behind them, in their order.
  mutating func closeUp(_ pool: UnsafeMutablePointer<QueueEntry>) {
    end = 0
    for word in 0..<words {
      var rest = taken.words[word]
      taken.words[word] = 0
      while rest != 0 {
        let entry = entries[word &<< 6 | rest.trailingZeroBitCount]
        rest &= rest &- 1
        pool[Int(entry)].place = append(entry)
      }
    }
  }
}

/// A set of places of an `AgeLine`.
struct PlaceSet: BitwiseCopyable {
  let words: UnsafeMutablePointer<UInt64>

  @inline(__always)
  func insert(_ place: Int32) { words[Int(place &>> 6)] |= 1 &<< UInt64(truncatingIfNeeded: place) }

  @inline(__always)
  func remove(_ place: Int32) { words[Int(place &>> 6)] &= ~(1 &<< UInt64(truncatingIfNeeded: place)) }

  func removeAll(_ count: Int) { words.update(repeating: 0, count: count) }

  /// Of so many words: a bit for each place that is taken modulo 64.
  @inline(__always)
  func union(_ count: Int) -> UInt64 {
    var all = words[0]
    var word = 1
    while word < count {
      all |= words[word]
      word &+= 1
    }
    return all
  }
}
