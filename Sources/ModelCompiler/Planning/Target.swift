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
  let lanes: Int
  /// Records a tile dispatches in a cycle.
  let dispatchWidth: Int
  let hbmBytes: Int
  /// Memory bytes a tile cycle, each tile's share: for estimates only.
  let bytesPerCycle: Double
  /// Bytes of the shortest memory access, and of one train of a long run.
  let accessBytes: Int
  let trainBytes: Int
  /// Bytes a cycle that a tile's scratchpad takes from the network.
  let arrivalBytes: Double
  /// Cycles a train costs the tile that asks for it, when as many as may be are under way: for estimates only.
  let trainCycles: Double

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
    lanes = model.vector.lanes
    dispatchWidth = max(1, model.dispatch.width)
    let hbm = machine.hbm
    hbmBytes = hbm.bytes
    accessBytes = hbm.accessBytes
    trainBytes = min(hbm.interleaveBytes, model.dma.requestBytes)
    arrivalBytes = Double(min(model.dma.sramBytesPerCycle, machine.noc.flitBytes))
    trainCycles = max(1, Self.roundTripCycles / Double(model.dma.maxOutstanding))
    let bytes =
      Double(hbm.pseudoChannelCount * hbm.accessBytes) / Double(max(1, hbm.nBL)) * Double(machine.clocks.hbm.hertz)
    bytesPerCycle = max(bytes / Double(machine.clocks.tile.hertz) / Double(tiles.count), 1e-3)
  }

  /// From a request to its data, on a busy machine [assumed: some 400 ns at 1 GHz].
  static let roundTripCycles = 400.0

  /// Columns of one block of results: a multiple of 8 where the array allows it, so that the accumulator bytes of two
  /// blocks never share a 32-byte granule.
  var blockColumns: Int { array.columns >= 8 ? array.columns / 8 * 8 : array.columns }
  /// Arrays used side by side; narrow ones would write into each other's granules.
  var units: Int { array.columns >= 8 ? arrayCount : 1 }
}
