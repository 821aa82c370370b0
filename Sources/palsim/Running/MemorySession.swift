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

    /// From cycle 0 to the last one that is stated; 0 if none is.
    var statedCycles: Int64 {
      switch self {
      case .stream(let requests, _): (requests.lazy.map(\.cycle).max() ?? -1) + 1
      case .traffic(let traffic, let count): traffic.rate.map { Int64(Double(count) / $0) } ?? 0
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

  /// Cycles in which requests may be stated, all repetitions together: sums over a thousand pseudo channels stay below 2^63.
  private static let mostCycles: Int64 = 1 << 50
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
  /// `detail`: `commandTable` needs `.commands`, which costs memory for every command.
  /// - Throws: `MemoryStreamFault` when the stated cycles become too many, and faults of writing `streamOut`.
  func run(
    _ requests: Requests, times: Int, detail: MemoryStreamReplay.Detail, streamOut: String?
  ) throws -> MemoryReport {
    try Self.refuseEndless(requests, times: times)
    let hbm = memory.hbm
    let replay = MemoryStreamReplay(
      device: hbm.device, channels: hbm.channelCount, map: hbm.addressMap, controller: hbm.controller,
      detail: detail)
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
    return MemoryReport(result, of: memory, energy: energy, source: requests.name)
  }

  private static func refuseEndless(_ requests: Requests, times: Int) throws {
    let cycles = requests.statedCycles
    guard cycles > mostCycles / Int64(times) else { return }
    throw MemoryStreamFault(
      description: "\(requests.name): \(times) times \(cycles) cycles are too many; requests may be stated for "
        + "\(mostCycles) cycles in all, so --repeat may be \(mostCycles / cycles) here")
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
