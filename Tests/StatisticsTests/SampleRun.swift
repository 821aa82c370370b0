import Foundation
import Simulator

@testable import Architecture
@testable import Statistics

/// A small machine and a made-up run on it whose every cycle is also kept in plain arrays.
struct SampleRun {
  static let hertz: [Int64] = [1_000_000_000, 1_500_000_000, 937_000_000]
  static let clocks = ClocksSpec(
    tile: Frequency(hertz: hertz[0]), noc: Frequency(hertz: hertz[1]), hbm: Frequency(hertz: hertz[2]),
    crossingCycles: 2)
  let cycles: [Int64]
  var infos: [SignalInfo] = []
  /// Values of each signal in each cycle of its domain.
  var values: [[Int64]] = []
  var result: RunResult

  /// Records random activity into a recorder with `writer`'s sink; returns what the recorder added up.
  static func record(seed: UInt64, cycles: Int64 = 3000, writer: RunWriter) -> (run: SampleRun, recorded: [Int64]) {
    var random = SplitMix64(seed: seed)
    let counts = hertz.map { Int64((Int128(cycles) * Int128($0) + 999_999_999) / 1_000_000_000) }
    var recorder = ActivityRecorder(sink: writer.sink)
    let infos = signals
    let ids = infos.map { recorder.register($0) }
    var values = infos.map { [Int64](repeating: 0, count: Int(counts[Int($0.domain.rawValue)])) }
    for (id, info) in zip(ids, infos) {
      let end = counts[Int(info.domain.rawValue)]
      for _ in 0..<60 {
        let from = Int64.random(in: 0..<end, using: &random)
        let to = min(end, from + Int64.random(in: 1...90, using: &random))
        let rate = Int64.random(in: 1...64, using: &random)
        recorder.add(id, from: from, to: to, rate: rate)
        for cycle in from..<to { values[Int(id.index)][Int(cycle)] += rate }
      }
    }
    for domain in ClockDomain.allCases { recorder.flush(domain, before: counts[Int(domain.rawValue)] / 2) }
    let recorded = recorder.finish(cycles: counts)
    return (SampleRun(counts, infos, values), recorded)
  }

  private init(_ counts: [Int64], _ infos: [SignalInfo], _ values: [[Int64]]) {
    (cycles, self.infos, self.values) = (counts, infos, values)
    result = RunResult(
      status: .completed,
      domains: ClockDomain.allCases.map {
        .init(domain: $0, hertz: Self.hertz[Int($0.rawValue)], cycles: counts[Int($0.rawValue)])
      },
      signals: infos, signalTotals: values.map { $0.reduce(0, +) },
      counters: [.init(name: "chip0.records", value: 12, unit: "records", definition: "Records retired.")],
      units: [.init(name: "chip0.tile0.mac0", cycles: Self.causes(counts[0]))], regions: Self.regions(counts[0]),
      latencies: [Self.latency],
      staticPower: [
        .init(name: "chip0.tile0", microwatts: 1_234_567), .init(name: "chip0.tile1", microwatts: 7_654_321),
        .init(name: "chip0.hbm.channel0", microwatts: 57_001),
      ])
  }

  private static let signals: [SignalInfo] = [
    .init(
      name: "chip0.tile0.mac0.macs", unit: "MACs", definition: "MACs done.", kind: .count, domain: .tile,
      attojoules: 67_000),
    .init(
      name: "chip0.tile1.mac0.macs", unit: "MACs", definition: "MACs done.", kind: .count, domain: .tile,
      attojoules: 66_999),
    .init(
      name: "chip0.hbm.channel0.read_bytes", unit: "bytes", definition: "Bytes read.", kind: .count, domain: .hbm,
      attojoules: 32_560_001),
    .init(
      name: "chip0.hbm.channel0.write_bytes", unit: "bytes", definition: "Bytes written.", kind: .count, domain: .hbm,
      attojoules: 36_720_000),
    .init(
      name: "chip0.noc.router1.flit_hops", unit: "flits", definition: "Flits passed on.", kind: .count, domain: .noc,
      attojoules: 28_160_000),
    .init(
      name: "chip0.hbm.channel0.queue", unit: "trains", definition: "Trains waiting.", kind: .level, domain: .hbm),
  ]

