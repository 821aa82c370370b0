/// The trains of a port of which an access is still outside the controller's queues, the next access at hand.
struct PortQueue: ~Copyable {
  /// Slots of the trains behind the first.
  private var behind = FIFORing<Int32>()
  /// Accesses that may enter as one request at most.
  private let most: Int32
  /// The next request to enter, and its address; `id` is the first train's slot. Meaningless while `outside` is 0.
  private(set) var next = ChannelRequest(id: -1, location: DRAMLocation(), line: 0, isWrite: false)
  private var address: Int64 = 0
  /// Its bank in the pseudo channel.
  private(set) var bank = 0
  /// Accesses of the first train that are outside, 0 when no train is.
  private(set) var outside: Int32 = 0
  /// The controller has refused the next access: it needs room now.
  var wasRefused = false

  init(requestAccesses: Int) { most = Int32(requestAccesses) }

  @inline(__always)
  var isEmpty: Bool { outside == 0 }

  /// A train has come.
  @inline(__always)
  mutating func append(_ slot: Int32, _ trains: borrowing SlotPool<TrainInside>, _ map: PortMap) {
    if outside == 0 { begin(slot, trains[slot].train, map) } else { behind.append(slot) }
  }

  private mutating func begin(_ slot: Int32, _ train: MemoryTrain, _ map: PortMap) {
    address = train.address
    outside = train.accesses
    next.id = slot
    next.isWrite = train.isWrite
    locate(map)
  }

  @inline(never)
  private mutating func locate(_ map: PortMap) {
    next.location = map.location(of: address)
    next.line = map.line(of: address)
    bank = map.bank(next.location)
    measure(map)
  }

  /// How many accesses the next request has.
  @inline(__always)
  private mutating func measure(_ map: PortMap) {
    if most > 1 { next.accesses = min(most, outside, map.accessesInRow(from: address)) }
  }

  /// So many accesses of the next request, from its first on, have entered.
  @inline(__always)
  mutating func advance(_ accesses: Int32, _ trains: borrowing SlotPool<TrainInside>, _ map: PortMap) {
    outside &-= accesses
    if outside > 0 {
      address = map.address(after: address &+ (Int64(accesses) &- 1) &* map.access)
      if !map.continuesRow(address) { return locate(map) }
      next.location.column &+= accesses
      next.line &+= Int64(accesses)
      measure(map)
    } else if !behind.isEmpty {
      let slot = behind.removeFirst()
      begin(slot, trains[slot].train, map)
    }
  }

  /// So many accesses of the first train have entered; at least one is left.
  mutating func skip(_ accesses: Int32, of train: MemoryTrain, _ map: PortMap) {
    outside -= accesses
    address = map.address(of: Int64(train.accesses - outside), in: train)
    locate(map)
  }
}
