import Architecture
import InstructionTrace

/// What the tiles of a chip share: time, activity, network, memory, synchronisation and the traffic between them.
struct Fabric: ~Copyable {
  var kernel: Kernel
  var recorder: ActivityRecorder
  var network: ChipNetwork
  /// Cycle of the network's next wake-up, `.max` when none is scheduled, and the first in which others may have to know of something.
  var networkWake = Int64.max
  private var networkWork = Int64.max
  var memory: ChipMemory
  var board = SyncBoard()
  var transactions: TransactionPool
  var places: InjectionPlaces
  let trainShape: UnsafeMutablePointer<TrainShape>
  /// Memory, network and scratchpad transfers are all free: DMA records complete in the cycle they start.
  let isMovementFree: Bool
  let flitBytes: Int32
  /// Flits of the largest packet the multicast network takes.
  let multicastFlits: Int32
  let tiles: Int
  /// NoC node of each memory port; base address of each tensor; tile count of each tile set.
  let attachment: UnsafeMutablePointer<Int32>
  let tensorAddress: UnsafeMutablePointer<UInt64>
  let setSize: UnsafeMutablePointer<Int32>
  /// Counts by region, added to by every tile.
  let regions: UnsafeMutablePointer<RegionCounts>
  /// Where each tile stands among the simulated ones; -1 for tiles without a stream.
  let position: UnsafeMutablePointer<Int32>
  let inboxes: UnsafeMutablePointer<Inbox>
  let jobs: UnsafeMutablePointer<WriteJobPool>
  /// Bytes of a multicast that a destination has still to write: index (issuer * transferSlots + slot) * tiles + tile.
  let multicastLeft: UnsafeMutablePointer<Int64>
  static let transferSlots = 16
  var readLatency = LatencyTally()
  var writeLatency = LatencyTally()
  var released: [SyncRelease] = []

  init(
    machine: MachineSpec, header: TraceHeader, options: RunOptions, energies: ChipEnergies,
    sink: ActivityRecorder.Sink
  ) throws(NoCFault) {
    tiles = machine.grid.count
    kernel = Kernel(
      tile: machine.clocks.tile.hertz, noc: machine.clocks.noc.hertz, hbm: machine.clocks.hbm.hertz,
      crossingCycles: machine.clocks.crossingCycles, permutationSeed: options.permutationSeed)
    recorder = ActivityRecorder(sink: sink)
    let isNetworkIdeal = options.ideal.contains(.noc)
    network = try ChipNetwork(
      spec: machine.noc, hbm: machine.hbm, sets: header.tileSets.map { $0.tiles.map(Int32.init) },
      isIdeal: isNetworkIdeal, energy: energies.network, recorder: &recorder)
    places = InjectionPlaces(tiles: tiles, limit: isNetworkIdeal ? 0 : machine.noc.injectionQueue)
    let outstanding = machine.tiles.map(\.dma.maxOutstanding).max() ?? 1
    transactions = TransactionPool(tiles: tiles, perTile: options.ideal.contains(.dispatch) ? 1024 : outstanding)
    trainShape = .allocate(capacity: 1)
    trainShape.initialize(
      to: TrainShape(hbm: machine.hbm, requestBytes: machine.tiles.map(\.dma.requestBytes).min() ?? 64))
    isMovementFree = options.ideal.isSuperset(of: [.hbm, .noc, .sram])
    flitBytes = Int32(machine.noc.flitBytes)
    multicastFlits = isNetworkIdeal ? .max : Int32(machine.noc.bufferDepth)
    let flits = Response.mostFlits(
      bytes: trainShape.pointee.longestTrain, flitBytes: flitBytes, multicastFlits: multicastFlits)
    let (hbm, noc) = (machine.clocks.hbm.hertz, machine.clocks.noc.hertz)
    memory = ChipMemory(
      spec: machine.hbm, isIdeal: options.ideal.contains(.hbm), lead: ((flits - 1) * hbm + noc - 1) / noc,
      energy: energies.memory, recorder: &recorder)
    attachment = .copy(machine.hbm.attachment.map(Int32.init))
    tensorAddress = .copy(header.tensors.map(\.address))
    setSize = .copy(header.tileSets.map { Int32($0.tiles.count) })
    regions = .copy([RegionCounts](repeating: RegionCounts(), count: header.regions.count + 1))
    position = .copy([Int32](repeating: -1, count: tiles))
    inboxes = .allocate(capacity: tiles)
    jobs = .allocate(capacity: tiles)
    for tile in 0..<tiles {
      (inboxes + tile).initialize(to: Inbox())
      (jobs + tile).initialize(to: WriteJobPool())
    }
    let multicasts = header.tileSets.isEmpty ? 0 : tiles * Self.transferSlots * tiles
    multicastLeft = .copy([Int64](repeating: 0, count: multicasts))
  }

