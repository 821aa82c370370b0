extension ChannelController {
  /// Passes rounds of refreshes of an idle channel in one step, up to but not beyond `tick`.
  mutating func skipIdleRounds(through tick: Int64) {
  }
}
