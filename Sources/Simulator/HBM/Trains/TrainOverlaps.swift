/// Whether a train that reads and one that writes, both inside a channel, may touch the same bytes: only then is a read ever served from
/// a waiting write.
///
/// Regions of addresses stand for bytes, and places of a table for regions. Different ones may share a place: then trains are taken to
/// overlap that do not, which is safe.
struct TrainOverlaps: ~Copyable {
  /// The regions a train reaches into.
  struct Span: BitwiseCopyable {
    let first: Int32
    let last: Int32

    init(_ train: MemoryTrain, _ map: PortMap) {
      first = Int32(truncatingIfNeeded: train.address &>> 16)
      last = Int32(truncatingIfNeeded: map.address(of: Int64(train.accesses) &- 1, in: train) &>> 16)
    }
  }

  private static var places: Int { 512 }
  /// Trains inside that reach into a place.
  private let trains: UnsafeMutablePointer<(reading: Int32, writing: Int32)>

  init() {
    trains = .allocate(capacity: Self.places)
    trains.initialize(repeating: (0, 0), count: Self.places)
  }

  deinit { trains.deallocate() }

  /// Whether a train of the other direction that is inside may share bytes with this one.
  @inline(__always)
  mutating func mayTouch(_ span: Span, isWrite: Bool) -> Bool {
    var region = span.first
    while region <= span.last {
      let place = trains[Self.place(of: region)]
      if (isWrite ? place.reading : place.writing) > 0 { return true }
      region &+= 1
    }
    return false
  }

  /// A train comes in (1) or leaves (-1).
  @inline(__always)
  mutating func count(_ span: Span, isWrite: Bool, _ change: Int32) {
    var region = span.first
    while region <= span.last {
      let place = trains + Self.place(of: region)
      if isWrite { place.pointee.writing &+= change } else { place.pointee.reading &+= change }
      region &+= 1
    }
  }

  /// Fibonacci hashing.
  @inline(__always)
  private static func place(of region: Int32) -> Int {
    Int(truncatingIfNeeded: (UInt32(bitPattern: region) &* 2_654_435_769) &>> 23)
  }
}