  deinit {
    trainShape.deinitialize(count: 1).deallocate()
    attachment.deallocate()
    tensorAddress.deallocate()
    setSize.deallocate()
    regions.deallocate()
    position.deallocate()
    inboxes.deinitialize(count: tiles).deallocate()
    jobs.deinitialize(count: tiles).deallocate()
    multicastLeft.deallocate()
  }

  /// Puts a message into a tile's inbox and wakes the tile for it.
  mutating func post(_ message: TileMessage, to tile: Int32) {
    inboxes[Int(tile)].insert(message)
    kernel.schedule(UInt32(tile), in: .tile, at: message.cycle)
  }

  /// Tells a tile that a token or barrier one of its records waits for is complete.
  mutating func post(_ release: SyncRelease) {
    let message = TileMessage(cycle: release.cycle, kind: .synchronised, payload: release.record)
    inboxes[Int(release.tile)].insert(message, blame: release.blame)
    kernel.schedule(UInt32(release.tile), in: .tile, at: release.cycle)
  }

  /// Hands a packet to the network from the tile domain at `cycle`.
  mutating func send(_ packet: Packet, fromTileAt cycle: Int64) {
    send(packet, at: kernel.receivingCycle(from: .tile, cycle: cycle, to: .noc))
  }

  /// Hands a packet to the network at a NoC cycle still to come.
  mutating func send(_ packet: Packet, at cycle: Int64) {
    network.send(packet, at: cycle)
    wakeNetwork(at: network.earliestReport(ofPacketAt: cycle))
  }

  /// Makes the network run before others can see what it has to report from `cycle` on.
  @inline(__always)
  mutating func wakeNetwork(at cycle: Int64) {
    if cycle < networkWork { postponeNetwork(from: cycle) }
  }

  /// The same for all work that is left to it.
  mutating func postponeNetwork() { postponeNetwork(from: network.nextReport) }

  private mutating func postponeNetwork(from cycle: Int64) {
    networkWork = cycle
    let wake = kernel.postpone(.noc, from: cycle)
    guard wake < networkWake else { return }
    networkWake = wake
    kernel.schedule(0, in: .noc, at: wake)
  }

  /// Flits of a packet that carries `bytes` of data behind its head flit.
  func flits(carrying bytes: Int32) -> Int32 { 1 + (bytes + flitBytes - 1) / flitBytes }

  /// Index of the bytes a multicast destination has still to write.
  func multicastIndex(issuer: Int32, transfer: Int32, tile: Int32) -> Int {
    (Int(issuer) * Self.transferSlots + Int(transfer)) * tiles + Int(tile)
  }
}

extension UnsafeMutablePointer {
  /// Plain memory with the elements of an array. Precondition: trivial elements; the owner deallocates.
  static func copy(_ elements: [Pointee]) -> UnsafeMutablePointer {
    let pointer = UnsafeMutablePointer.allocate(capacity: max(elements.count, 1))
    pointer.initialize(from: elements, count: elements.count)
    return pointer
  }
}

/// What one region has done so far.
struct RegionCounts {
  var firstCycle = Int64.max
  var lastCycle: Int64 = 0
  var records: Int64 = 0
  var macs: Int64 = 0
  var macActiveCycles: Int64 = 0
  var vectorActiveCycles: Int64 = 0
  var hbmReadBytes: Int64 = 0
  var hbmWriteBytes: Int64 = 0
}
