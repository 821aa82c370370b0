extension Datapath {
  /// Cycles before `now` in which a requester worked.
  func activeCycles(ofRequester requester: Int) -> Int64 { activity(ofRequester: requester).active }
  /// Cycles before `now` in which a requester worked or was held by the banks.
  func busyCycles(ofRequester requester: Int) -> Int64 {
    let activity = activity(ofRequester: requester)
    return activity.active + activity.stalled
  }
}
