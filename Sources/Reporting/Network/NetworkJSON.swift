import Architecture
import EnergyModel
import Simulator
import Statistics

extension NetworkReport {
  /// The figures for programs: every link, exact energies in attojoules, constants with grade and source.
  public var json: String {
    var text = JSONText()
    text.object { body in
      body.field("format", "palsim-network-1")
      body.field("network", .string(network.name))
      writeWork(&body)
      body.object("latency_cycles") { NetworkJSON.write(tally.latency, &$0) }
      body.object("network_latency_cycles") { NetworkJSON.write(tally.networkLatency, &$0) }
      body.field("packets", .number(tally.packets))
      body.field("routers_mean", NetworkJSON.decimal(tally.meanRouters))
      body.field("accepted_rate", NetworkJSON.decimal(activity.acceptedRate(nodes: network.noc.nodes)))
      body.field("cycles", .number(activity.cycles))
      body.field("first_cycle", .number(activity.start))
      body.field("buffered_flits_mean", NetworkJSON.decimal(activity.bufferedFlits))
      body.field(
        "buffer_capacity_flits", .number(places.bufferedFlits(virtualNetworks: virtualNetworks)))
      writeCounts(&body)
      writeEnergy(&body)
      writeLinks(&body)
    }
    return text.text + "\n"
  }

  private func writeWork(_ body: inout JSONText) {
    switch work {
    case .replay(let list): body.field("packet_list", .string(list))
    case .traffic(let result): NetworkJSON.write(result, &body)
    }
  }

  private func writeCounts(_ body: inout JSONText) {
    let counts = activity.counts
    body.object("counts") { body in
      body.field("flits_injected", .number(counts.flitsInjected))
      body.field("flits_ejected", .number(counts.flitsEjected))
      body.field("buffer_writes", .number(counts.bufferWrites))
      body.field("buffer_reads", .number(counts.bufferReads))
      body.field("crossbar_traversals", .number(counts.crossbarTraversals))
      body.field("vc_allocations", .number(counts.channelAllocations))
      body.field("link_flits", .number(activity.linkFlits))
    }
  }

  private func writeEnergy(_ body: inout JSONText) {
    body.object("energy") { body in
      body.field("total_attojoules", .number(energy.total))
      body.list("parts") { body in
        for part in energy.parts {
          let constant = constants.entries.first { $0.name == part.name }?.value
          body.row([
            ("name", .string(part.name)), ("attojoules", .number(part.attojoules)),
            ("per_action", .number(constant?.value ?? 0)), ("grade", .string(constant?.grade.rawValue ?? "")),
            ("source", .string(constant?.source ?? "")),
          ])
        }
      }
    }
  }

  private func writeLinks(_ body: inout JSONText) {
    body.list("links") { body in
      for link in activity.links where places.exists(link) {
        body.row([
          ("name", .string(places.name(of: link))), ("router", .number(link.router)), ("port", .number(link.port)),
          ("flits", .number(link.flits)), ("utilization", NetworkJSON.decimal(activity.utilization(of: link))),
        ])
      }
    }
  }
}

extension SweepReport {
  /// Every point and the bracket, for programs.
  public var json: String {
    var text = JSONText()
    text.object { body in
      body.field("format", "palsim-network-sweep-1")
      if let stable = sweep.lastStable { body.field("last_stable_rate", NetworkJSON.decimal(stable)) }
      if let saturated = sweep.firstSaturated { body.field("first_saturated_rate", NetworkJSON.decimal(saturated)) }
      body.field("peak_accepted_rate", NetworkJSON.decimal(sweep.peakAccepted))
      body.list("points") { body in
        for point in sweep.points {
          body.object { body in
            NetworkJSON.write(point, &body)
            body.field("accepted_rate", NetworkJSON.decimal(point.acceptedRate))
            body.field("routers_mean", NetworkJSON.decimal(point.tally.meanRouters))
            body.object("latency_cycles") { NetworkJSON.write(point.tally.latency, &$0) }
            body.object("network_latency_cycles") { NetworkJSON.write(point.tally.networkLatency, &$0) }
          }
        }
      }
    }
    return text.text + "\n"
  }
}

/// Pieces both documents share.
enum NetworkJSON {
  static func write(_ result: TrafficResult, _ body: inout JSONText) {
    body.field("traffic", .string(result.run.pattern.rawValue))
    body.field("packet_flits", .number(result.run.packetFlits))
    body.field("seed", .number(result.run.seed))
    body.field("status", .string(result.status.rawValue))
    body.field("saturated", .flag(result.status == .saturated))
    body.field("offered_rate", decimal(result.run.rate))
    body.field("generated_rate", decimal(result.generatedRate))
    body.field("total_cycles", .number(result.totalCycles))
  }

  static func write(_ histogram: LatencyHistogram, _ body: inout JSONText) {
    body.field(
      "mean", .number(FixedDecimal(Int128(histogram.sum), over: Int128(max(1, histogram.count)), places: 6)))
    body.field("p50", .number(histogram.quantile(0.5)))
    body.field("p99", .number(histogram.quantile(0.99)))
    body.field("max", .number(histogram.maximum))
  }

  /// Six places.
  static func decimal(_ value: Double) -> JSONText.Scalar {
    .number(FixedDecimal(units: Int128((value * 1e6).rounded()), places: 6))
  }
}
