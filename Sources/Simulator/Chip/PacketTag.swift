/// What a packet's id means: its purpose and the index of the transaction or transfer it belongs to.
struct PacketTag {
  enum Purpose: Int32 {
    /// Tile to memory: a read request, or a write with its data.
    case request = 0
    /// Memory to tile: read data, or the acknowledgement of a write.
    case response = 1
    /// Tile to tile: data of a copy, and its acknowledgement.
    case copyData = 2
    case copyDone = 3
    /// A multicast destination to the issuing tile: all of a transfer is written.
    case multicastDone = 4
  }
  static let indexBits: Int32 = 28
  var id: Int32

  init(_ purpose: Purpose, _ index: Int32) { id = purpose.rawValue << Self.indexBits | index }
  init(id: Int32) { self.id = id }

  var purpose: Purpose { Purpose(rawValue: id >> Self.indexBits)! }
  var index: Int32 { id & (1 << Self.indexBits - 1) }
}
