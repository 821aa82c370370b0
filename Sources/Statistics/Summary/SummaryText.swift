import Simulator

/// `summary.json`: fixed order, no wall time, no host. The same run gives the same bytes.
extension Summary {
  public var json: String {
    var text = JSONText()
    text.object { document in
      document.field("schema", .number(Self.schema))
      document.field("status", .string(statusText))
      writeInputs(&document)
      writeStatistics(&document)
      writeEnergy(&document)
      writeUnits(&document)
      document.list("bank_conflicts") { list in
        for conflict in conflicts { conflict.write(to: &list) }
      }
      writeLatencies(&document)
      document.field("configuration_text", .string(description.configurationText))
    }
    return text.text + "\n"
  }

  private func writeInputs(_ document: inout JSONText) {
    document.field("machine", .string(machineName))
    document.object("trace") { trace in
      trace.field("name", .string(description.traceName))
      trace.field("digest", .string(description.traceDigest))
      trace.field("inferences", .number(description.inferences))
    }
    document.object("configuration") { configuration in
      configuration.field("name", .string(description.configurationName))
      configuration.field("digest", .string(description.configurationDigest))
    }
    document.list("idealised") { list in
      for name in description.idealised { list.field(nil, .string(name)) }
    }
    document.list("clocks") { list in
      for domain in domains {
        list.row([
          ("domain", .string(String(describing: domain.domain))), ("hertz", .number(domain.hertz)),
          ("cycles", .number(domain.cycles)),
        ])
      }
    }
  }

  private func writeStatistics(_ document: inout JSONText) {
    document.list("statistics") { list in
      for statistic in statistics {
        list.row([
          ("name", .string(statistic.name)), ("value", .number(statistic.value)), ("unit", .string(statistic.unit)),
          ("definition", .string(statistic.definition)),
        ])
      }
    }
  }

  private func writeEnergy(_ document: inout JSONText) {
    document.object("energy") { energy in
      energy.field("total_attojoules", .string(String(totalAttojoules)))
      energy.field("total_joules", .number(Self.joules(totalAttojoules)))
      energy.list("parts") { list in
        for part in self.energy {
          list.row([
            ("component", .string(part.name.group)), ("term", .string(part.name.leaf)),
            ("attojoules", .string(String(part.attojoules))), ("joules", .number(Self.joules(part.attojoules))),
          ])
        }
      }
      energy.list("constants") { list in
        for (name, value) in description.constants {
          list.row([
            ("name", .string(name)), ("value", .number(value.value)),
            ("unit", .string(name.hasSuffix(".static") ? "uW" : "aJ")), ("grade", .string(value.grade.rawValue)),
            ("source", .string(value.source)),
          ])
        }
      }
    }
  }

  private static func joules(_ attojoules: Int128) -> FixedDecimal { FixedDecimal(units: attojoules, places: 18) }

  private func writeUnits(_ document: inout JSONText) {
    document.list("units") { list in
      for unit in units {
        let causes = Cause.allCases.filter { unit.cycles[Int($0.rawValue)] > 0 }
        list.row([("name", .string(unit.name))] + causes.map { ($0.name, .number(unit.cycles[Int($0.rawValue)])) })
      }
    }
  }

  private func writeLatencies(_ document: inout JSONText) {
    document.list("latencies") { list in
      for latency in latencies {
        let histogram = latency.histogram
        list.row([
          ("name", .string(latency.name)), ("unit", .string(latency.unit)), ("count", .number(histogram.count)),
          ("mean", .number(FixedDecimal(Int128(histogram.sum), over: Int128(histogram.count), places: 3))),
          ("p50", .number(histogram.quantile(0.5))), ("p90", .number(histogram.quantile(0.9))),
          ("p99", .number(histogram.quantile(0.99))), ("max", .number(histogram.maximum)),
          ("definition", .string(latency.definition)),
        ])
      }
    }
  }
}
