/// The bytes of a series: one byte an event, with the delay since the one before in its high four bits and an operation in
/// its low four, then varints (LEB128; signed ones zig-zag) where these do not suffice.
///
/// Delays from 15 cycles on are written as 15, and the rest follows as a varint; then come the operation's numbers. A flat
/// series (neither slope nor curvature) knows the value it last fell to zero from, its peak (0 at the start of a piece): most
/// of what a machine does is a rate that starts, stops and starts again, or lasts one cycle. So an event takes 1.4 bytes in
/// a usual run, and a general compressor would find little left to do.
public enum SeriesCodec {
  /// 0...3: the value rises by 1...4; 4...7: it falls by 1...4.
  @inlinable static var largestStep: Int64 { 4 }
  /// Flat: the value becomes 0, what it was the peak.
  @inlinable static var zero: UInt8 { 8 }
  /// Flat, at 0: the value becomes the peak.
  @inlinable static var peak: UInt8 { 9 }
  /// Flat, at 0: one cycle of 1, which is the peak then; 0 again after it.
  @inlinable static var pulseOfOne: UInt8 { 10 }
  /// The same of the peak.
  @inlinable static var pulseOfPeak: UInt8 { 11 }
  /// The same of what follows as a signed number.
  @inlinable static var pulse: UInt8 { 12 }
  /// The value changes by what follows.
  @inlinable static var step: UInt8 { 13 }
  /// So many cycles of zero follow, in which the series stands still.
  @inlinable static var gap: UInt8 { 14 }
  /// Value, slope and curvature change by the three numbers that follow.
  @inlinable static var bend: UInt8 { 15 }
  @inlinable static var longDelay: Int64 { 15 }
  /// An event takes at most one byte and four varints of ten.
  static var longestEvent: Int { 41 }

  /// The operation that changes the value by 1 to `largestStep` up or down.
  @inline(__always)
  static func operation(ofStep change: Int64) -> UInt8 {
    UInt8(truncatingIfNeeded: change > 0 ? change &- 1 : 3 &- change)
  }

  /// Writes the first byte and what does not fit in it of the delay; returns the bytes written.
  @inline(__always)
  static func write(_ operation: UInt8, after delay: Int64, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
    if delay < longDelay {
      bytes[0] = UInt8(truncatingIfNeeded: delay) << 4 | operation
      return 1
    }
    bytes[0] = 0xF0 | operation
    return 1 &+ write(UInt64(delay &- longDelay), to: bytes + 1)
  }

  @inline(__always)
  static func writeSigned(_ number: Int64, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
    write(UInt64(bitPattern: (number << 1) ^ (number >> 63)), to: bytes)
  }

  @inline(__always)
  private static func write(_ number: UInt64, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
    var (rest, end) = (number, 0)
    while rest >= 0x80 {
      bytes[end] = UInt8(truncatingIfNeeded: rest) | 0x80
      end &+= 1
      rest >>= 7
    }
    bytes[end] = UInt8(truncatingIfNeeded: rest)
    return end &+ 1
  }
}
