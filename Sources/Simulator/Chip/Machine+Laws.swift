/// Laws that hold at the end of every run that was not cut short; a broken one is a bug in palsim (design: laws checked
/// at the end of every run). The laws of the time series are checked where the series are summed, in `Statistics`.
extension Machine {
  /// - Throws: `SimulationError.law` with all broken laws.
  func checkLaws() throws {
    var broken = fabric.memory.checkLaws(drained: true)
    broken += fabric.network.checkLaws(drained: true)
    for position in 0..<tiles.count { broken += tiles[position].brokenLaws(completed: status == .completed) }
    let sum = tileSum()
    if sum.bytesRequested != sum.bytesDelivered {
      broken.append("chip0.dma: \(sum.bytesRequested) bytes requested, \(sum.bytesDelivered) delivered")
    }
    if !broken.isEmpty { throw SimulationError.law(broken) }
  }
}

extension Tile {
  func brokenLaws(completed: Bool) -> [String] {
    var broken: [String] = []
    func expect(_ holds: Bool, _ law: String) {
      if !holds { broken.append("chip0.tile\(index): \(law)") }
    }
    if completed {
      expect(
        counts.dispatched + counts.marks == counts.retired,
        "\(counts.dispatched + counts.marks) records issued, \(counts.retired) retired")
    }
    expect(
      counts.bytesStored == counts.bytesStoredDone,
      "\(counts.bytesStored) bytes to store, \(counts.bytesStoredDone) acknowledged")
    expect(
      counts.bytesCopied == counts.bytesCopiedDone,
      "\(counts.bytesCopied) bytes to copy, \(counts.bytesCopiedDone) written")
    return broken
  }
}
