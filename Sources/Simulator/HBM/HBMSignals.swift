/// Attojoules of each thing a memory channel does.
public struct HBMEnergy: Equatable, Sendable {
  public var readByte: Int64
  public var writeByte: Int64
  public var activate: Int64
  /// Of a channel, in each cycle of a refresh: a refresh spends its energy evenly, not at once.
  public var refreshCycle: Int64
  public init(readByte: Int64, writeByte: Int64, activate: Int64, refreshCycle: Int64) {
    self.readByte = readByte
    self.writeByte = writeByte
    self.activate = activate
    self.refreshCycle = refreshCycle
  }
}

/// The time series of one memory channel.
public struct HBMSignals: Sendable {
  public let readBytes: SignalID
  public let writeBytes: SignalID
  public let activates: SignalID
  public let refreshes: SignalID
  public let refreshCycles: SignalID
  public let queue: SignalID

  init(name: String, energy: HBMEnergy, recorder: inout ActivityRecorder) {
    func count(_ what: String, _ unit: String, _ definition: String, _ energy: Int64) -> SignalInfo {
      SignalInfo(
        name: "\(name).\(what)", unit: unit, definition: definition, kind: .count, domain: .hbm, attojoules: energy)
    }
    readBytes = recorder.register(
      count("read_bytes", "bytes", "Bytes read, in the cycles in which they are on the data bus.", energy.readByte))
    writeBytes = recorder.register(
      count("write_bytes", "bytes", "Bytes written, in the cycles in which they are on the data bus.", energy.writeByte)
    )
    activates = recorder.register(
      count("activates", "commands", "Rows opened, in the cycle of the command.", energy.activate))
    refreshes = recorder.register(
      count("refreshes", "commands", "All-bank refreshes, in the cycle in which they start.", 0))
    refreshCycles = recorder.register(
      count("refresh_cycles", "cycles", "Cycles in which all banks of a channel refresh.", energy.refreshCycle))
    queue = recorder.register(
      SignalInfo(
        name: "\(name).queue", unit: "trains", definition: "Request trains that have arrived and not begun service.",
        kind: .level, domain: .hbm))
  }
}

/// What one memory channel has counted.
public struct HBMCounts: Equatable, Sendable {
  /// Trains taken, and their bytes.
  public var trains: Int64 = 0
  public var requestedBytes: Int64 = 0
  /// Accesses on the data bus.
  public var readAccesses: Int64 = 0
  public var writeAccesses: Int64 = 0
  public var readBytes: Int64 = 0
  public var writeBytes: Int64 = 0
  /// Accesses that found their row open, their bank closed, or another row open.
  public var rowHits: Int64 = 0
  public var rowMisses: Int64 = 0
  public var rowConflicts: Int64 = 0
  /// Rows opened.
  public var activates: Int64 = 0
  public var refreshes: Int64 = 0
  /// Cycles in which the data bus carried data.
  public var busyCycles: Int64 = 0
  /// Cycles trains waited between arrival and first command, summed: the total of the `queue` signal.
  public var queuedCycles: Int64 = 0

  public init() {}
}