  private static func causes(_ cycles: Int64) -> [Int64] {
    var causes = Cause.allCases.map { _ in Int64(0) }
    causes[Int(Cause.active.rawValue)] = cycles / 3
    causes[Int(Cause.hbmQueue.rawValue)] = cycles - cycles / 3
    return causes
  }

  private static func regions(_ cycles: Int64) -> [RunResult.Region] {
    var first = RunResult.Region(name: "conv1, 7x7 \"stem\"", kind: "conv")
    (first.lastCycle, first.macs, first.records) = (cycles / 4, 1000, 5)
    first.cycles = first.lastCycle
    var second = RunResult.Region(name: "fc", kind: "gemm")
    (second.firstCycle, second.lastCycle, second.macs) = (cycles / 4, cycles, 2000)
    second.cycles = second.lastCycle - second.firstCycle
    return [first, second]
  }

  private static let latency: RunResult.Latency = {
    var histogram = LatencyHistogram()
    for cycle in Int64(100)..<400 { histogram.record(cycle) }
    histogram.record(70_000)
    return .init(
      name: "hbm.read", unit: "HBM cycles", definition: "From arrival to last data.", histogram: histogram)
  }()

  static let description = RunDescription(
    traceName: "sample.pal.gz", traceDigest: "00ff", configurationName: "tiny.toml", configurationDigest: "ff00",
    configurationText: "[system]\nname = \"tiny\"\n",
    constants: [("mac.pal8", GradedValue(value: 67_000, grade: .derived, source: "INT8 x 0.67"))])
  static let execution = RunExecution(
    toolVersion: "0.1.0", commandLine: ["palsim", "run"], input: "/trace.pal.gz", wallSeconds: 1.25)

  /// Two tiles with one 8x8x4 array each and one HBM channel.
  static let machine = MachineSpec(
    name: "tiny", sources: [], deviations: [],
    clocks: ClocksSpec(
      tile: Frequency(hertz: hertz[0]), noc: Frequency(hertz: hertz[1]), hbm: Frequency(hertz: hertz[2]),
      crossingCycles: 2),
    grid: GridSpec(columns: 2, rows: 1), tiles: [tile, tile], noc: NoCSpec(width: 2, flitBytes: 32),
    hbm: hbm,
    energy: EnergySpec(nodeNanometres: 7, millivolts: 750, overrides: [:]))

  private static let hbm: HBMSpec = {
    var hbm = HBMSpec.blank
    hbm.device = DRAMStandard.named("HBM2")!.device(rate: 2000)!
    hbm.device.organisation.pseudoChannels = 1
    hbm.device.organisation.accessBytes = 64
    hbm.interleave(256)
    hbm.attachment = [0]
    return hbm
  }()

  private static let tile = TileSpec(
    kind: "compute", dispatch: DispatchSpec(width: 1, window: 8, queueDepth: 4, syncLatency: 4),
    dma: DMASpec(loadEngines: 1, storeEngines: 1, maxOutstanding: 8, requestBytes: 256, sramBytesPerCycle: 32),
    arrays: [
      MACArraySpec(
        rows: 8, columns: 8, vectorWidth: 4, dataflow: .weightStationary, overlap: .serial, formats: ["pal8"],
        minimumIssue: 4)
    ],
    vector: VectorSpec(lanes: 8, latency: 4, cost: [:]),
    sram: SRAMSpec(bytes: 1 << 18, banks: 8, bankWidth: 16, latency: 2),
    accumulator: AccumulatorSpec(bytes: 1 << 14, elementBytes: 4))
}

/// A directory that is gone when the test is.
final class TemporaryPlace {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// The text of a gzip file with a plain ten-byte header, as palsim writes it.
func gunzip(_ path: String) throws -> String {
  let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  let body = bytes[10..<bytes.count - 8].withUnsafeBytes { Deflate.expand($0, size: size) }
  return String(decoding: body ?? [], as: UTF8.self)
}
