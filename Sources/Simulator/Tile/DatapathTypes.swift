/// A unit of the datapath finished something: the result is there from `cycle` on.
public struct DatapathCompletion: BitwiseCopyable, Sendable, Equatable {
  public enum Kind: UInt8, BitwiseCopyable, Sendable { case dmaWrite, dmaRead, vector, preload, matmul }
  /// As given when the operation was started.
  public var tag: Int32
  public var kind: Kind
  /// Who did it, in the order of scratchpad priority: 0 DMA write, 1 DMA read, 2 vector unit, 3... arrays.
  public var requester: UInt8
  /// First cycle in which something that depends on it may start.
  public var cycle: Int64
}

/// Attojoules of each thing the datapath counts.
public struct DatapathEnergy: Sendable {
  /// One multiply-accumulate, by array and format: `macs[array][format]`, indices as in the tile's spec.
  public var macs: [[Int64]]
  public var sramReadByte: Int64
  public var sramWriteByte: Int64
  public var accumulatorByte: Int64
  public var vectorElement: Int64

  public init(
    macs: [[Int64]], sramReadByte: Int64, sramWriteByte: Int64, accumulatorByte: Int64, vectorElement: Int64
  ) {
    self.macs = macs
    self.sramReadByte = sramReadByte
    self.sramWriteByte = sramWriteByte
    self.accumulatorByte = accumulatorByte
    self.vectorElement = vectorElement
  }
}

/// Cycles of one requester so far. Cycles in neither are the caller's to explain.
public struct DatapathActivity: Sendable, Equatable {
  /// Cycles it worked in: an array with a matmul in it (and, in serial mode, a preload); a vector unit or DMA direction
  /// with an operation in it.
  public var active: Int64
  /// Cycles lost to the scratchpad's banks, by the requester that held the bank (its own index: it needs one bank more
  /// than once a step).
  public var stalls: [Int64]
  public var stalled: Int64 { stalls.reduce(0, +) }
}
