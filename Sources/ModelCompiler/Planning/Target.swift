import Architecture
import InstructionTrace

/// What the compiler needs to know of a machine: the tiles it spreads work over, all alike.
struct Target {
  /// Tile indexes, ascending.
  let tiles: [UInt32]
  var array: MACArraySpec
  var arrayCount: Int
  let sramBytes: Int
  let accumulatorBytes: Int
  let accumulatorElementBytes: Int
  let sram: SRAMSpec
  let dispatch: DispatchSpec
  let lanes: Int
  /// Cycles from a vector operation's last element to its result.
  let vectorLatency: Int
  let hbmBytes: Int
  /// Memory bytes a tile cycle, each tile's share: for estimates only.
  let bytesPerCycle: Double
  /// Bytes of the shortest memory access, and of one train of a long run.
  let accessBytes: Int
  let trainBytes: Int
  /// Bytes a cycle that a tile's scratchpad takes from the network.
  let arrivalBytes: Double
  /// Payload of a flit, tile cycles that a flit takes a link, and flits of a multicast packet at most.
  let flitBytes: Int
  let flitCycles: Double
  let partFlits: Int
  /// Nodes of the network at which memory is.
  let memoryNodes: Int
  /// Routers of the network side by side and one below the other; nil where every one reaches every other, a crossbar.
  let mesh: (width: Int, height: Int)?
  /// Memory ports (pseudo channels), which take turns by blocks of so many bytes.
  let ports: Int
  let interleaveBytes: Int
  /// Tile cycles of all memory that a train costs beside its bytes: one in ten finds another row open [assumed].
  let trainOverhead: Double
  /// Trains a tile has under way at most.
  let maxOutstanding: Int
  /// Tile cycles from a train's request to its data's first flit, while memory and network are idle: for estimates only.
  let roundTripCycles: Double

  /// Takes the tiles that are like the first one with an array; others stay idle.
  /// - Throws: `CompileError.doesNotFit` when no tile has an array.
  init(_ machine: MachineSpec) throws(CompileError) {
    guard let model = machine.tiles.first(where: { !$0.arrays.isEmpty }) else {
      throw .doesNotFit(layer: "(any)", reason: "no tile of '\(machine.name)' has a MAC array")
    }
    let shape = model.arrays[0]
    guard shape.sparsity == .dense else {
      let reason = "weights are laid out dense, its arrays expect \(shape.sparsity.rawValue) sparsity"
      throw .doesNotFit(layer: "(any)", reason: reason)
    }
    tiles = machine.tiles.indices.filter { index in
      let tile = machine.tiles[index]
      return tile.arrays == model.arrays && tile.sram.bytes == model.sram.bytes && tile.accumulator == model.accumulator
    }.map(UInt32.init)
    array = shape
    arrayCount = model.arrays.prefix { $0 == shape }.count
    sramBytes = min(model.sram.bytes, Int(LocalAddress.accumulatorBase))
    accumulatorBytes = model.accumulator.bytes
    accumulatorElementBytes = model.accumulator.elementBytes
    sram = model.sram
    dispatch = model.dispatch
    lanes = model.vector.lanes
    vectorLatency = model.vector.latency
    let hbm = machine.hbm
    hbmBytes = hbm.bytes
    accessBytes = hbm.accessBytes
    trainBytes = min(hbm.interleaveBytes, model.dma.requestBytes)
    arrivalBytes = Double(model.dma.sramBytesPerCycle)
    flitBytes = machine.noc.flitBytes
    flitCycles = Double(machine.clocks.tile.hertz) / Double(machine.clocks.noc.hertz)
    partFlits = max(2, machine.noc.bufferDepth)
    memoryNodes = max(1, Set(hbm.attachment).count)
    mesh = machine.noc.topology == .crossbar ? nil : (machine.noc.width, machine.noc.height)
    ports = max(1, hbm.pseudoChannelCount)
    interleaveBytes = hbm.interleaveBytes
    let miss = Double(hbm.device[.nRP] + hbm.device[.nRCDRD]) / 10 / Double(max(1, hbm.pseudoChannelCount))
    trainOverhead = miss * Double(machine.clocks.tile.hertz) / Double(machine.clocks.hbm.hertz)
    maxOutstanding = model.dma.maxOutstanding
    roundTripCycles = Self.roundTripCycles(machine)
    let bytes =
      Double(hbm.pseudoChannelCount * hbm.accessBytes) / Double(max(1, hbm.nBL)) * Double(machine.clocks.hbm.hertz)
    bytesPerCycle = max(bytes / Double(machine.clocks.tile.hertz) / Double(tiles.count), 1e-3)
  }

  /// A row miss, and twice the network's mean way: a third of its width and height, and in and out.
  private static func roundTripCycles(_ machine: MachineSpec) -> Double {
    let (hbm, noc, clocks) = (machine.hbm, machine.noc, machine.clocks)
    let device = hbm.device
    let access = device[.nRP] + device[.nRCDRD] + device[.nCL] + device[.nBL]
    let hop =
      noc.routingDelay + noc.vcAllocationDelay + noc.switchAllocationDelay + noc.crossbarDelay + noc.linkLatency
    let hops = noc.topology == .crossbar ? 1 : 1 + (noc.width + noc.height) / 3
    let way = Double(2 * (hops * hop + 2 * noc.terminalLatency)) / Double(clocks.noc.hertz)
    return (Double(access) / Double(clocks.hbm.hertz) + way) * Double(clocks.tile.hertz)
  }

  /// Tile cycles that a train of some bytes costs the tile that asks for it, when as many as may be are under way: its way there
  /// and back, its last flit after the first one and its bytes into the scratchpad.
  func trainCycles(bytes: Int) -> Double {
    max(
      1,
      1.4 * (roundTripCycles + Double(bytes) / arrivalBytes + Double(bytes) / Double(flitBytes))
        / Double(maxOutstanding))
  }

  /// Bytes from one row of A to the next in a tile. Arrays that read several rows at once, a few bytes of each, want them in
  /// different banks: an odd multiple of what a bank, or a line of 32 bytes, holds.
  func movingPitch(run: Int) -> Int {
    if array.dataflow == .weightStationary { return run }
    let unit = max(32, sram.bankWidth)
    return ((run + unit - 1) / unit | 1) * unit
  }

  /// Columns of one block of results: a multiple of 8 where the array allows it, so that the accumulator bytes of two
  /// blocks never share a 32-byte granule.
  var blockColumns: Int { array.columns >= 8 ? array.columns / 8 * 8 : array.columns }
  /// Arrays used side by side; narrow ones would write into each other's granules.
  var units: Int { array.columns >= 8 ? arrayCount : 1 }

  /// Flit times of the busiest link for each flit that goes from anywhere to one of the first `used` tiles, if the links across a
  /// cut of the mesh share what crosses it. Tiles are used row by row.
  func crossings(used: Int) -> Double {
    guard let (width, height) = mesh else { return 0 }
    let (columns, rows) = (min(used, width), (used + width - 1) / width)
    return max(
      Self.crossing(rows, of: height) / Double(width), Self.crossing(columns, of: width) / Double(height))
  }

  /// The share of traffic that crosses the busiest cut in one direction: from all of `length` lines to the first `used` of them.
  private static func crossing(_ used: Int, of length: Int) -> Double {
    2 * used >= length ? Double(length) / Double(4 * used) : 1 - Double(used) / Double(length)
  }
}
