import Architecture
import Simulator
import Testing

@testable import DesignSpace

/// What must hold of any machine, on random ones.
@Suite struct MachineLawTests {
  #if DEBUG
    private static let seeds: ClosedRange<UInt64> = 1...4
  #else
    private static let seeds: ClosedRange<UInt64> = 1...16
  #endif

  /// What is doubled.
  private static let resources = [
    "hbm.channels", "tile.sram.bytes", "noc.flit_bytes", "tile.array.count", "tile.array.columns", "tile.array.rows",
    "tile.array.vector_width",
  ]

  /// Work is cut anew for the larger machine.
  @Test(arguments: seeds) func moreNeverSlows(seed: UInt64) throws {
    let machine = RandomMachine(seed: seed)
    let before = try machine.run(on: machine.spec())
    for resource in Self.resources {
      let after = try machine.run(on: machine.spec(doubling: resource))
      let slower = 100 * Double(after.cycles - before.cycles) / Double(before.cycles)
      #expect(slower <= 2, "twice \(resource): \(before.cycles) to \(after.cycles) cycles, \(slower) %, \(machine)")
      #expect(after.macs == before.macs, "twice \(resource), seed \(seed)")
      guard resource == "tile.sram.bytes" else { continue }
      #expect(after.memoryBytes <= before.memoryBytes, "twice \(resource), \(machine)")
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
    (UInt64(1), UInt64(16_197_079_198_871_923_383)), (2, 16_426_863_782_182_022_871), (3, 6_209_479_259_657_024_891),
    (4, 18_412_554_846_182_825_138),
  ])
  func everyBuildGivesTheSameFigures(seed: UInt64, digest: UInt64) throws {
    let machine = RandomMachine(seed: seed)
    let found = try machine.run(on: machine.spec()).digest
    #expect(found == digest, "\(machine): \(found)")
  }
}
