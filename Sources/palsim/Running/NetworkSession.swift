import Architecture
import EnergyModel
import InstructionTrace
import Reporting
import Simulator
import Statistics

/// A packet list that a network cannot carry: the input's fault.
struct NetworkFailure: Error, CustomStringConvertible {
  var description: String
  let exitCode: Int32 = 65
}

/// A network by itself from its configuration to its results: what `palsim network` does, without its options.
struct NetworkSession {
  let network: NetworkConfiguration
  private let constants: NetworkEnergy

  /// - Throws: every error of `exitCode(of:)`.
  init(config: String, overrides: [String]) throws {
    network = try Configuration.loadNetwork(path: config, overrides: overrides)
    constants = try NetworkEnergy(network)
  }

  /// Replays a packet list; with `results` ("-": standard output) writes a row for each delivery.
  func replay(_ path: String, results: String?) throws -> NetworkReport {
    let bytes = try TextInput.bytes(of: path)
    let name = path == "-" ? "standard input" : path
    let list = try PacketListParser.parse(bytes, name: name, nodes: network.noc.nodes)
    var replay = try PacketReplay(list, on: network.noc)
    var table = PacketResultTable(list, isKept: results != nil)
    var tally = DeliveryTally()
    let activity = try Self.blaming(name) { () throws(NoCFault) in
      try replay.run { delivery in
        tally.record(delivery)
        table.append(delivery)
      }
    }
    try write(table.bytes, to: results)
    return NetworkReport(
      network: network, work: .replay(name), tally: tally, activity: activity, constants: constants,
      virtualNetworks: list.virtualNetworks.count)
  }

  /// Puts one rate of random traffic on the network.
  func measure(_ run: TrafficRun) throws -> NetworkReport {
    let result = try measured(run)
    return NetworkReport(
      network: network, work: .traffic(result), tally: result.tally, activity: result.activity, constants: constants,
      virtualNetworks: 1)
  }

  /// Measures rates until the saturation bracket is found; an interruption ends it with what there is.
  func sweep(_ search: SaturationSearch, _ run: TrafficRun) throws -> SweepReport {
    var meter = SweepMeter()
    let sweep = try search.sweep(run, measure: measured) { point in
      meter.show(point)
      return !Interruption.isRequested
    }
    meter.clear()
    return SweepReport(network: network, sweep: sweep)
  }

  private func measured(_ run: TrafficRun) throws -> TrafficResult {
    var measurement = try TrafficMeasurement(run, on: network.noc)
    return try measurement.measure()
  }

  private func write(_ bytes: [UInt8], to path: String?) throws {
    guard let path else { return }
    if path == "-" { StandardOutput.write(bytes) } else { try WholeFile.write(bytes, to: path) }
  }

  private static func blaming<Result>(
    _ path: String, _ body: () throws(NoCFault) -> Result
  ) throws(NetworkFailure) -> Result {
    do { return try body() } catch { throw NetworkFailure(description: "\(path): \(error)") }
  }
}
