import Architecture
import EnergyModel
import InstructionTrace
import Reporting
import Simulator

/// A memory, the requests it is to serve, and what it did.
struct MemorySession {
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
  /// - Parameters:
  ///   - commands: Where every command is written; `-` is standard output.
  ///   - streamOut: Where the requests are written, likewise.
  /// - Throws: `MemoryStreamFault` when the stated cycles become too many, and faults of writing.
  func run(
    _ requests: Requests, times: Int, detail: MemoryStreamReplay.Detail, commands: String?, streamOut: String?
  ) throws -> MemoryReport {
    try Self.refuseEndless(requests, times: times)
    let hbm = memory.hbm
    let replay = MemoryStreamReplay(
      device: hbm.device, channels: hbm.channelCount, map: hbm.addressMap, controller: hbm.controller,
      detail: detail)
    let stackIDs = hbm.device.organisation.stackIDs
    let stream = try streamOut.map(Self.file)
    let table = try commands.map(Self.file)
    try table?.write(CommandTable.header(stackIDs: stackIDs))
    var start: Int64 = 0
    for _ in 0..<times {
      var last: Int64 = -1
      try Self.forEachChunk(of: requests) { chunk in
        let shifted = Self.shifted(chunk, by: start)
        last = max(last, shifted.lazy.map(\.cycle).max() ?? -1)
        try stream?.write(MemoryStreamText.bytes(shifted))
        replay.feed(shifted)
        try table?.write(CommandTable.lines(replay.takeCommands(), stackIDs: stackIDs))
      }
      start = last + 1
    }
    let result = replay.finish()
    try table?.write(CommandTable.lines(result.commands, stackIDs: stackIDs))
    try stream?.publish()
    try table?.publish()
    return MemoryReport(result, of: memory, energy: energy, source: requests.name)
  }

  private static func file(_ path: String) throws -> OutputFile {
    try OutputFile(path: path == "-" ? "/dev/stdout" : path)
  }

  private static func refuseEndless(_ requests: Requests, times: Int) throws {
    let cycles = requests.statedCycles
    guard cycles > mostCycles / Int64(times) else { return }
    throw MemoryStreamFault(
      description: "\(requests.name): \(times) times \(cycles) cycles are too many; requests may be stated for "
        + "\(mostCycles) cycles in all, so --repeat may be \(mostCycles / cycles) here")
  }

  private static func forEachChunk(of requests: Requests, _ body: ([StreamRequest]) throws -> Void) rethrows {
    let chunks = stride(from: 0, to: requests.count, by: chunk).map { $0..<min($0 + chunk, requests.count) }
    switch requests {
    case .stream(let requests, _): for chunk in chunks { try body(Array(requests[chunk])) }
    case .traffic(var traffic, _): for chunk in chunks { try body(traffic.next(chunk.count)) }
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
