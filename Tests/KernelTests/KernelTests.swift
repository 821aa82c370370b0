import Testing

@testable import Simulator

@Suite struct KernelTests {
  @Test func targetsOfAnEdgeRunOnceAndInAscendingOrder() {
    var kernel = Kernel(tile: 1_000_000_000, noc: 1_000_000_000, hbm: 1_000_000_000, crossingCycles: 2)
    for target in [70, 3, 900, 3, 64, 63, 0, 5_000, 70] as [UInt32] { kernel.schedule(target, in: .noc, at: 5) }
    #expect(kernel.next() == ClockEdge(domain: .noc, cycle: 5))
    #expect((0..<kernel.batchCount).map { kernel.target($0) } == [0, 3, 63, 64, 70, 900, 5_000])
    #expect(kernel.next() == nil)
  }

  @Test func aSeedShufflesTheTargetsOfAnEdgeAndNothingElse() {
    var orders: Set<[UInt32]> = []
    for seed in 0..<20 as Range<UInt64> {
      var kernel = Kernel(tile: 1, noc: 1, hbm: 1, crossingCycles: 0, permutationSeed: seed)
      for target in 0..<8 as Range<UInt32> { kernel.schedule(target, in: .tile, at: 1) }
      #expect(kernel.next() == ClockEdge(domain: .tile, cycle: 1))
      let order = (0..<kernel.batchCount).map { kernel.target($0) }
      #expect(order.sorted() == Array(0..<8))
      orders.insert(order)
    }
    #expect(orders.count > 10)
  }

