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
  private let slices: UnsafeMutablePointer<(field: Int, part: Part)>
  private let sliceCount: Int
  private let hashes: UnsafeMutablePointer<(target: Int, source: Int, shift: Int64, mask: Int64)>
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
        return (target, Self.fields.firstIndex(of: hash.source)!, Int64(hash.shift), 1 << widths[target] - 1)
      })
    isPlain = map.hashes.isEmpty && Set(slices.map(\.field)).count == slices.count
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
    @inline(__always) func value(_ field: Int) -> Int32 {
      Int32(truncatingIfNeeded: line &>> parts[field].shift & parts[field].mask)
    }
    return DRAMLocation(
      channel: value(0), pseudoChannel: value(1), stackID: value(2), bankGroup: value(3), bank: value(4), row: value(5),
      column: value(6))
  }

  @inline(never)
  private func mixedLocation(of line: Int64) -> DRAMLocation {
    var values = InlineArray<7, Int64>(repeating: 0)
    for index in 0..<sliceCount {
      let (field, part) = slices[index]
      values[field] |= (line &>> part.shift & part.mask) &<< part.target
    }
    let plain = values
    for index in 0..<hashCount {
      let hash = hashes[index]
      values[hash.target] ^= plain[hash.source] &>> hash.shift & hash.mask
    }
    return DRAMLocation(
      channel: Int32(values[0]), pseudoChannel: Int32(values[1]), stackID: Int32(values[2]),
      bankGroup: Int32(values[3]),
      bank: Int32(values[4]), row: Int32(values[5]), column: Int32(values[6]))
  }
}
