import Testing

@testable import Architecture
@testable import Simulator

@Suite("Where the bandwidth of a memory went")
struct BandwidthUseTests {
  private func replay(
    _ lines: String, _ pattern: MemoryPattern, requests: Int = 3000, reads: Double = 1, rate: Double? = nil,
    seed: UInt64 = 1
  ) throws -> (MemoryReplayResult, BandwidthUse) {
    let hbm = try Configuration.loadMemory(text: "[hbm]\n\(lines)").hbm
    var traffic = MemoryTraffic(pattern, memory: hbm, reads: reads, rate: rate, seed: seed)
    let replay = MemoryStreamReplay(
      device: hbm.device, channels: hbm.channelCount, map: hbm.addressMap, controller: hbm.controller,
      detail: .bandwidthUse)
    replay.feed(traffic.next(requests))
    let result = replay.finish()
    let use = try #require(result.bandwidthUse)
    #expect(use.totalTicks == result.endTicks * Int64(hbm.pseudoChannelCount), "\(lines)")
    #expect(use.busyTicks == result.counts.busyTicks)
    #expect(BandwidthLoss.allCases.allSatisfy { use[$0] >= 0 })
    return (result, use)
  }

  private func share(_ use: BandwidthUse, _ loss: BandwidthLoss) -> Double {
    Double(use[loss]) / Double(use.totalTicks)
  }

  private static let onePseudoChannel =
    "preset = \"hbm2-2000\"\nchannels = 1\npseudo_channels = 1\ninterleave_bytes = 32\n"

  @Test("Every tick of every bus is charged once, whatever the memory", arguments: 0..<40 as Range<UInt64>)
  func tiles(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    func one(_ words: [String]) -> String { words.randomElement(using: &random) ?? "" }
    let presets = ["hbm2-2000", "hbm2-2400", "hbm3-6400", "hbm4-8000", "hbm1-2000", "hbm-legacy-2000"]
    let lines = """
      preset = "\(one(presets))"
      channels = \(one(["1", "2"]))
      policy = "\(one(["palsim", "ramulator2"]))"
      scheduler = "\(one(["fr-fcfs", "fr-fcfs-row-hit", "fcfs"]))"
      refresh = "\(one(["none", "all-bank", "per-bank"]))"
      row_policy = "\(one(["open", "open", "closed"]))"
      read_queue = \(one(["4", "32"]))
      interleave_bytes = \(one(["64", "256"]))
      """
    let pattern = MemoryPattern.allCases.randomElement(using: &random) ?? .random
    let rate: Double? = Bool.random(using: &random) ? nil : 0.05
    _ = try replay(lines, pattern, requests: 400, reads: 0.6, rate: rate, seed: seed)
  }

  @Test("Seldom requests leave the bus without any")
  func idle() throws {
    let (_, use) = try replay(Self.onePseudoChannel, .random, rate: 0.001)
    #expect(share(use, .noRequest) > 0.9 && use[.turnaround] == 0 && use[.rowBus] == 0)
  }

  @Test("Refreshes cost a sequential stream what they take; without them nothing is charged to them")
  func refresh() throws {
    let (result, use) = try replay(Self.onePseudoChannel, .sequential, requests: 40_000)
    let least = result.counts.refreshes * 260
    #expect((least...least * 6 / 5).contains(use[.refresh]))
    let (_, none) = try replay(Self.onePseudoChannel + "refresh = \"none\"", .sequential, requests: 40_000)
    #expect(
      none[.refresh] == 0 && share(none, .noRequest) < 0.001 && Double(none.busyTicks) > 0.99 * Double(none.totalTicks))
  }

  @Test("Rows of one bank are bound by that bank")
  func oneBank() throws {
    let (_, use) = try replay(Self.onePseudoChannel + "refresh = \"none\"", .rowstride)
    #expect(share(use, .bankTiming) > 0.9 && use[.rowBus] == 0)
  }

  @Test("A window of activates that is made longer is charged for it")
  func window() throws {
    let lines = Self.onePseudoChannel + "refresh = \"none\"\nnFAW = 80"
    let (_, use) = try replay(lines, .random)
    #expect(share(use, .activation) > 0.6)
  }

  @Test("Reads and writes in turn are charged to the turnaround; reads alone never are")
  func turnaround() throws {
    // Longer queues would serve many of a kind in a row.
    let lines = Self.onePseudoChannel + "refresh = \"none\"\nscheduler = \"fcfs\"\nread_queue = 1\nwrite_queue = 1"
    let (_, mixed) = try replay(lines, .sequential, reads: 0.5)
    #expect(share(mixed, .turnaround) > 0.5)
    let (_, reads) = try replay(lines, .sequential)
    #expect(reads[.turnaround] == 0)
  }

  @Test("Accesses of one bank group are bound by nCCDL on the column bus")
  func columns() throws {
    let map = "address_map = [\"column\", \"bank\", \"row\", \"bank_group\"]"
    let (_, use) = try replay(
      "preset = \"hbm2-2000\"\nchannels = 1\npseudo_channels = 1\nrefresh = \"none\"\n\(map)", .sequential)
    #expect(share(use, .columnBus) > 0.45)
  }

  @Test("Two pseudo channels of random rows share a row bus that is full; one alone has it to itself")
  func rowBus() throws {
    let two =
      "preset = \"hbm2-2000\"\nchannels = 1\nrefresh = \"none\"\ninterleave_bytes = 32\nread_queue = 64\nnFAW = 1\nnRRDS = 1\nnRRDL = 1"
    let (_, use) = try replay(two, .random, requests: 20_000)
    let (_, alone) = try replay(two + "\npseudo_channels = 1", .random, requests: 20_000)
    #expect(share(use, .rowBus) > 0.3 && share(alone, .rowBus) < share(use, .rowBus) / 2)
  }
}
