/// One clock edge at which something runs.
public struct ClockEdge: Equatable, Sendable {
  public var domain: ClockDomain
  public var cycle: Int64
  public init(domain: ClockDomain, cycle: Int64) {
    self.domain = domain
    self.cycle = cycle
  }
}

/// Time: the clock domains, their wake-ups, and the order in which they happen. Knows no hardware.
///
///     while let edge = kernel.next() {
///       for index in 0..<kernel.batchCount { run(kernel.target(index), at: edge) }
///     }
///
/// A *target* is a small number the machine gives to each component. Waking a target several times in one cycle is the
/// same as once. Targets of one edge run in ascending order, or shuffled when a permutation seed is given: results
/// must not depend on it. Edges of several domains at the very same instant run in the order tile, noc, hbm.
public struct Kernel: ~Copyable {
  /// Highest frequency a domain may have: keeps exact instants within 128 bits.
  public static let maximumHertz: Int64 = 1 << 34
  private static let domains = ClockDomain.allCases.count

  private let wheels: UnsafeMutablePointer<TimingWheel>
  private let clocks: UnsafeMutablePointer<ClockRate>
  /// By sender and receiver.
  private let ratios: UnsafeMutablePointer<EdgeRatio>
  /// By domain.
  private let echoes: UnsafeMutablePointer<Int64>
  private var timeBase: TimeBase
  private let crossingCycles: Int64
  private var batch: WakeBatch
  /// Instant of the last edge `next` returned.
  private var present: Int128 = 0
  /// By domain: the first cycle of work whose wake-up is later, `.max` for none.
  private let backlogs: UnsafeMutablePointer<Int64>
  /// By domain: the next edge with a wake-up when `next` looked last, and its instant.
  private let upcoming: UnsafeMutablePointer<TimedEdge>

  /// - Parameters:
  ///   - crossingCycles: receiving-domain cycles a message from another domain takes after its first edge, at least 0.
  ///   - permutationSeed: shuffles the targets of each edge; nil for the canonical order.
  public init(tile: Int64, noc: Int64, hbm: Int64, crossingCycles: Int, permutationSeed: UInt64? = nil) {
    let hertz = [tile, noc, hbm]
    precondition(hertz.allSatisfy { 1...Self.maximumHertz ~= $0 }, "a frequency is outside 1...\(Self.maximumHertz) Hz")
    precondition(crossingCycles >= 0, "crossing cycles are negative")
    let base = TimeBase(hertz: hertz)
    timeBase = base
    self.crossingCycles = Int64(crossingCycles)
    batch = WakeBatch(permutationSeed: permutationSeed)
    wheels = .allocate(capacity: Self.domains)
    clocks = .allocate(capacity: Self.domains)
    ratios = .allocate(capacity: Self.domains * Self.domains)
    ratios.initialize(repeating: EdgeRatio(), count: Self.domains * Self.domains)
    for (index, hertz) in hertz.enumerated() {
      (wheels + index).initialize(to: TimingWheel())
      (clocks + index).initialize(to: ClockRate(hertz: hertz, ticksPerCycle: base.ticksPerCycle(hertz: hertz)))
    }
    echoes = .allocate(capacity: Self.domains)
    upcoming = .allocate(capacity: Self.domains)
    backlogs = .allocate(capacity: Self.domains)
    backlogs.initialize(repeating: .max, count: Self.domains)
    setRatios()
  }

  deinit {
    wheels.deinitialize(count: Self.domains)
    wheels.deallocate()
    clocks.deallocate()
    ratios.deallocate()
    echoes.deallocate()
    upcoming.deallocate()
    backlogs.deallocate()
  }

  // MARK: Wake-ups

  /// Wakes `target` at a cycle of a domain. Precondition: later than the domain's last edge that ran, and later in time than
  /// the present edge (the latter is checked when the edge's turn comes).
  @inline(__always)
  public mutating func schedule(_ target: UInt32, in domain: ClockDomain, at cycle: Int64) {
    wheels[Int(domain.rawValue)].push(cycle: cycle, payload: UInt64(target))
  }

