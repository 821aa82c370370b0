extension Configuration {
  /// The tables of the DRAM standards, for `docs/configuration.md`.
  static var standards: String {
    """
    ## Memory standards

    What `hbm.standard` chooses. A constraint holds two commands at least so many cycles of CK apart, counted between the last
    ticks of each on its bus, if they go to the same channel, pseudo channel (PC), stack ID (SID), bank group (BG) or bank;
    `other SID`: to different ones of a pseudo channel. `window 4` counts from the fourth command before.

    \(DRAMStandard.all.map(text).joined(separator: "\n"))
    """
  }

  private static func text(of standard: DRAMStandard) -> String {
    let lengths = standard.commands.map { "\($0) \(standard.commandTicks[$0] ?? 1)" }.joined(separator: ", ")
    let falling = standard.commands.filter(standard.fallingEdgeCommands.contains).map { "\($0)" }
    let edges = falling.isEmpty ? "" : "; on falling edges too: \(falling.joined(separator: ", "))"
    let unit = standard.ticksPerClock == 1 ? "cycles" : "half cycles"
    let deviations = standard.deviations.map { "- Deviation: \($0).\n" }.joined()
    return """
      ### \(standard.name)

      \(standard.meaning).

      - Source: \(standard.source).
      \(deviations)- Commands and their \(unit) on the bus: \(lengths)\(edges).
      - Densities: \(standard.densities.map(text).joined(separator: "; ")).

      \(bins(of: standard))

      ```text
      \(table(standard.constraints))
      ```

      """
  }

  private static func text(of density: DRAMStandard.Density) -> String {
    let stackIDs = density.stackIDs == 1 ? "" : ", \(density.stackIDs) stack IDs"
    return "`\(density.name)` \(density.rows) rows\(stackIDs), nRFC \(density.refreshNanoseconds) ns"
  }

  /// Timings of the default density at each speed.
  private static func bins(of standard: DRAMStandard) -> String {
    let devices = standard.bins.compactMap { standard.device(rate: $0.rate) }
    let rows = standard.timingNames.map { timing in
      "| `\(timing.rawValue)` | \(devices.map { "\($0[timing])" }.joined(separator: " | ")) |"
    }
    return """
      | `\(standard.defaultDensity)` | \(standard.bins.map { "\($0.rate) Mb/s" }.joined(separator: " | ")) |
      |---|\(standard.bins.map { _ in "---|" }.joined())
      \(rows.joined(separator: "\n"))
      """
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func table(_ constraints: [TimingConstraint]) -> String {
    constraints.map { constraint in
      let scope = (constraint.isSibling ? "other " : "") + ConstraintLine.name(of: constraint.scope)
      let from = constraint.from.map { "\($0)" }.joined(separator: ",")
      let to = constraint.to.map { "\($0)" }.joined(separator: ",")
      let window = constraint.window == 1 ? "" : "  window \(constraint.window)"
      return "\(padded(scope, 11))\(padded(from, 12))-> \(padded(to, 13))\(constraint.latency)\(window)"
    }.joined(separator: "\n")
  }
}
