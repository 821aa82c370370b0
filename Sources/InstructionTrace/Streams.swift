/// Whose instructions a stream holds.
public struct StreamKey: Hashable, Comparable, Sendable {
  public var chip: UInt32
  /// Tile of the chip, row by row over the grid.
  public var tile: UInt32
  public init(chip: UInt32, tile: UInt32) {
    self.chip = chip
    self.tile = tile
  }
  public static func < (a: Self, b: Self) -> Bool { (a.chip, a.tile) < (b.chip, b.tile) }
}

/// What the footer says of one stream.
public struct StreamInfo: Equatable, Sendable {
  public var key: StreamKey
  /// Records as stored; a `repeat` counts as one, and so does each record of its body.
  public var staticRecords: UInt64
  /// Records as executed: repeats expanded and not counted themselves.
  public var dynamicRecords: UInt64
  /// Gzip members that hold the stream.
  public var members: Int
}

/// Where a cursor stands: enough to find the place again.
public struct StreamPosition: Equatable, Sendable {
  /// Member of the file, counted from 0 (the header).
  public var member: Int
  /// Static record inside the member.
  public var record: Int
  /// Byte of the file at which the member starts.
  public var byteOffset: Int64
  /// Dynamic record of the stream.
  public var dynamicRecord: Int64
  /// Times round of the enclosing repeats, outermost first; unused levels are 0.
  public var counters: SIMD4<UInt32>
}

/// Identifies what a trace says, whatever its compression level or re-blocking.
public struct TraceDigest: Equatable, Hashable, CustomStringConvertible, Sendable {
  public var value: UInt64
  public init(value: UInt64) { self.value = value }
  /// 16 hexadecimal digits.
  public var description: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
