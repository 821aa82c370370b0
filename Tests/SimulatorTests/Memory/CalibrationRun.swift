import Simulator
import Testing

/// A row of `results.csv`.
struct CalibrationRun: CustomTestStringConvertible {
  /// As the file prints them.
  struct Figures: Equatable {
    var cycles: String
    var meanLatency: String
    var latency50: String
    var latency99: String
    var leastLatency: String
    var largestLatency: String
    var commands: [Int64]
  }

  var configuration: String
  var stream: String
  var figures: Figures
  var testDescription: String { "\(configuration).\(stream)" }

  /// nil for other simulators.
  init?(line: Substring) {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields.count > 23, fields[0] == "ramulator2" else { return nil }
    configuration = fields[2]
    stream = fields[4]
    // activates, precharges (one bank, all), reads, writes, refreshes, forwarded or merged
    figures = Figures(
      cycles: fields[8], meanLatency: fields[11], latency50: fields[12], latency99: fields[13],
      leastLatency: fields[14], largestLatency: fields[15], commands: fields[16...22].compactMap { Int64($0) })
  }
}

extension CalibrationRun.Figures {
  init(_ result: MemoryReplayResult) {
    let ticks = Int64(result.ticksPerClock)
    /// Thousandths, rounded to the nearest: the file has three digits of the mean and one of the others.
    func thousandths(_ value: Int64, over divisor: Int64) -> String {
      let rounded = (value * 2000 + divisor) / (2 * divisor)
      return "\(rounded / 1000).\(String(rounded % 1000 + 1000).dropFirst())"
    }
    func tenths(_ value: Int64) -> String { String(thousandths(value, over: ticks).dropLast(2)) }
    let latency = result.readLatency
    let counts = result.counts
    cycles = tenths(result.endTicks)
    meanLatency = thousandths(latency.sum, over: ticks * latency.count)
    latency50 = tenths(latency.percentile(50))
    latency99 = tenths(latency.percentile(99))
    leastLatency = tenths(latency.minimum)
    largestLatency = tenths(latency.maximum)
    commands = [
      counts.activates, counts.precharges, counts.allBankPrecharges, counts.reads, counts.writes, counts.refreshes,
      counts.forwardedReads + counts.mergedWrites,
    ]
  }
}

/// A few requests to an idle memory and when they were done: `## hbm2_1pc NAME 0:R0x0 200:R0x80` and the line after.
struct MemoryProbe: CustomTestStringConvertible {
  var configuration: String
  var name: String
  var requests: [StreamLine]
  /// Cycle of each request's end, in their order.
  var completions: [Int]
  var testDescription: String { "\(configuration) \(name)" }

  init?(heading: Substring, ramulator2: Substring) {
    let words = heading.split(separator: " ")
    guard words.count > 3, words[0] == "##" else { return nil }
    configuration = String(words[1])
    name = String(words[2])
    requests = words[3...].compactMap { word in
      let parts = word.split(separator: ":")
      return StreamLine(line: "\(parts[0]) \(parts[1].prefix(1)) \(parts[1].dropFirst())")
    }
    completions = ramulator2.split(separator: " ").compactMap { word in
      word.hasPrefix("rd@") ? Int(word.dropFirst(3).prefix { $0.isNumber }) : nil
    }
  }
}
