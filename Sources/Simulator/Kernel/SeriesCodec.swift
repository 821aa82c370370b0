/// The bytes of a series: one tag byte an event, then varints (LEB128; signed ones zig-zag).
///
/// Tag: bits 0-3 say which of value, slope, curvature and gap follow, in this order; bits 4-7 hold the delay in cycles, or
/// 15 when it follows the tag as a varint. Most events take two or three bytes.
public enum SeriesCodec {
  @usableFromInline static let hasValue: UInt8 = 1
  @usableFromInline static let hasSlope: UInt8 = 2
  @usableFromInline static let hasCurvature: UInt8 = 4
  @usableFromInline static let hasGap: UInt8 = 8
  @usableFromInline static let longDelay: UInt8 = 15
  /// An event takes at most one tag and five varints of ten bytes.
  static let longestEvent = 51

  /// Writes `event` at `bytes`, which has room for `longestEvent`, and returns the number of bytes written.
  @inline(__always)
  static func encode(_ event: SeriesEvent, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
    var end = 1
    var tag: UInt8 = 0
    if event.delay < Int64(longDelay) {
      tag = UInt8(truncatingIfNeeded: event.delay) << 4
    } else {
      tag = longDelay << 4
      writeVarint(UInt64(event.delay), to: bytes, at: &end)
    }
    tag |= writeSigned(event.value, flag: hasValue, to: bytes, at: &end)
    tag |= writeSigned(event.slope, flag: hasSlope, to: bytes, at: &end)
    tag |= writeSigned(event.curvature, flag: hasCurvature, to: bytes, at: &end)
    tag |= writeSigned(event.gap, flag: hasGap, to: bytes, at: &end)
    bytes[0] = tag
    return end
  }

  @inline(__always)
  private static func writeSigned(
    _ number: Int64, flag: UInt8, to bytes: UnsafeMutablePointer<UInt8>, at end: inout Int
  ) -> UInt8 {
    if number == 0 { return 0 }
    writeVarint(UInt64(bitPattern: (number << 1) ^ (number >> 63)), to: bytes, at: &end)
    return flag
  }

  @inline(__always)
  private static func writeVarint(_ number: UInt64, to bytes: UnsafeMutablePointer<UInt8>, at end: inout Int) {
    var rest = number
    while rest >= 0x80 {
      bytes[end] = UInt8(truncatingIfNeeded: rest) | 0x80
      end &+= 1
      rest >>= 7
    }
    bytes[end] = UInt8(truncatingIfNeeded: rest)
    end &+= 1
  }

  /// Reads the event at `offset` and moves past it; nil when the bytes end inside it or a number does not fit.
  ///
  /// Inlinable, because the timeline reads millions of events in another module.
  @inlinable @inline(__always)
  public static func decode(_ bytes: UnsafeRawBufferPointer, at offset: inout Int) -> SeriesEvent? {
    guard offset < bytes.count else { return nil }
    let tag = bytes[offset]
    offset &+= 1
    var event = SeriesEvent(delay: Int64(tag >> 4))
    if tag >> 4 == longDelay {
      guard let delay = readVarint(bytes, at: &offset), delay <= UInt64(Int64.max) else { return nil }
      event.delay = Int64(delay)
    }
    guard let value = readSigned(tag & hasValue, bytes, at: &offset),
      let slope = readSigned(tag & hasSlope, bytes, at: &offset),
      let curvature = readSigned(tag & hasCurvature, bytes, at: &offset),
      let gap = readSigned(tag & hasGap, bytes, at: &offset), gap >= 0
    else { return nil }
    event.value = value
    event.slope = slope
    event.curvature = curvature
    event.gap = gap
    return event
  }

  @inlinable @inline(__always)
  static func readSigned(_ present: UInt8, _ bytes: UnsafeRawBufferPointer, at offset: inout Int) -> Int64? {
    if present == 0 { return 0 }
    guard let raw = readVarint(bytes, at: &offset) else { return nil }
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  @inlinable @inline(__always)
  static func readVarint(_ bytes: UnsafeRawBufferPointer, at offset: inout Int) -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count, shift < 64 {
      let byte = bytes[offset]
      offset &+= 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift &+= 7
    }
    return nil
  }
}
