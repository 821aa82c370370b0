/// What the routers did.
struct TwinCounts: Equatable {
  var bufferWrites = 0
  var bufferReads = 0
  var crossbarTraversals = 0
  var channelAllocations = 0
  var flitsCombined = 0
  var bufferedFlitCycles = 0

  static func + (a: TwinCounts, b: TwinCounts) -> TwinCounts {
    TwinCounts(
      bufferWrites: a.bufferWrites + b.bufferWrites, bufferReads: a.bufferReads + b.bufferReads,
      crossbarTraversals: a.crossbarTraversals + b.crossbarTraversals,
      channelAllocations: a.channelAllocations + b.channelAllocations,
      flitsCombined: a.flitsCombined + b.flitsCombined,
      bufferedFlitCycles: a.bufferedFlitCycles + b.bufferedFlitCycles)
  }
}