  @Test func domainsAtOneInstantRunInTheirOrder() {
    var kernel = Kernel(tile: 1_050_000_000, noc: 2_100_000_000, hbm: 1_600_000_000, crossingCycles: 2)
    // 21 tile cycles = 42 noc cycles = 32 hbm cycles = 20 ns.
    kernel.schedule(0, in: .hbm, at: 32)
    kernel.schedule(0, in: .noc, at: 42)
    kernel.schedule(0, in: .tile, at: 21)
    kernel.schedule(0, in: .noc, at: 41)
    let edges = [kernel.next(), kernel.next(), kernel.next(), kernel.next()]
    #expect(
      edges == [
        ClockEdge(domain: .noc, cycle: 41), ClockEdge(domain: .tile, cycle: 21), ClockEdge(domain: .noc, cycle: 42),
        ClockEdge(domain: .hbm, cycle: 32),
      ])
  }

  @Test func aMessageIsSeenAtTheFirstEdgeStrictlyAfterPlusTheCrossing() {
    var kernel = Kernel(tile: 1_000_000_000, noc: 2_000_000_000, hbm: 1_600_000_000, crossingCycles: 2)
    #expect(kernel.receivingCycle(from: .tile, cycle: 10, to: .tile) == 11)
    // 10 ns is noc edge 20, which is not strictly after.
    #expect(kernel.receivingCycle(from: .tile, cycle: 10, to: .noc) == 23)
    #expect(kernel.receivingCycle(from: .tile, cycle: 5, to: .hbm) == 11)  // 5 ns is hbm edge 8
    #expect(kernel.receivingCycle(from: .tile, cycle: 6, to: .hbm) == 12)  // 6 ns lies after hbm edge 9
    #expect(kernel.receivingCycle(from: .noc, cycle: 1, to: .tile) == 3)
  }

  @Test func edgesConvertBetweenDomains() {
    let kernel = Kernel(tile: 1_000_000_000, noc: 2_000_000_000, hbm: 1_600_000_000, crossingCycles: 2)
    #expect(kernel.lastEdge(of: .hbm, notAfter: 5, in: .tile) == 8)
    #expect(kernel.lastEdge(of: .hbm, notAfter: 6, in: .tile) == 9)
    #expect(kernel.firstEdge(of: .hbm, notBefore: 5, in: .tile) == 8)
    #expect(kernel.firstEdge(of: .hbm, notBefore: 6, in: .tile) == 10)
    #expect(kernel.firstEdge(of: .tile, notBefore: 0, in: .hbm) == 0)
  }

  @Test func instantsNeverDrift() {
    // A year of three frequencies without a common factor: the last edges still compare exactly.
    let (tile, noc, hbm): (Int64, Int64, Int64) = (1_999_999_973, 1_599_999_983, 1_050_000_011)
    let kernel = Kernel(tile: tile, noc: noc, hbm: hbm, crossingCycles: 0)
    let seconds: Int64 = 31_536_000
    #expect(kernel.lastEdge(of: .hbm, notAfter: tile * seconds, in: .tile) == hbm * seconds)
    #expect(kernel.lastEdge(of: .hbm, notAfter: tile * seconds - 1, in: .tile) == hbm * seconds - 1)
    #expect(kernel.firstEdge(of: .noc, notBefore: hbm * seconds + 1, in: .hbm) == noc * seconds + 2)
  }

  @Test func edgesBeyondTheQuickWayAreExactToo() {
    let kernel = Kernel(tile: 1_000_000_000, noc: 8_000_000_000, hbm: 1_200_000_000, crossingCycles: 2)
    #expect(kernel.lastEdge(of: .tile, notAfter: 1 << 62 + 7, in: .noc) == 1 << 59)
    #expect(kernel.lastEdge(of: .hbm, notAfter: 5 << 59 + 1, in: .tile) == 6 << 59 + 1)
  }

  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func noAnswerComesWithinTheEcho(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let hertz = (0..<3).map { _ in Int64(1 + random.next() % 100) * 20_000_000 }
    let kernel = Kernel(tile: hertz[0], noc: hertz[1], hbm: hertz[2], crossingCycles: Int(random.next() % 4))
    for domain in ClockDomain.allCases {
      let answers = (0..<500 as Range<Int64>).flatMap { cycle in
        ClockDomain.allCases.filter { $0 != domain }.map { other in
          let seen = kernel.receivingCycle(from: domain, cycle: cycle, to: other)
          return kernel.receivingCycle(from: other, cycle: seen, to: domain) - cycle
        }
      }
      #expect(answers.min()! > kernel.echo(of: domain), "seed \(seed)")
    }
  }

  @Test func theEchoOfAFastNetwork() {
    // Two cycles of memory are 13 1/3 of the network's, and two more for the way back.
    let kernel = Kernel(tile: 1_000_000_000, noc: 8_000_000_000, hbm: 1_200_000_000, crossingCycles: 2)
    #expect(kernel.echo(of: .noc) == 15)
  }

  @Test func aChangeOfFrequencyKeepsEarlierEdgesAndMovesLaterOnes() {
    var kernel = Kernel(tile: 1_000_000_000, noc: 1_000_000_000, hbm: 1_000_000_000, crossingCycles: 0)
    kernel.schedule(0, in: .tile, at: 10)
    #expect(kernel.next() == ClockEdge(domain: .tile, cycle: 10))
    #expect(kernel.changeFrequency(.hbm, hertz: 500_000_000) == 10)
    #expect(kernel.now(.hbm) == 10 && kernel.hertz(.hbm) == 500_000_000)
    #expect(kernel.receivingCycle(from: .tile, cycle: 10, to: .hbm) == 11)
    // hbm edge 11 is at 12 ns.
    #expect(kernel.lastEdge(of: .tile, notAfter: 11, in: .hbm) == 12)
    kernel.schedule(1, in: .tile, at: 13)
    kernel.schedule(2, in: .hbm, at: 11)
    kernel.schedule(3, in: .tile, at: 12)
    let edges = [kernel.next(), kernel.next(), kernel.next()]
    #expect(
      edges == [
        ClockEdge(domain: .tile, cycle: 12), ClockEdge(domain: .hbm, cycle: 11), ClockEdge(domain: .tile, cycle: 13),
      ])
  }

  @Test func thousandsOfOddFrequencyChangesStayInBounds() {
    var kernel = Kernel(tile: 1_000_000_007, noc: 1_600_000_009, hbm: 999_999_937, crossingCycles: 2)
    var random = SplitMix64(seed: 11)
    var last = Int128(-1)
    for step in 0..<3_000 {
      let domain = ClockDomain(rawValue: UInt8(random.next() % 3))!
      kernel.schedule(0, in: .tile, at: kernel.now(.tile) + 1 + Int64(random.next() % 100))
      _ = kernel.next()
      let hertz = 1 + Int64(random.next() >> 33)
      kernel.changeFrequency(domain, hertz: hertz)
      let cycle = Int128(kernel.now(.tile))
      #expect(cycle > last, "step \(step)")
      last = cycle
    }
  }
}
