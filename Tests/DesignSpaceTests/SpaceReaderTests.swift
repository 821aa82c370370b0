import Foundation
import Testing

@testable import DesignSpace

@Suite struct SpaceReaderTests {
  @Test func axesAreListsRangesAndRatios() throws {
    let space = try Spaces.model(
      """
      [[axis]]
      key = "tile.sram.bytes"
      log_range = { from = "16 KiB", to = "128 KiB", factor = 2 }
      [[axis]]
      name = "speed"
      key = "clocks.tile"
      range = { from = "1 GHz", to = "1.2 GHz", step = "100 MHz" }
      [[axis]]
      keys = ["grid.columns", "grid.rows"]
      values = [[1, 2], [2, 2]]
      [[axis]]
      key = "clocks.noc"
      log_range = { from = "1 GHz", to = "2 GHz", count = 4 }
      """)
    #expect(
      space.columns.map(\.values) == [
        ["16 KiB", "32 KiB", "64 KiB", "128 KiB"], ["1 GHz", "1.1 GHz", "1.2 GHz"], ["1/2", "2/2"],
        ["1 GHz", "1.26 GHz", "1.59 GHz", "2 GHz"],
      ])
    #expect(space.columns.map(\.name) == ["tile.sram.bytes", "speed", "grid.columns/grid.rows", "clocks.noc"])
    #expect(space.axes[2].levels[0].settings == ["grid.columns=1", "grid.rows=2"])
  }

  @Test func pointsAreNumberedWithTheLastAxisFastest() throws {
    let space = try Spaces.trace(
      """
      set = ["noc.link_latency=3"]
      [[axis]]
      key = "clocks.tile"
      values = ["1 GHz", "2 GHz"]
      [[axis]]
      key = "clocks.noc"
      values = ["1 GHz", "2 GHz", "3 GHz"]
      """)
    let points = try Sampling(space).points().enumerated().map { space.point($0.offset, levels: $0.element) }
    #expect(
      points.map { $0.values.joined(separator: " ") }.prefix(4) == [
        "1 GHz 1 GHz", "1 GHz 2 GHz", "1 GHz 3 GHz", "2 GHz 1 GHz",
      ])
    #expect(points[5].overrides == ["noc.link_latency=3", "clocks.tile=\"2 GHz\"", "clocks.noc=\"3 GHz\""])
  }

  @Test func everyFaultIsReportedAtOnceWithItsLine() {
    let message = Spaces.faults {
      try Spaces.trace(
        """
        minimise = "time"
        where = ["tilez <= 4", "3 +"]
        keep = "ful"
        cuts = "time"
        [[axis]]
        key = "clocks.tle"
        values = ["1 GHz"]
        [[axis]]
        key = "tile.sram.banks"
        values = [3, 8]
        [[axis]]
        key = "noc.link_latency"
        range = { from = 4, to = 2, step = 1 }
        [search]
        method = "randm"
        """)
    }
    let lines = message.split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != " " } } == [3, 4, 4, 5, 6, 8, 12, 15, 17].map { "space.toml:\($0):" })
    for hint in [
      "\"minimize\"", "\"tiles\"", "column 4", "\"full\"", "\"timed\"", "\"clocks.tile\"", "power of two", "empty",
      "\"random\"",
    ] {
      #expect(message.contains(hint), "\(hint) in \(message)")
    }
  }

  @Test func cutsAreEstimatedUnlessTheFileSaysTimed() throws {
    let axis = "[[axis]]\nkey = \"tile.sram.banks\"\nvalues = [4, 8]"
    #expect(try Spaces.model(axis).cuts == .estimated)
    #expect(try Spaces.model("cuts = \"timed\"\n" + axis).cuts == .timed)
  }

  @Test func zippedAxesMayHaveLabels() throws {
    let lines = """
      [[axis]]
      name = "array"
      keys = ["tile.array.formats", "tile.array.rows"]
      values = [[["PAL8"], 16], [["INT8", "BF16"], 8]]
      """
    #expect(try Spaces.model(lines).columns.map(\.values) == [["PAL8/16", "INT8+BF16/8"]])
    let labelled = try Spaces.model(lines + "\nlabels = [\"small\", \"other\"]")
    #expect(labelled.columns.map(\.values) == [["small", "other"]])
    #expect(labelled.axes[0].levels[1].settings == ["tile.array.formats=[\"INT8\", \"BF16\"]", "tile.array.rows=8"])
    let few = Spaces.faults { try Spaces.model(lines + "\nlabels = [\"small\"]") }
    #expect(few.contains("labels: found 1, expected one for each of 2 values"))
  }

  @Test func shapesNeedTheModel() {
    let message = Spaces.faults { try Spaces.trace("[[axis]]\nkey = \"tile.array.rows\"\nvalues = [8, 16]") }
    #expect(message.contains("tile.array.rows: changes the machine's shape"))
    #expect(message.contains("models ="))
    #expect(Spaces.faults { try Spaces.model("[[axis]]\nkey = \"tile.array.rows\"\nvalues = [8, 16]") } == "")
  }

  @Test func shippedSpacesAreRight() throws {
    let folder = "\(Spaces.root)/configs/sweeps"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!names.isEmpty)
    for name in names {
      let space = try SweepSpace(path: "\(folder)/\(name)")
      #expect((3...20).contains(try Sampling(space).points().count), "\(name)")
    }
  }

  @Test func conditionsThatEmptyTheSpaceAreNamed() {
    let axis = "[[axis]]\nkey = \"noc.link_latency\"\nvalues = [1, 2, 4]"
    let one = Spaces.faults { try Spaces.trace("where = [\"noc.link_latency > 9\", \"tiles == 4\"]\n\(axis)") }
    #expect(one == "space.toml:3: where: \"noc.link_latency > 9\" holds for none of 3 combinations")
    let two = Spaces.faults {
      try Spaces.trace("where = [\"noc.link_latency > 2\", \"noc.link_latency < 2\", \"tiles == 4\"]\n\(axis)")
    }
    #expect(two.contains("\"noc.link_latency > 2\" leaves 1 of 3"))
    #expect(two.contains("\"noc.link_latency < 2\" leaves 1 of 3"))
    #expect(two.hasSuffix("these conditions exclude one another"))
  }

  @Test(arguments: [
    ("tiles * macs == 1024", 2), ("tile.sram.banks == 8 and clocks.tile == 1 GHz", 1),
    ("clocks.tile * 2 < 3 GHz", 1), ("configuration == 'tiny'", 2), ("input == \"matmul\"", 2),
    ("tile.array.dataflow == 'weight-stationary'", 2), ("tile.sram.bytes <= 64 KiB", 2),
  ])
  func conditionsKnowAxesKeysAndUnits(_ condition: String, _ count: Int) throws {
    let space = try Spaces.trace(
      "where = '''\(condition)'''\n[[axis]]\nkey = \"clocks.tile\"\nvalues = [\"1 GHz\", \"2 GHz\"]")
    #expect(try Sampling(space).points().count == count)
  }
}
