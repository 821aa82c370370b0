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
