/// The trains of a port of which an access is still outside the controller's queues, the next access at hand.
struct PortQueue: ~Copyable {
  /// Slots of the trains behind the first.
  private var behind = FIFORing<Int32>()
  /// The next access to enter, and its address; `id` is the first train's slot. Meaningless while `outside` is 0.
  private(set) var next = MemoryAccess(id: -1, location: DRAMLocation(), line: 0, isWrite: false)
  private var address: Int64 = 0
  /// Its bank in the pseudo channel.
  private(set) var bank = 0
  /// Accesses of the first train that are outside, 0 when no train is.
  private(set) var outside: Int32 = 0
  /// The controller has refused the next access: it needs room now.
  var wasRefused = false

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
  }

  /// The next access has entered.
  @inline(__always)
  mutating func advance(_ trains: borrowing SlotPool<TrainInside>, _ map: PortMap) {
    outside &-= 1
    if outside > 0 {
      address = map.address(after: address)
      if !map.continuesRow(address) { return locate(map) }
      next.location.column &+= 1
      next.line &+= 1
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