  /// Moves to the next edge with a wake-up and collects its targets; nil when none is left.
  public mutating func next() -> ClockEdge? {
    let tile = lookAhead(.tile)
    let noc = lookAhead(.noc)
    let hbm = lookAhead(.hbm)
    var (found, edge) = (ClockDomain.tile, tile)
    if noc.instant < edge.instant { (found, edge) = (.noc, noc) }
    if hbm.instant < edge.instant { (found, edge) = (.hbm, hbm) }
    if edge.cycle == .max { return nil }
    precondition(edge.instant >= present, "a wake-up lies before the present instant")
    present = edge.instant
    batch.collect(from: &wheels[Int(found.rawValue)])
    return ClockEdge(domain: found, cycle: edge.cycle)
  }

  /// The domain's next edge with a wake-up.
  @inline(__always)
  private func lookAhead(_ domain: ClockDomain) -> TimedEdge {
    let index = Int(domain.rawValue)
    if upcoming[index].cycle != wheels[index].nextCycle { look(ahead: index) }
    return upcoming[index]
  }

  @inline(__always)
  private func look(ahead domain: Int) {
    let cycle = wheels[domain].nextCycle
    upcoming[domain] = TimedEdge(cycle: cycle, instant: cycle == .max ? .max : clocks[domain].instant(of: cycle))
  }

  /// Targets of the edge `next` returned, each once.
  public var batchCount: Int { batch.count }

  /// One of them, by its place in the order in which they run. Precondition: 0..<batchCount.
  public func target(_ index: Int) -> UInt32 { batch[index] }

  /// Wake-ups waiting, over all domains.
  public var pending: Int { wheels[0].count + wheels[1].count + wheels[2].count }

  // MARK: Time

  /// Frequency of a domain now.
  public func hertz(_ domain: ClockDomain) -> Int64 { clocks[Int(domain.rawValue)].hertz }

  /// The last edge of a domain at or before the present instant (the instant of the edge `next` returned last).
  public func now(_ domain: ClockDomain) -> Int64 { clocks[Int(domain.rawValue)].lastEdge(notAfter: present) }

  /// When a message sent at an edge is seen: in the same domain the next cycle; in another the first edge strictly after the
  /// sending instant, plus the crossing cycles.
  @inline(__always)
  public func receivingCycle(from sender: ClockDomain, cycle: Int64, to receiver: ClockDomain) -> Int64 {
    sender == receiver ? cycle + 1 : lastEdge(of: receiver, notAfter: cycle, in: sender) + 1 + crossingCycles
  }

  /// The last cycle of `domain` that no message of another domain's waiting wake-ups can reach: up to it the domain may run
  /// ahead of the others, as long as it sends them nothing. `.max - 1` when no other domain has a wake-up. With a permutation
  /// seed some earlier cycle at random: results must not depend on how far a domain runs ahead.
  @inline(__always)
  public mutating func horizon(of domain: ClockDomain) -> Int64 {
    var horizon = Int64.max - 1
    if domain != .tile { horizon = min(horizon, self.horizon(of: domain, before: .tile)) }
    if domain != .noc { horizon = min(horizon, self.horizon(of: domain, before: .noc)) }
    if domain != .hbm { horizon = min(horizon, self.horizon(of: domain, before: .hbm)) }
    return batch.isShuffled ? batch.randomCycle(from: now(domain), to: horizon) : horizon
  }

  /// The last cycle that no message of one other domain's waiting wake-ups can reach.
  @inline(__always)
  private func horizon(of domain: ClockDomain, before sender: ClockDomain) -> Int64 {
    let index = Int(sender.rawValue)
    let first = min(wheels[index].nextCycle, backlogs[index])
    return first == .max ? .max : receivingCycle(from: sender, cycle: first, to: domain) - 1
  }

  /// Lets a domain lag behind: it has work from `cycle` on, `.max` for none, and will do it before others could see a message of
  /// that cycle.
  /// - Returns: a cycle in which to wake it for that, the last for sure; with a permutation seed some cycle before it at random.
  @inline(__always)
  public mutating func postpone(_ domain: ClockDomain, from cycle: Int64) -> Int64 {
    backlogs[Int(domain.rawValue)] = cycle
    if cycle == .max { return .max }
    var wake = Int64.max
    if domain != .tile { wake = min(wake, lastEdge(of: domain, beforeSeen: cycle, in: .tile)) }
    if domain != .noc { wake = min(wake, lastEdge(of: domain, beforeSeen: cycle, in: .noc)) }
    if domain != .hbm { wake = min(wake, lastEdge(of: domain, beforeSeen: cycle, in: .hbm)) }
    return wake <= cycle ? cycle : batch.isShuffled ? batch.randomCycle(from: cycle, to: wake) : wake
  }

