import InstructionTrace

/// How much local memory a layer wants: pieces, each once or twice (to load one while the other is used).
struct LocalNeeds: Equatable {
  struct Piece: Equatable {
    var bytes: Int
    var copies: Int
    var inAccumulator = false
  }
  var pieces: [Piece] = []

  static let alignment = 64

  func bytes(inAccumulator: Bool) -> Int {
    pieces.filter { $0.inAccumulator == inAccumulator }
      .reduce(0) { $0 + Self.aligned($1.bytes) * $1.copies }
  }

  func fits(_ target: Target) -> Bool {
    bytes(inAccumulator: false) <= target.sramBytes && bytes(inAccumulator: true) <= target.accumulatorBytes
  }

  static func aligned(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }
}

/// Gives a layer's pieces their addresses. Layers alternate between the bottom and the top of the memory, so that the
/// next layer's weights can arrive while the current one still computes.
struct LocalLayout {
  private var sram: Int
  private var accumulator: Int
  private let fromTop: Bool

  init(sramBytes: Int, accumulatorBytes: Int, fromTop: Bool) {
    let unit = LocalNeeds.alignment
    sram = fromTop ? sramBytes / unit * unit : 0
    accumulator = fromTop ? accumulatorBytes / unit * unit : 0
    self.fromTop = fromTop
  }

  /// The address ranges of one piece's copies.
  mutating func place(_ piece: LocalNeeds.Piece) -> [Range<Int>] {
    (0..<piece.copies).map { _ in
      let size = LocalNeeds.aligned(piece.bytes)
      let base = piece.inAccumulator ? take(size, &accumulator) + Int(LocalAddress.accumulatorBase) : take(size, &sram)
      return base..<(base + size)
    }
  }

  private func take(_ size: Int, _ edge: inout Int) -> Int {
    if fromTop {
      edge -= size
      return edge
    }
    edge += size
    return edge - size
  }
}
