import Architecture
import EnergyModel
import Simulator
import Statistics

/// What a memory did with a stream of requests, as text or JSON.
public struct MemoryReport {
  let memory: MemoryConfiguration
  let result: MemoryReplayResult
  let energy: MemoryEnergyTerms
  let source: String

  /// - Parameter source: What was replayed: a file, or a pattern in words.
  public init(
    _ result: MemoryReplayResult, of memory: MemoryConfiguration, energy: MemoryEnergy, source: String
  ) {
    self.result = result
    self.memory = memory
    self.source = source
    self.energy = MemoryEnergyTerms(
      energy, counts: result.counts, ticks: result.endTicks * Int64(memory.hbm.pseudoChannelCount),
      ticksPerClock: result.ticksPerClock)
  }

  var bytes: Int128 { Int128(result.requests) * Int128(memory.hbm.accessBytes) }

  /// Bytes a second.
  var peakBandwidth: FixedDecimal {
    let hbm = memory.hbm
    return FixedDecimal(
      Int128(hbm.pseudoChannelCount * hbm.accessBytes) * Int128(memory.clock.hertz),
      over: Int128(hbm.nBL) * 1_000_000_000, places: 6)
  }

  /// GB/s, of 10^9 bytes; bytes of forwarded reads and merged writes count.
  var bandwidth: FixedDecimal {
    FixedDecimal(
      bytes * Int128(memory.clock.hertz) * Int128(result.ticksPerClock), over: Int128(result.endTicks) * 1_000_000_000,
      places: 6)
  }

  var percentOfPeak: FixedDecimal {
    let hbm = memory.hbm
    return FixedDecimal(
      100 * bytes * Int128(hbm.nBL * result.ticksPerClock),
      over: Int128(result.endTicks) * Int128(hbm.pseudoChannelCount * hbm.accessBytes), places: 6)
  }

  var meanReadLatency: FixedDecimal {
    FixedDecimal(
      Int128(result.readLatency.sum), over: Int128(result.readLatency.count) * Int128(result.ticksPerClock), places: 6)
  }

  /// A number of ticks in cycles of CK: whole, or with a half.
  func cycles(_ ticks: Int64) -> FixedDecimal {
    let perClock = Int64(result.ticksPerClock)
    return FixedDecimal(Int128(ticks), over: Int128(perClock), places: ticks % perClock == 0 ? 0 : 1)
  }

  /// Attojoules in picojoules, exactly.
  static func picojoules(_ attojoules: Int128) -> FixedDecimal { FixedDecimal(units: attojoules, places: 6) }

  /// Commands by kind, each once: those with auto-precharge apart.
  var commands: [(command: DRAMCommand, count: Int64)] {
    let counts = result.counts
    return [
      (.ACT, counts.activates), (.PREpb, counts.precharges), (.PREab, counts.allBankPrecharges),
      (.RD, counts.reads - counts.autoPrechargeReads), (.RDA, counts.autoPrechargeReads),
      (.WR, counts.writes - counts.autoPrechargeWrites), (.WRA, counts.autoPrechargeWrites),
      (.REFab, counts.allBankRefreshes), (.REFpb, counts.perBankRefreshes),
    ]
  }
}
