import Architecture
import InstructionTrace

/// What the compiler needs to know of a machine: the tiles it spreads work over, all alike.
struct Target {
  /// Tile indexes, ascending.
  let tiles: [UInt32]
  let array: MACArraySpec
  let arrayCount: Int
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
    arrivalBytes = Double(min(model.dma.sramBytesPerCycle, machine.noc.flitBytes))
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

  /// Tile cycles that a train costs the tile that asks for it, when as many as may be are under way. On a busy machine a train's
  /// answer takes four times as long as on an idle one [assumed; measured 3 to 5 times].
  var trainCycles: Double { max(1, 4 * roundTripCycles / Double(maxOutstanding)) }

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
}
