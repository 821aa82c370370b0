import Architecture
import Simulator
import Testing

/// What must hold of any machine, on random ones.
@Suite struct MachineLawTests {
  #if DEBUG
    private static let seeds: ClosedRange<UInt64> = 1...4
  #else
    private static let seeds: ClosedRange<UInt64> = 1...16
  #endif

  struct Law: CustomTestStringConvertible {
    var name: String
    var key: String
    /// Machines that are slowed by more than 2 % all the same, and by how many percent at most.
    var exceptions: [Exception] = []
    var testDescription: String { name }
  }

  /// Why more may be slower (`docs/validation.md`, Laws and their exceptions).
  enum Cause {
    /// A padded array takes longer to load and to drain when it is larger, however little of it a product fills.
    case fill
    /// The cut of the smaller machine would take as long as there; the estimate finds another one faster.
    case estimate
  }

  struct Exception {
    var seed: UInt64
    var percent: Double
    var cause: Cause
  }

  static let laws = [
    Law(name: "twice the bandwidth", key: "hbm.channels"),
    Law(
      name: "twice the scratchpad", key: "tile.sram.bytes",
      exceptions: [Exception(seed: 10, percent: 4.5, cause: .estimate)]),
    Law(name: "twice the links' width", key: "noc.flit_bytes"),
    Law(
      name: "twice the columns", key: "tile.array.columns",
      exceptions: [
        Exception(seed: 5, percent: 4.5, cause: .fill), Exception(seed: 11, percent: 5.5, cause: .estimate),
      ]),
    Law(
      name: "twice the rows", key: "tile.array.rows",
      exceptions: [Exception(seed: 12, percent: 2.5, cause: .fill)]),
    Law(name: "twice the lanes' width", key: "tile.array.vector_width"),
    Law(
      name: "twice the arrays", key: "tile.array.count",
      exceptions: [
        Exception(seed: 2, percent: 2.5, cause: .estimate), Exception(seed: 11, percent: 7, cause: .estimate),
        Exception(seed: 12, percent: 21, cause: .estimate),
      ]),
  ]

  /// Work is cut anew for the larger machine.
  @Test(arguments: laws) func moreNeverSlows(law: Law) throws {
    for seed in Self.seeds {
      let machine = RandomMachine(seed: seed)
      let before = try machine.run(on: machine.spec())
      let after = try machine.run(on: machine.spec(doubling: law.key))
      let slower = 100 * Double(after.cycles - before.cycles) / Double(before.cycles)
      let exception = law.exceptions.first { $0.seed == seed }
      #expect(
        slower <= exception?.percent ?? 2, "\(machine): \(before.cycles) to \(after.cycles) cycles, \(slower) %")
      #expect(exception == nil || slower > 2, "seed \(seed) is no exception any more: \(slower) %")
      #expect(after.macs == before.macs, "seed \(seed)")
    }
  }

  /// Two pieces of a shared load that meet inside an access both fetch it, which the choice of a cut does not count.
  @Test func trafficFallsAsTheScratchpadGrows() throws {
    for seed in Self.seeds {
      let machine = RandomMachine(seed: seed)
      let (before, after) = (
        try machine.run(on: machine.spec()), try machine.run(on: machine.spec(doubling: "tile.sram.bytes"))
      )
      #expect(
        after.memoryBytes <= before.memoryBytes + before.memoryBytes / 500,
        "seed \(seed): \(before.memoryBytes) to \(after.memoryBytes) bytes")
    }
  }

  @Test func noRunIsFasterThanTheRoofline() throws {
    for seed in Self.seeds {
      let machine = RandomMachine(seed: seed)
      let spec = try machine.spec()
      let result = try machine.run(on: spec)
      let peak = spec.tiles.reduce(0) { $0 + $1.arrays.reduce(0) { $0 + $1.macsPerCycle } }
      #expect(result.cycles * Int64(peak) >= result.macs, "seed \(seed)")
      let (bytes, seconds) = (Double(result.memoryBytes), Double(result.cycles) / Double(spec.clocks.tile.hertz))
      #expect(Double(spec.hbmPeakBytesPerSecond) * seconds >= bytes, "seed \(seed)")
    }
  }

  @Test func theOrderInsideACycleDoesNotMatter() throws {
    for seed in Self.seeds.prefix(8) {
      let machine = RandomMachine(seed: seed)
      var options = RunOptions()
      let canonical = try machine.run(on: machine.spec(), options: options)
      options.permutationSeed = seed
      #expect(try machine.run(on: machine.spec(), options: options).digest == canonical.digest, "seed \(seed)")
    }
  }

  /// The same figures in every build: debug and release, whatever the order inside a cycle. A change of the machine's timing
  /// or of the compiler changes them.
  @Test(arguments: [
    (UInt64(1), UInt64(10_309_131_489_421_731_487)), (2, 16_426_863_782_182_022_871), (3, 6_209_479_259_657_024_891),
    (4, 13_949_525_066_226_128_231),
  ])
  func everyBuildGivesTheSameFigures(seed: UInt64, digest: UInt64) throws {
    let machine = RandomMachine(seed: seed)
    let found = try machine.run(on: machine.spec()).digest
    #expect(found == digest, "\(machine): \(found)")
  }
}
