import Architecture
import Simulator
import Statistics

extension MemoryReport {
  /// Tables for people, at most 100 columns wide.
  public var text: String {
    ([heading + summary, bandwidthTable, commandTable, energyTable]).compactMap { $0 }.joined(separator: "\n")
  }

  private var heading: String {
    let (hbm, controller) = (memory.hbm, memory.hbm.controller)
    let organisation = hbm.device.organisation
    let name = memory.name.isEmpty ? "" : "\(memory.name): "
    let queues = controller.queuesPerPseudoChannel ? "a pseudo channel" : "a channel"
    let peak = Figures.digits(peakBandwidth.approximate)
    return """
      \("\(name)\(source)".prefix(100))
      \(hbm.standard), \(hbm.channelCount) x \(organisation.pseudoChannels) pseudo channels, peak \(peak) GB/s; \
      policy \(controller.policy.rawValue), \(controller.scheduler.rawValue)
      \(controller.readQueue) reads and \(controller.writeQueue) writes queued \(queues), \
      rows \(controller.rowPolicy.rawValue), refresh \(controller.refresh.rawValue)

      """
  }

  private var summary: String {
    let counts = result.counts
    let seconds = Double(result.endTicks) / Double(result.ticksPerClock) / Double(memory.clock.hertz)
    var rows = [
      ("requests", "\(Figures.grouped(result.requests)) of \(memory.hbm.accessBytes) B"),
      ("cycles", "\(grouped(result.endTicks))  (\(Figures.scaled(seconds, "s")))"),
      (
        "bandwidth",
        "\(Figures.digits(bandwidth.approximate)) GB/s, \(Figures.digits(percentOfPeak.approximate)) % of peak"
      ),
      ("read latency", readLatency),
      (
        "rows",
        "\(Figures.grouped(counts.rowHits)) hits, \(Figures.grouped(counts.rowMisses)) misses, "
          + "\(Figures.grouped(counts.rowConflicts)) conflicts"
      ),
    ]
    if counts.forwardedReads + counts.mergedWrites > 0 {
      rows.append(
        (
          "in the queue",
          "\(Figures.grouped(counts.forwardedReads)) reads forwarded from writes, "
            + "\(Figures.grouped(counts.mergedWrites)) writes merged"
        ))
    }
    return rows.map { "  \(Figures.left($0.0, 14))\($0.1)\n" }.joined()
  }

  private var readLatency: String {
    let latency = result.readLatency
    guard latency.count > 0 else { return "no reads" }
    return "mean \(Figures.digits(meanReadLatency.approximate)), p50 \(grouped(latency.percentile(50))), "
      + "p99 \(grouped(latency.percentile(99))), max \(grouped(latency.maximum)) cycles"
  }

  /// Ticks in cycles of CK: `12,345`, `12,345.5`.
  private func grouped(_ ticks: Int64) -> String {
    let whole = ticks / Int64(result.ticksPerClock)
    return Figures.grouped(whole) + "\(cycles(ticks))".dropFirst("\(whole)".count)
  }

  /// Data-bus cycles of all pseudo channels together.
  private var bandwidthTable: String? {
    guard let use = result.bandwidthUse, use.totalTicks > 0 else { return nil }
    let rows = [("data", use.busyTicks)] + BandwidthLoss.allCases.map { ($0.rawValue, use[$0]) }
    let width = max(14, grouped(use.totalTicks).count)
    let lines = rows.filter { $0.1 > 0 }.map { name, ticks in
      let share = Double(ticks) / Double(use.totalTicks)
      return "  \(Figures.left(name, 16))\(Figures.right(grouped(ticks), width))"
        + "\(Figures.right(Figures.percent(share), 10))  \(Drawing.bar(share, width: 40))\n"
    }
    return "Where the data buses' cycles went\n" + lines.joined()
  }

  private var commandTable: String {
    let commands = commands.filter { $0.count > 0 }
    let width = max(16, commands.map { Figures.grouped($0.count).count }.max() ?? 0)
    let rows = commands.map {
      "  \(Figures.left("\($0.command)", 14))\(Figures.right(Figures.grouped($0.count), width))\n"
    }
    return "Commands\n" + rows.joined()
  }

  private var energyTable: String {
    let total = Double(energy.total)
    let rows = (energy.terms + [("total", energy.total)]).map { name, attojoules in
      let share = total > 0 ? Double(attojoules) / total : 0
      let amount = Figures.scaled(Double(attojoules) * 1e-18, "J")
      return "  \(Figures.left(name.replacing("_", with: " "), 20))\(Figures.right(amount, 12))"
        + "\(Figures.right(Figures.percent(share), 10))\n"
    }
    let bits = Double(bytes) * 8
    let perBit = bits > 0 ? Figures.digits(total * 1e-6 / bits) : "0"
    return "Energy, \(perBit) pJ/bit\n" + rows.joined()
  }
}