  /// The last edge of a domain before that at which another sees a message of `cycle`.
  @inline(__always)
  private func lastEdge(of domain: ClockDomain, beforeSeen cycle: Int64, in other: ClockDomain) -> Int64 {
    lastEdge(of: domain, notAfter: receivingCycle(from: domain, cycle: cycle, to: other) - 1, in: other)
  }

  /// Cycles of `domain`, after one in which it sends a message to another, in which no answer can be here: at rates as they are, the
  /// message takes more than the crossing cycles of the faster of the others, the answer those of `domain`.
  @inline(__always)
  public func echo(of domain: ClockDomain) -> Int64 { echoes[Int(domain.rawValue)] }

  /// What follows from the rates.
  private func setRatios() {
    for domain in 0..<Self.domains {
      for other in 0..<Self.domains {
        ratios[other * Self.domains + domain] = EdgeRatio(of: clocks[domain], in: clocks[other])
      }
      let others = (0..<Self.domains).filter { $0 != domain }.map { clocks[$0].ticksPerCycle }
      let there = Int128(crossingCycles) * others.min()! / clocks[domain].ticksPerCycle
      echoes[domain] = Int64(there) + crossingCycles
      look(ahead: domain)
    }
  }

  /// The last edge of `domain` at or before an edge of another domain (for output, and to place one domain's times in another).
  @inline(__always)
  public func lastEdge(of domain: ClockDomain, notAfter cycle: Int64, in other: ClockDomain) -> Int64 {
    if domain == other { return cycle }
    let ratio = ratios + (Int(other.rawValue) &* Self.domains &+ Int(domain.rawValue))
    return ratio.pointee.covers(cycle)
      ? ratio.pointee.lastEdge(notAfter: cycle)
      : Self.lastEdge(of: clocks[Int(domain.rawValue)], notAfter: cycle, in: clocks[Int(other.rawValue)])
  }

  @inline(never)
  private static func lastEdge(of clock: ClockRate, notAfter cycle: Int64, in other: ClockRate) -> Int64 {
    clock.lastEdge(notAfter: other.instant(of: cycle))
  }

  /// The first edge of `domain` at or after an edge of another domain.
  public func firstEdge(of domain: ClockDomain, notBefore cycle: Int64, in other: ClockDomain) -> Int64 {
    if domain == other { return cycle }
    return clocks[Int(domain.rawValue)].firstEdge(notBefore: clocks[Int(other.rawValue)].instant(of: cycle))
  }

  /// Changes a frequency from the domain's first edge at or after the present instant on: that edge and those before it keep
  /// their instants, the next follows one new period later.
  ///
  /// - Returns: the cycle of that edge. Earlier cycles cannot be converted to other domains afterwards.
  @discardableResult
  public mutating func changeFrequency(_ domain: ClockDomain, hertz: Int64) -> Int64 {
    precondition(1...Self.maximumHertz ~= hertz, "a frequency is outside 1...\(Self.maximumHertz) Hz")
    var rates = (0..<Self.domains).map { clocks[$0] }
    let index = Int(domain.rawValue)
    let cycle = rates[index].firstEdge(notBefore: present)
    rates[index].anchorTick = rates[index].instant(of: cycle)
    rates[index].anchorCycle = cycle
    rates[index].hertz = hertz
    let before = timeBase.ticksPerSecond
    timeBase.refit(&rates)
    present = TimeBase.scale(present, by: timeBase.ticksPerSecond, over: before)
    for place in 0..<Self.domains { clocks[place] = rates[place] }
    setRatios()
    return cycle
  }
}

/// An edge of a domain and its instant.
private struct TimedEdge: BitwiseCopyable {
  var cycle: Int64
  var instant: Int128
}
