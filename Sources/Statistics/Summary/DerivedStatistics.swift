import Architecture
import Simulator

/// The figures an architect asks for first, derived from exact integers by fixed rounding.
struct DerivedStatistics {
  let index: TimelineIndex
  let activity: WindowedActivity
  let machine: MachineSpec
  let total: Int128
  let inferences: Int64

  private static let attojoulesInJoule: Int128 = 1_000_000_000_000_000_000
  private var clock: TimelineDomain { index.domain(.tile) }
  private var macs: Int128 { sum(activity.sums(leaf: "macs")) }
  private var readBytes: Int128 { sum(activity.sums(leaf: "read_bytes", hardware: "hbm")) }
  private var writeBytes: Int128 { sum(activity.sums(leaf: "write_bytes", hardware: "hbm")) }

  private func sum(_ sums: [Int64]) -> Int128 { sums.reduce(0) { $0 + Int128($1) } }

  private var span: (cycles: Int128, hertz: Int128) { (Int128(clock.cycles), Int128(clock.hertz)) }

  var all: [Statistic] { time + work + memory + energy }

  private var time: [Statistic] {
    [
      Statistic(
        name: "cycles", value: FixedDecimal(clock.cycles), unit: "tile cycles",
        definition: "Tile clock cycles from the start to the last retired record."),
      Statistic(
        name: "time", value: FixedDecimal(span.cycles, over: span.hertz, places: 12), unit: "s",
        definition: "cycles / tile clock."),
      Statistic(
        name: "inferences_per_second",
        value: FixedDecimal(span.hertz * Int128(inferences), over: span.cycles, places: 6), unit: "1/s",
        definition: "Inferences the trace stands for / time."),
      Statistic(
        name: "noc_cycles", value: FixedDecimal(index.domain(.noc).cycles), unit: "NoC cycles",
        definition: "Cycles of the NoC clock in the same time."),
      Statistic(
        name: "hbm_cycles", value: FixedDecimal(index.domain(.hbm).cycles), unit: "HBM cycles",
        definition: "Cycles of the HBM clock in the same time."),
    ]
  }

  /// MACs a tile cycle when every array is full.
  private var peakMACs: Int128 {
    machine.tiles.reduce(0) { $0 + $1.arrays.reduce(0) { $0 + Int128($1.macsPerCycle) } }
  }

  private var work: [Statistic] {
    let (cycles, hertz) = span
    let tera: Int128 = 1_000_000_000_000
    return [
      Statistic(
        name: "macs", value: FixedDecimal(macs), unit: "MACs", definition: "Multiply-accumulates of all arrays."),
      Statistic(
        name: "throughput", value: FixedDecimal(2 * macs * hertz, over: cycles * tera, places: 6), unit: "TOPS",
        definition: "2 x macs / time: a multiply and an add are two operations."),
      Statistic(
        name: "peak_throughput", value: FixedDecimal(2 * peakMACs * hertz, over: tera, places: 6), unit: "TOPS",
        definition: "2 x MACs a cycle of all arrays x tile clock."),
      Statistic(
        name: "utilization", value: FixedDecimal(100 * macs, over: cycles * peakMACs, places: 4), unit: "%",
        definition: "throughput / peak_throughput."),
    ]
  }

  /// Bytes a second when every channel's data bus is always busy.
  private var peakBandwidth: (bytes: Int128, over: Int128) {
    let hbm = machine.hbm
    return (
      Int128(hbm.pseudoChannelCount) * Int128(hbm.accessBytes) * Int128(machine.clocks.hbm.hertz), Int128(hbm.nBL)
    )
  }

  private var memory: [Statistic] {
    let (cycles, hertz) = span
    let giga: Int128 = 1_000_000_000
    let (bytes, peak) = (readBytes + writeBytes, peakBandwidth)
    return [
      Statistic(name: "hbm_read_bytes", value: FixedDecimal(readBytes), unit: "bytes", definition: "Read from HBM."),
      Statistic(
        name: "hbm_write_bytes", value: FixedDecimal(writeBytes), unit: "bytes", definition: "Written to HBM."),
      Statistic(
        name: "hbm_bandwidth", value: FixedDecimal(bytes * hertz, over: cycles * giga, places: 6), unit: "GB/s",
        definition: "(hbm_read_bytes + hbm_write_bytes) / time."),
      Statistic(
        name: "hbm_peak_bandwidth", value: FixedDecimal(peak.bytes, over: peak.over * giga, places: 6), unit: "GB/s",
        definition: "Channels x bytes of an access x HBM clock / cycles of an access."),
      Statistic(
        name: "hbm_utilization",
        value: FixedDecimal(100 * bytes * hertz * peak.over, over: cycles * peak.bytes, places: 4), unit: "%",
        definition: "hbm_bandwidth / hbm_peak_bandwidth."),
    ]
  }

  /// Watts, to the microwatt.
  var averagePower: FixedDecimal { power(total, clock.cycles) }

  private func power(_ attojoules: Int128, _ cycles: Int64) -> FixedDecimal {
    FixedDecimal(attojoules * Int128(clock.hertz), over: Int128(cycles) * Self.attojoulesInJoule, places: 6)
  }

  private var energy: [Statistic] {
    [
      Statistic(
        name: "energy", value: FixedDecimal(units: total, places: 18), unit: "J",
        definition: "Everything the chip and its HBM spent: dynamic and static."),
      Statistic(
        name: "energy_per_inference",
        value: FixedDecimal(total, over: Int128(inferences) * Self.attojoulesInJoule, places: 18),
        unit: "J", definition: "energy / inferences the trace stands for."),
      Statistic(
        name: "energy_per_mac", value: FixedDecimal(total, over: macs * 1_000_000, places: 6), unit: "pJ",
        definition: "energy / macs: everything included, not the MAC alone."),
      Statistic(name: "average_power", value: averagePower, unit: "W", definition: "energy / time."),
      Statistic(
        name: "peak_power", value: FixedDecimal(units: Int128(profile.microwatts.max() ?? 0), places: 6), unit: "W",
        definition: "The highest mean power of a window of peak_power_window cycles."),
      Statistic(
        name: "peak_power_window", value: FixedDecimal(profile.windowCycles), unit: "tile cycles",
        definition: "Length of the windows of peak_power and timeline.csv.gz."),
    ]
  }

  /// Power and utilization of each window.
  var profile: RunProfile {
    let edges = activity.edges.tile
    let lengths = zip(edges, edges.dropFirst()).map { $1 - $0 }
    let width = lengths.first ?? 0
    let watts = zip(activity.totalAttojoules, lengths).map { Int64(power($0, $1).units) }
    let share = zip(activity.sums(leaf: "macs"), lengths).map { macs, length in
      Int64(FixedDecimal(Int128(macs), over: Int128(length) * peakMACs, places: 6).units)
    }
    return RunProfile(windowCycles: width, microwatts: watts, utilization: share)
  }
}
