import InstructionTrace

/// Places tensors in HBM, one after the other on 4 KiB boundaries.
struct TensorTable {
  static let alignment: UInt64 = 4096
  private(set) var entries: [TensorEntry] = []
  private(set) var bytes: UInt64 = 0

  mutating func add(
    _ name: String, shape: [Int], format: UInt8, elementBytes: Int, kind: TensorEntry.Kind
  ) -> UInt32 {
    let size = UInt64(shape.reduce(elementBytes, *))
    entries.append(
      TensorEntry(name: name, shape: shape.map(UInt64.init), format: format, address: bytes, bytes: size, kind: kind))
    bytes = (bytes + size + Self.alignment - 1) / Self.alignment * Self.alignment
    return UInt32(entries.count - 1)
  }
}
