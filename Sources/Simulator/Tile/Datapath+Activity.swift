extension Datapath {
  /// Local cycles before `now` in which a requester worked: those it lost to the banks are not among them.
  func activeCycles(ofRequester requester: Int) -> Int64 {
    let local = localCycle(requester)
    switch requester {
    case Requester.dmaWrite: return writes.active.cycles(before: local)
    case Requester.dmaRead: return reads.active.cycles(before: local)
    case Requester.vector: return vector.active.cycles(before: local)
    default: return arrays[requester - Requester.firstArray].active.cycles(before: local)
    }
  }

  /// Elements of a reduction of `k` that an array multiplies: fewer where its weights are sparse.
  func multiplied(_ k: Int64, array: Int) -> Int64 { arrays[array].timing.kept(k) }

  /// Cycles before `now` in which a requester worked or was held by the banks.
  func busyCycles(ofRequester requester: Int) -> Int64 {
    activeCycles(ofRequester: requester) + sram.clients[requester].clock.lost
  }
}
