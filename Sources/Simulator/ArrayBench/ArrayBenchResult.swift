import Architecture

/// What an array did with a product, as its datapath counted it.
public struct ArrayBenchResult: Sendable {
  public let shape: GEMMShape
  public let array: MACArraySpec
  /// From the first operation's start to the last result.
  public let totalCycles: Int64
  /// Cycles with an operation in the array that counts as activity, and those the scratchpad held it up.
  public let computeCycles: Int64
  /// Cycles of those the scratchpad held it up.
  public let conflictCycles: Int64
  public let traffic: ArrayTraffic
  public let conflicts: [BankConflicts]
  /// Elements read of A and B, and results written.
  public let readsOfA: Int64
  public let readsOfB: Int64
  public let writesOfC: Int64

  init(shape: GEMMShape, array: MACArraySpec, element: Int64, cycles: Int64, datapath: borrowing Datapath) {
    self.shape = shape
    self.array = array
    totalCycles = cycles
    let activity = datapath.activity(ofRequester: Requester.firstArray)
    computeCycles = activity.active + activity.stalled
    conflictCycles = activity.stalled
    traffic = datapath.arrays[0].traffic
    conflicts = datapath.bankConflicts()
    let (stationary, moving) = (traffic.preloadElements, traffic.movingBytes / element)
    switch array.dataflow {
    case .weightStationary: (readsOfA, readsOfB) = (moving, stationary)
    case .inputStationary: (readsOfA, readsOfB) = (stationary, moving)
    case .outputStationary: (readsOfA, readsOfB) = (moving, traffic.secondMovingBytes / element)
    }
    writesOfC = traffic.results
  }
}
