/// One train on its way through the machine, from its DMA engine to memory and back. Plain data, indexed, pooled by tile.
struct Transaction {
  enum Kind: UInt8 { case load, store, copy }
  var kind: Kind = .load
  /// The tile that started it, and its transfer slot there.
  var tile: Int32 = 0
  var transfer: Int32 = 0
  var bytes: Int32 = 0
  var accesses: Int32 = 0
  var port: Int32 = 0
  /// Address of the first access (load, store) or unused.
  var address: Int64 = 0
  /// Local address at the destination (load, copy) or source (store).
  var localAddress: Int64 = 0
  /// Destination tile of a copy; multicast tile set of a load (index + 1, 0: none).
  var target: Int32 = 0
  /// Destinations that have not written their copy yet.
  var destinationsLeft: Int32 = 0
  /// Tile cycles at which each stage ended.
  var sent: Int64 = 0
  var atMemory: Int64 = 0
  var started: Int64 = 0
  var served: Int64 = 0
  var delivered: Int64 = 0
}

/// The transactions of all tiles: a fixed number of slots a tile, each with a free list of its own, so that slot numbers
/// do not depend on the order in which tiles run.
struct TransactionPool: ~Copyable {
  private let slots: UnsafeMutablePointer<Transaction>
  private let free: UnsafeMutablePointer<Int32>
  private let freeCount: UnsafeMutablePointer<Int32>
  private let tiles: Int
  let perTile: Int

  init(tiles: Int, perTile: Int) {
    self.tiles = tiles
    self.perTile = perTile
    slots = .allocate(capacity: tiles * perTile)
    free = .allocate(capacity: tiles * perTile)
    freeCount = .allocate(capacity: tiles)
    freeCount.initialize(repeating: Int32(perTile), count: tiles)
    for tile in 0..<tiles {
      for slot in 0..<perTile { free[tile * perTile + slot] = Int32(tile * perTile + perTile - 1 - slot) }
    }
  }

  deinit {
    slots.deallocate()
    free.deallocate()
    freeCount.deallocate()
  }

  /// What a slot that was taken holds: nothing until it is initialised.
  subscript(_ index: Int32) -> UnsafeMutablePointer<Transaction> { slots + Int(index) }

  func hasFree(_ tile: Int) -> Bool { freeCount[tile] > 0 }
  func outstanding(_ tile: Int) -> Int { perTile - Int(freeCount[tile]) }

  /// Takes a slot of the tile. Precondition: it has a free one.
  mutating func take(_ tile: Int) -> Int32 {
    freeCount[tile] -= 1
    return free[tile * perTile + Int(freeCount[tile])]
  }

  mutating func release(_ index: Int32) {
    let tile = Int(index) / perTile
    free[tile * perTile + Int(freeCount[tile])] = index
    freeCount[tile] += 1
  }
}
