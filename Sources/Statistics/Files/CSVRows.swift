/// Rows of a CSV file as bytes. Digits are written in place: a long run has a million fields, and a string for each would
/// cost more than all that is computed for them.
struct CSVRows {
  private(set) var bytes: [UInt8] = []
  private var isRowStart = true

  init() { bytes.reserveCapacity(1 << 17) }

  /// Makes room for so many bytes.
  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  /// Bytes as they are: a header line.
  mutating func text(_ text: [UInt8]) { bytes += text }

  mutating func emptyField() { separate() }

  mutating func field(_ text: [UInt8]) {
    separate()
    bytes += text
  }

  mutating func field(_ number: Int64) {
    separate()
    write(number.magnitude, isNegative: number < 0, places: 0)
  }

  mutating func field(_ number: FixedDecimal) {
    separate()
    if let magnitude = UInt64(exactly: number.units.magnitude) {
      write(magnitude, isNegative: number.units < 0, places: number.places)
    } else {
      write(number.units.magnitude, isNegative: number.units < 0, places: number.places)
    }
  }

  mutating func endRow() {
    bytes.append(0x0A)
    isRowStart = true
  }

  /// Empties the buffer, keeping its memory.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func separate() {
    if !isRowStart { bytes.append(0x2C) }
    isRowStart = false
  }

  /// Digits from the last to the first, with a point before the last `places` (at most 18).
  private mutating func write<Number: FixedWidthInteger & UnsignedInteger>(
    _ number: Number, isNegative: Bool, places: Int
  ) {
    var text = InlineArray<64, UInt8>(repeating: 0)
    var start = 64
    var rest = number
    var written = 0
    while rest > 0 || written <= places {
      if written == places && places > 0 {
        start &-= 1
        text[start] = 0x2E
      }
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      start &-= 1
      text[start] = 0x30 + UInt8(truncatingIfNeeded: digit)
      rest = quotient
      written &+= 1
    }
    if isNegative { bytes.append(0x2D) }
    for index in start..<64 { bytes.append(text[index]) }
  }
}
