import Architecture
import EnergyModel
import InstructionTrace
import Reporting
import Simulator

/// A memory, the requests it is to serve, and what it did.
final class MemorySession {
  /// What is replayed: a stream read whole, or traffic made as it is needed.
  enum Requests {
    case stream([StreamRequest], name: String)
    case traffic(MemoryTraffic, count: Int)

    var count: Int {
      switch self {
      case .stream(let requests, _): requests.count
      case .traffic(_, let count): count
      }
    }

    var name: String {
      switch self {
      case .stream(_, let name): name
      case .traffic(let traffic, let count):
        "\(count) requests, \(traffic.pattern.rawValue)"
      }
    }
  }

  /// Requests made or replayed at a time.
  private static let chunk = 1 << 16

  private let memory: MemoryConfiguration
  private let energy: MemoryEnergy
  private var result = MemoryReplayResult()

  /// - Throws: `ConfigurationError` or `EnergyFault`.
  init(config: String, overrides: [String]) throws {
    memory = try Configuration.loadMemory(path: config, overrides: overrides)
    energy = try MemoryEnergy.resolve(hbm: memory.hbm, clock: memory.clock, energy: memory.energy)
  }

  /// The requests of a file, or the made-up ones.
  /// - Throws: `TraceError` or `MemoryStreamFault`.
  func requests(of path: String?, _ options: MemoryTrafficOptions) throws -> Requests {
    if let path {
      let bytes = try TextInput.bytes(of: path)
      return .stream(
        try MemoryStreamParser.parse(bytes, name: path, memoryBytes: memory.hbm.bytes),
        name: path == "-" ? "standard input" : path)
    }
    let traffic = MemoryTraffic(
      try options.chosen(), memory: memory.hbm, reads: options.reads ?? 1, rate: options.rate,
      stride: options.stride ?? 4096, seed: options.seed ?? 1)
    return .traffic(traffic, count: options.requests ?? 100_000)
  }

  /// Replays the requests so many times in a row; stated cycles of a repetition begin after the last of the one before.
  /// `keepsCommands`: `commandTable` and where the bandwidth went are asked for, which costs memory for every command.
  func run(_ requests: Requests, times: Int, keepsCommands: Bool, streamOut: String?) throws -> MemoryReport {
    let hbm = memory.hbm
    let replay = MemoryStreamReplay(
      device: hbm.device, channels: hbm.channelCount, map: hbm.addressMap, controller: hbm.controller,
      keepsCommands: keepsCommands)
    var text: [UInt8] = []
    var start: Int64 = 0
    for _ in 0..<times {
      var last: Int64 = -1
      Self.forEachChunk(of: requests) { chunk in
        let shifted = Self.shifted(chunk, by: start)
        last = max(last, shifted.lazy.map(\.cycle).max() ?? -1)
        if streamOut != nil { MemoryStreamText.append(shifted, to: &text) }
        replay.feed(shifted)
      }
      start = last + 1
    }
    if let streamOut { try WholeFile.write(text, to: streamOut == "-" ? "/dev/stdout" : streamOut) }
    result = replay.finish()
    let use = keepsCommands ? BandwidthUse(result, of: hbm) : nil
    return MemoryReport(result, of: memory, energy: energy, source: requests.name, use: use)
  }

  /// The commands of the last run as CSV.
  func commandTable() -> [UInt8] {
    CommandTable.csv(result.commands, stackIDs: memory.hbm.device.organisation.stackIDs)
  }

  private static func forEachChunk(of requests: Requests, _ body: ([StreamRequest]) -> Void) {
    switch requests {
    case .stream(let requests, _): body(requests)
    case .traffic(var traffic, let count):
      for start in stride(from: 0, to: count, by: chunk) { body(traffic.next(min(chunk, count - start))) }
    }
  }

  private static func shifted(_ requests: [StreamRequest], by cycles: Int64) -> [StreamRequest] {
    if cycles == 0 { return requests }
    return requests.map { request in
      guard request.cycle >= 0 else { return request }
      return StreamRequest(cycle: request.cycle + cycles, address: request.address, isWrite: request.isWrite)
    }
  }
}
