import Testing

/// Where two sets of channel traces part, in words; nil if they do not.
func divergence(_ model: [[TracedCommand]], from truth: [[TracedCommand]]) -> String? {
  for (channel, (ours, theirs)) in zip(model, truth).enumerated() {
    let common = zip(ours, theirs).prefix { $0 == $1 }.count
    guard common < max(ours.count, theirs.count) else { continue }
    func text(_ trace: [TracedCommand]) -> String {
      trace[max(0, common - 4)..<min(trace.count, common + 2)].map { "\n    \($0.text)" }.joined()
    }
    return "channel \(channel) parts after \(common) commands\n  model:\(text(ours))\n  truth:\(text(theirs))"
  }
  return nil
}

extension TracedCommand {
  var text: String {
    "\(clock) \(command) pc \(place.pseudoChannel) sid \(place.stackID) group \(place.bankGroup) bank \(place.bank)"
      + " row \(place.row) column \(place.column)"
  }
}
