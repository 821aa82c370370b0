import Testing

@testable import Simulator

/// An exact non-negative fraction, for small numbers; the twin's notion of an instant in seconds.
private struct Fraction: Comparable {
  var numerator: Int128
  var denominator: Int128

  init(_ numerator: Int128, _ denominator: Int128) {
    let divisor = max(1, TimeBase.greatestCommonDivisor(numerator, denominator))
    self.numerator = numerator / divisor
    self.denominator = denominator / divisor
  }

  static func < (left: Fraction, right: Fraction) -> Bool {
    left.numerator * right.denominator < right.numerator * left.denominator
  }

  static func + (left: Fraction, right: Fraction) -> Fraction {
    Fraction(
      left.numerator * right.denominator + right.numerator * left.denominator, left.denominator * right.denominator)
  }
}

/// The slow twin: every clock edge's instant in a list, wake-ups in a list, searches by walking.
private struct NaiveKernel {
  struct WakeUp {
    var domain: Int
    var cycle: Int64
    var target: UInt32
  }

  /// Instants of the edges of each domain so far, and the period of the next.
  var edges: [[Fraction]] = [[Fraction(0, 1)], [Fraction(0, 1)], [Fraction(0, 1)]]
  var hertz: [Int64]
  let crossing: Int64
  var wakeUps: [WakeUp] = []
  var present = Fraction(0, 1)

  mutating func instant(_ domain: Int, _ cycle: Int64) -> Fraction {
    while edges[domain].count <= cycle {
      edges[domain].append(edges[domain].last! + Fraction(1, Int128(hertz[domain])))
    }
    return edges[domain][Int(cycle)]
  }

  mutating func next() -> (ClockEdge, [UInt32])? {
    var best: (instant: Fraction, domain: Int, cycle: Int64)?
    for wake in wakeUps {
      let candidate = (instant: instant(wake.domain, wake.cycle), domain: wake.domain, cycle: wake.cycle)
      if best == nil || candidate.instant < best!.instant
        || (candidate.instant == best!.instant && candidate.domain < best!.domain)
      {
        best = candidate
      }
    }
    guard let best else { return nil }
    present = best.instant
    let targets = wakeUps.filter { $0.domain == best.domain && $0.cycle == best.cycle }.map(\.target)
    wakeUps.removeAll { $0.domain == best.domain && $0.cycle == best.cycle }
    return (ClockEdge(domain: ClockDomain(rawValue: UInt8(best.domain))!, cycle: best.cycle), Set(targets).sorted())
  }

  mutating func receiving(_ sender: Int, _ cycle: Int64, _ receiver: Int) -> Int64 {
    if sender == receiver { return cycle + 1 }
    let sent = instant(sender, cycle)
    var edge: Int64 = 0
    while instant(receiver, edge) <= sent { edge += 1 }
    return edge + crossing
  }

  mutating func now(_ domain: Int) -> Int64 {
    var edge: Int64 = 0
    while instant(domain, edge + 1) <= present { edge += 1 }
    return edge
  }

  /// The first edge at or after the present keeps its instant, all later ones move.
  mutating func change(_ domain: Int, hertz new: Int64) -> Int64 {
    var cycle: Int64 = 0
    while instant(domain, cycle) < present { cycle += 1 }
    edges[domain].removeSubrange((Int(cycle) + 1)...)
    hertz[domain] = new
    return cycle
  }
}

@Suite struct KernelTwinTests {
  /// Frequencies from a set with few common factors and small enough for the twin's fractions.
  private static let frequencies: [Int64] = [1_000, 1_050, 1_600, 2_000, 940, 700, 1_000]

  @Test(arguments: Array(1...8) as [UInt64], [false, true])
  func agreesWithTheNaiveKernel(seed: UInt64, changing: Bool) {
    var random = SplitMix64(seed: seed)
    func frequency() -> Int64 { Self.frequencies[Int(random.next() % UInt64(Self.frequencies.count))] }
    let hertz = [frequency(), frequency(), frequency()]
    let crossing = Int(random.next() % 4)
    var kernel = Kernel(tile: hertz[0], noc: hertz[1], hbm: hertz[2], crossingCycles: crossing)
    var twin = NaiveKernel(hertz: hertz, crossing: Int64(crossing))
    for target in 0..<6 as Range<UInt32> { wake(target, Int(target % 3), Int64(random.next() % 5), &kernel, &twin) }
    var found = kernel.next()
    var expected = twin.next()
    var steps = 0
    for step in 0..<1_500 {
      steps = step + 1
      guard let edge = found, let (naiveEdge, targets) = expected else { break }
      #expect(edge == naiveEdge, "seed \(seed), step \(step)")
      #expect((0..<kernel.batchCount).map { kernel.target($0) } == targets, "seed \(seed), step \(step)")
      if edge != naiveEdge { return }
      let sender = Int(edge.domain.rawValue)
      for receiver in 0..<3 {
        let domain = ClockDomain(rawValue: UInt8(receiver))!
        let seen = kernel.receivingCycle(from: edge.domain, cycle: edge.cycle, to: domain)
        #expect(seen == twin.receiving(sender, edge.cycle, receiver), "seed \(seed), step \(step)")
        #expect(kernel.now(domain) == twin.now(receiver), "seed \(seed), step \(step)")
        for _ in 0..<Int(random.next() % 2 + (kernel.pending < 4 ? 1 : 0)) where kernel.pending < 60 {
          let delay = random.next() % 20 == 0 ? Int64(random.next() % 1_500) : Int64(random.next() % 3)
          wake(UInt32(random.next() % 9), receiver, seen + delay, &kernel, &twin)
        }
      }
      if changing && random.next() % 40 == 0 { changeOne(&random, frequency(), &kernel, &twin) }
      (found, expected) = (kernel.next(), twin.next())
    }
    #expect(steps == 1_500, "seed \(seed): the wake-ups ran out")
  }

  private func wake(
    _ target: UInt32, _ domain: Int, _ cycle: Int64, _ kernel: inout Kernel, _ twin: inout NaiveKernel
  ) {
    kernel.schedule(target, in: ClockDomain(rawValue: UInt8(domain))!, at: cycle)
    twin.wakeUps.append(.init(domain: domain, cycle: cycle, target: target))
  }

  private func changeOne(
    _ random: inout SplitMix64, _ hertz: Int64, _ kernel: inout Kernel, _ twin: inout NaiveKernel
  ) {
    let domain = Int(random.next() % 3)
    let cycle = kernel.changeFrequency(ClockDomain(rawValue: UInt8(domain))!, hertz: hertz)
    #expect(cycle == twin.change(domain, hertz: hertz))
  }
}
