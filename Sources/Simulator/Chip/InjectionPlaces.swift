/// The tiles' places in the queues of their nodes' interfaces, as credits: a DMA takes one for each request or copy it decides
/// on and has it back when the packet's last flit has entered the network, seen after the crossing to its own clock.
struct InjectionPlaces: ~Copyable {
  /// A tile's DMA sends on the request and the response network.
  private static let lanes = 2

  let isUnlimited: Bool
  private let count: Int
  private let free: UnsafeMutablePointer<Int32>
  /// Tile cycles, in order, from which on places are free again.
  private let returns: UnsafeMutablePointer<FIFORing<Int64>>
  private let isAwaited: UnsafeMutablePointer<Bool>

  /// - Parameter limit: packets a tile may have in the queue of one virtual network, 0 without limit.
  init(tiles: Int, limit: Int) {
    isUnlimited = limit == 0
    count = tiles * Self.lanes
    free = .copy([Int32](repeating: Int32(limit), count: count))
    returns = .allocate(capacity: count)
    for lane in 0..<count { (returns + lane).initialize(to: FIFORing()) }
    isAwaited = .copy([Bool](repeating: false, count: count))
  }

  deinit {
    free.deallocate()
    returns.deinitialize(count: count).deallocate()
    isAwaited.deallocate()
  }

  private static func lane(_ tile: Int32, _ network: VirtualNetwork) -> Int {
    Int(tile) * lanes + Int(network.rawValue)
  }

  /// Whether the tile can have a place in cycle `now`.
  mutating func hasPlace(_ tile: Int32, _ network: VirtualNetwork, at now: Int64) -> Bool {
    if isUnlimited { return true }
    let lane = Self.lane(tile, network)
    while !returns[lane].isEmpty && returns[lane][0] <= now {
      _ = returns[lane].removeFirst()
      free[lane] += 1
    }
    return free[lane] > 0
  }

  /// Takes a place. Precondition: `hasPlace` in this cycle.
  mutating func take(_ tile: Int32, _ network: VirtualNetwork) {
    if !isUnlimited { free[Self.lane(tile, network)] -= 1 }
  }

  /// The tile cycle in which a place becomes free, `.max` when that is not known yet: then `giveBack` will say that the tile
  /// waits. Precondition: there is no place now.
  mutating func nextPlace(_ tile: Int32, _ network: VirtualNetwork) -> Int64 {
    let lane = Self.lane(tile, network)
    isAwaited[lane] = returns[lane].isEmpty
    return returns[lane].isEmpty ? .max : returns[lane][0]
  }

  /// A place is free from cycle `cycle` on; true when the tile waits for it.
  mutating func giveBack(_ tile: Int32, _ network: VirtualNetwork, at cycle: Int64) -> Bool {
    let lane = Self.lane(tile, network)
    returns[lane].append(cycle)
    defer { isAwaited[lane] = false }
    return isAwaited[lane]
  }
}
