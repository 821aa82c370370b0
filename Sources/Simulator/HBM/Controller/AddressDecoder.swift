import Architecture

/// Takes byte addresses apart as an `AddressMap` says; address bits above the map's are ignored.
public struct AddressDecoder: ~Copyable {
  /// A slice: `(line >> shift & mask) << target` is a part of a field.
  private struct Part: BitwiseCopyable {
    var shift: Int64 = 0
    var mask: Int64 = 0
    var target: Int64 = 0
  }

  private let accessShift: Int64
  /// One part a field, in the order of `AddressMap.Field`; or all parts with their fields, where fields are split or hashed.
  private let parts: UnsafeMutablePointer<Part>
  private let isPlain: Bool
  /// No field is split.
  private let isWhole: Bool
  private let slices: UnsafeMutablePointer<(field: Int, part: Part)>
  private let sliceCount: Int
  private let hashes: UnsafeMutablePointer<(target: Int, source: Int, mask: Int64)>
  private let hashCount: Int

  private static let fields = AddressMap.Field.allCases

  /// - Parameter accessBytes: Bytes of one access, a power of two.
  public init(map: AddressMap, accessBytes: Int) {
    precondition(accessBytes > 0 && accessBytes & (accessBytes - 1) == 0, "an access is a power of two of bytes")
    accessShift = Int64(accessBytes.trailingZeroBitCount)
    var shift: Int64 = 0
    var widths = [Int64](repeating: 0, count: Self.fields.count)
    var slices: [(field: Int, part: Part)] = []
    for slice in map.slices where slice.bits > 0 {
      let field = Self.fields.firstIndex(of: slice.field)!
      slices.append((field, Part(shift: shift, mask: 1 << Int64(slice.bits) - 1, target: widths[field])))
      widths[field] += Int64(slice.bits)
      shift += Int64(slice.bits)
    }
    self.slices = .copy(slices)
    sliceCount = slices.count
    hashCount = map.hashes.count
    hashes = .copy(
      map.hashes.map { hash in
        let target = Self.fields.firstIndex(of: hash.target)!
        return (target, Self.fields.firstIndex(of: hash.source)!, 1 << widths[target] - 1)
      })
    isWhole = Set(slices.map(\.field)).count == slices.count
    isPlain = map.hashes.isEmpty && isWhole
    parts = .allocate(capacity: Self.fields.count)
    parts.initialize(repeating: Part(), count: Self.fields.count)
    for slice in slices { parts[slice.field] = slice.part }
  }

  deinit {
    parts.deallocate()
    slices.deallocate()
    hashes.deallocate()
  }

  /// The access an address belongs to: equal lines are equal bytes.
  @inline(__always)
  public func line(of address: Int64) -> Int64 { address &>> accessShift }

  /// Where a line is stored.
  @inline(__always)
  public func location(of line: Int64) -> DRAMLocation {
    isPlain ? plainLocation(of: line) : mixedLocation(of: line)
  }

  @inline(__always)
  private func plainLocation(of line: Int64) -> DRAMLocation {
    DRAMLocation(
      channel: Int32(truncatingIfNeeded: value(0, of: line)),
      pseudoChannel: Int32(truncatingIfNeeded: value(1, of: line)),
      stackID: Int32(truncatingIfNeeded: value(2, of: line)),
      bankGroup: Int32(truncatingIfNeeded: value(3, of: line)), bank: Int32(truncatingIfNeeded: value(4, of: line)),
      row: Int32(truncatingIfNeeded: value(5, of: line)),
      column: Int32(truncatingIfNeeded: value(6, of: line)))
  }

  /// A field that is not split, before hashing.
  @inline(__always)
  private func value(_ field: Int, of line: Int64) -> Int64 {
    line &>> parts[field].shift & parts[field].mask
  }

  @inline(never)
  private func mixedLocation(of line: Int64) -> DRAMLocation {
    let plain = isWhole ? wholeFields(of: line) : splitFields(of: line)
    var values = plain
    for index in 0..<hashCount {
      let hash = hashes[index]
      values[hash.target] ^= plain[hash.source] & hash.mask
    }
    return DRAMLocation(
      channel: Int32(truncatingIfNeeded: values[0]), pseudoChannel: Int32(truncatingIfNeeded: values[1]),
      stackID: Int32(truncatingIfNeeded: values[2]),
      bankGroup: Int32(truncatingIfNeeded: values[3]),
      bank: Int32(truncatingIfNeeded: values[4]), row: Int32(truncatingIfNeeded: values[5]),
      column: Int32(truncatingIfNeeded: values[6]))
  }

  @inline(__always)
  private func wholeFields(of line: Int64) -> InlineArray<7, Int64> {
    [
      value(0, of: line), value(1, of: line), value(2, of: line), value(3, of: line), value(4, of: line),
      value(5, of: line), value(6, of: line),
    ]
  }

  private func splitFields(of line: Int64) -> InlineArray<7, Int64> {
    var values = InlineArray<7, Int64>(repeating: 0)
    for index in 0..<sliceCount {
      let (field, part) = slices[index]
      values[field] |= (line &>> part.shift & part.mask) &<< part.target
    }
    return values
  }
}
