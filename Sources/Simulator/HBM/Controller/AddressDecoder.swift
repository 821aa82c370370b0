import Architecture

/// Takes byte addresses apart as an `AddressMap` says; address bits above the map's are ignored.
public struct AddressDecoder: ~Copyable {
  /// Where a field lies in a word: `word >> shift & mask`.
  private struct Part: BitwiseCopyable {
    var shift: Int64 = 0
    var mask: Int64 = 0
  }

  private let accessShift: Int64
  /// One part a field, in the order of `AddressMap.Field`: of the line itself, or of what `mixed` makes of it where fields are split or
  /// hashed.
  private let parts: UnsafeMutablePointer<Part>
  /// Where fields are split or hashed: by byte of a line, what each of its values contributes. A map takes bits and their sums
  /// modulo 2, so the contributions of all bytes add up by exclusive or.
  private let contributions: UnsafeMutablePointer<Int64>
  private let bytes: Int

  private static let fields = AddressMap.Field.allCases

  /// - Parameter accessBytes: Bytes of one access, a power of two.
  public init(map: AddressMap, accessBytes: Int) {
    precondition(accessBytes > 0 && accessBytes & (accessBytes - 1) == 0, "an access is a power of two of bytes")
    accessShift = Int64(accessBytes.trailingZeroBitCount)
    let slices = map.slices.filter { $0.bits > 0 }
    let isPlain = map.hashes.isEmpty && Set(slices.map(\.field)).count == slices.count
    let images = isPlain ? [] : Self.images(map)
    bytes = (images.count + 7) / 8
    contributions = .copy(Self.contributions(images))
    parts = .copy(isPlain ? Self.parts(slices.map { ($0.field, $0.bits) }) : Self.parts(Self.widths(map)))
  }

  deinit {
    parts.deallocate()
    contributions.deallocate()
  }

  /// The parts of a word that consists of these fields, from its lowest bit on.
  private static func parts(_ widths: [(field: AddressMap.Field, bits: Int)]) -> [Part] {
    var parts = [Part](repeating: Part(), count: fields.count)
    var shift: Int64 = 0
    for (field, bits) in widths {
      parts[fields.firstIndex(of: field)!] = Part(shift: shift, mask: 1 << Int64(bits) - 1)
      shift += Int64(bits)
    }
    return parts
  }

  /// All fields in their order, each with the bits of all its slices.
  private static func widths(_ map: AddressMap) -> [(field: AddressMap.Field, bits: Int)] {
    fields.map { ($0, map.bits(of: $0)) }
  }

  /// For each bit of a line: the bits it changes in a word of all fields in their order.
  private static func images(_ map: AddressMap) -> [Int64] {
    let parts = parts(widths(map))
    func bit(_ field: AddressMap.Field, _ position: Int) -> Int64 {
      let part = parts[fields.firstIndex(of: field)!]
      return (1 << Int64(position) & part.mask) << part.shift
    }
    var filled: [AddressMap.Field: Int] = [:]
    return map.slices.flatMap { slice in
      let first = filled[slice.field, default: 0]
      filled[slice.field] = first + slice.bits
      return (first..<first + slice.bits).map { position in
        map.hashes.reduce(bit(slice.field, position)) { image, hash in
          hash.source == slice.field ? image ^ bit(hash.target, position) : image
        }
      }
    }
  }

  /// By byte of a line and value of the byte: the images of its set bits, added up.
  private static func contributions(_ images: [Int64]) -> [Int64] {
    var sums = [Int64](repeating: 0, count: (images.count + 7) / 8 * 256)
    for (bit, image) in images.enumerated() {
      for value in 0..<256 where value >> (bit % 8) & 1 == 1 { sums[bit / 8 * 256 + value] ^= image }
    }
    return sums
  }

  /// The access an address belongs to: equal lines are equal bytes.
  @inline(__always)
  public func line(of address: Int64) -> Int64 { address &>> accessShift }

  /// Where a line is stored.
  @inline(__always)
  public func location(of line: Int64) -> DRAMLocation { bytes == 0 ? place(line) : mixedLocation(of: line) }

  @inline(never)
  private func mixedLocation(of line: Int64) -> DRAMLocation {
    var word: Int64 = 0
    var rest = line
    var table = contributions
    for _ in 0..<bytes {
      word ^= table[Int(truncatingIfNeeded: rest & 255)]
      rest &>>= 8
      table += 256
    }
    return place(word)
  }

  @inline(__always)
  private func place(_ word: Int64) -> DRAMLocation {
    @inline(__always) func value(_ field: Int) -> Int32 {
      Int32(truncatingIfNeeded: word &>> parts[field].shift & parts[field].mask)
    }
    return DRAMLocation(
      channel: value(0), pseudoChannel: value(1), stackID: value(2), bankGroup: value(3), bank: value(4), row: value(5),
      column: value(6))
  }
}
