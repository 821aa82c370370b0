import Architecture
import Simulator

/// Random memories under random loads, each a function of its seed. The results of `Reference/random.txt` belong to
/// exactly these cases: a change here calls for new results.
struct MemoryCaseGenerator {
  enum Family: String {
    /// Policy `ramulator2`: rows stay open, or close after some accesses.
    case open
    case closed
    /// This project's own policy, with all it can do.
    case palsim
    /// The same on HBM1 and HBM2 without pseudo channels, as DRAMsim3 has them.
    case legacy

    var isOwn: Bool { self == .palsim || self == .legacy }
  }

  private var random: SplitMix64
  private let name: String
  private let family: Family

  static func make(seed: Int, family: Family = .open) -> MemoryCase {
    var generator = MemoryCaseGenerator(seed: seed, family: family)
    return generator.make()
  }

  private init(seed: Int, family: Family) {
    random = SplitMix64(seed: UInt64(seed) &* 2 &+ (family == .closed ? 1 : 0))
    name = "\(family.rawValue)-\(seed)"
    self.family = family
  }

  private mutating func make() -> MemoryCase {
    let drawn = pick([
      DRAMStandard.hbm2, .hbm2, .hbm2, .hbm3, .hbm3, .hbm3, .hbm3, .hbm4, .hbm4, .hbm1,
    ])
    let standard = family == .legacy ? .hbmLegacy : drawn
    let organisation = organisation(of: standard)
    let controller = family.isOwn ? ownController() : ramulatorController()
    let channels = pick([1, 1, 2])
    let device = standard.device(organisation, timings: timings(of: standard, organisation))
    let map = map(organisation, channels: channels)
    let isPaired = family == .closed && chance(30)
    let count = pick([60, 150, 300, 300, 500, 900])
    let requests = isPaired ? pairsBeforeRefresh(map, device) : requests(map, count: count)
    return MemoryCase(
      name: name, device: device, controller: controller, channels: channels, map: map, requests: requests)
  }

  // MARK: draws

  /// Uniform but for a bias below 2^-50; not the library's, whose choices may change.
  private mutating func draw(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(random.next() % UInt64(range.count))
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[draw(0...elements.count - 1)] }

  private mutating func chance(_ percent: Int) -> Bool { draw(0...99) < percent }

  private mutating func shuffle<Element>(_ elements: inout [Element]) {
    for index in elements.indices.dropFirst().reversed() { elements.swapAt(index, draw(0...index)) }
  }

  // MARK: memory

  private mutating func organisation(of standard: DRAMStandard) -> DRAMOrganisation {
    let hasPseudoChannels = standard.organisation.pseudoChannels > 1
    let hasStackIDs = standard.ticksPerClock > 1
    var organisation = DRAMOrganisation(
      pseudoChannels: hasPseudoChannels ? pick([1, 2, 2, 2]) : 1, stackIDs: hasStackIDs ? pick([1, 1, 2, 4]) : 1,
      bankGroups: pick([2, 4, 4]), banksPerGroup: pick([2, 4, 4, 8]), rows: pick([4, 16, 64]),
      columns: pick([8, 32, 32]), accessBytes: 32)
    // No device has more than 64 banks in a pseudo channel.
    if organisation.banks > 64 { organisation.banksPerGroup = 4 }
    return organisation
  }

  /// Tables a device could have: data never overlap on the bus, nRC covers nRAS and nRP, and refreshes leave time for work.
  private mutating func timings(
    of standard: DRAMStandard, _ organisation: DRAMOrganisation
  ) -> [DRAMTiming: Int] {
    var t: [DRAMTiming: Int] = [:]
    t[.nBL] = pick([1, 2, 2, 2, 3, 4])
    t[.nCL] = draw(4...24)
    t[.nCWL] = draw(2...min(t[.nCL, default: 0], 12))
    t[.nRCDRD] = draw(4...30)
    t[.nRCDWR] = draw(3...30)
    t[.nRP] = draw(4...26)
    t[.nRAS] = max(t[.nRCDRD, default: 0], t[.nRCDWR, default: 0]) + draw(1...25)
    t[.nRC] = t[.nRAS, default: 0] + t[.nRP, default: 0] + pick([0, 0, draw(0...12)])
    t[.nWR] = draw(2...24)
    t[.nRTP] = draw(2...12)
    t[.nCCDS] = draw(1...3)
    t[.nCCDL] = t[.nCCDS, default: 0] + draw(0...5)
    t[.nCCDR] = draw(1...6)
    t[.nRRDS] = draw(1...6)
    t[.nRRDL] = t[.nRRDS, default: 0] + draw(0...5)
    t[.nFAW] = draw(4...48)
    t[.nWTRS] = draw(1...10)
    t[.nWTRL] = t[.nWTRS, default: 0] + draw(0...8)
    t[.nRTW] = t[.nCL, default: 0] + t[.nBL, default: 0] - t[.nCWL, default: 0] + draw(0...6)
    t[.nPPD] = draw(0...4)
    addRefresh(to: &t, organisation)
    let names = Set(standard.timingNames)
    return t.filter { names.contains($0.key) }
  }

  private mutating func addRefresh(to t: inout [DRAMTiming: Int], _ organisation: DRAMOrganisation) {
    // The longest a bank may take from its activation until it can be refreshed.
    let closing =
      t[.nRC, default: 0] + t[.nWR, default: 0] + t[.nCWL, default: 0] + t[.nBL, default: 0] + t[.nRTP, default: 0]
    t[.nRFC] = draw(20...200)
    t[.nRFCSB] = chance(25) ? draw(300...900) : draw(15...150)
    t[.nRREFD] = draw(2...20)
    t[.nREFI] = 2 * (t[.nRFC, default: 0] + closing) + 200 + draw(0...1500)
    t[.nREFISB] = organisation.pseudoChannels * (closing + t[.nRREFD, default: 0]) + 60 + draw(0...200)
    if chance(5) { t[.nRREFD] = t[.nREFISB, default: 0] - draw(10...40) }
  }

  // MARK: controller

  private mutating func ownController() -> MemoryControllerSpec {
    var spec = ramulatorController()
    spec.policy = .palsim
    spec.scheduler = pick([.frfcfs, .frfcfs, .rowHitFirst, .rowHitFirst, .fcfs])
    spec.rowHitCap = pick([0, 0, 1, 2, 4])
    spec.queuesPerPseudoChannel = chance(40)
    spec.rowPolicy = pick([.open, .closed, .timeout])
    spec.rowTimeout = pick([1, 20, 60, 200])
    spec.phyLatency = pick([0, 0, 3])
    spec.controllerLatency = pick([0, 0, 5])
    return spec
  }

  private mutating func ramulatorController() -> MemoryControllerSpec {
    let sizes = [1, 2, 3, 5, 8, 10, 16, 20, 32, 32, 40, 64]
    let (high, low) = pick([(80, 20), (80, 20), (80, 20), (80, 20), (50, 25), (75, 50), (90, 10), (60, 40)])
    return MemoryControllerSpec(
      policy: .ramulator2, scheduler: pick([.frfcfs, .frfcfs, .rowHitFirst]), readQueue: pick(sizes),
      writeQueue: pick(sizes), rowPolicy: family == .open ? .open : .closed, rowAccesses: pick([1, 1, 1, 2, 3, 6]),
      writeHigh: high, writeLow: low, refresh: pick([.none, .allBank, .allBank, .perBank, .perBank]))
  }

  // MARK: addresses

  private mutating func map(_ organisation: DRAMOrganisation, channels: Int) -> AddressMap {
    func bits(_ count: Int) -> Int { count.trailingZeroBitCount }
    var slices = [
      AddressMap.Slice(field: .channel, bits: bits(channels)),
      AddressMap.Slice(field: .pseudoChannel, bits: bits(organisation.pseudoChannels)),
      AddressMap.Slice(field: .stackID, bits: bits(organisation.stackIDs)),
      AddressMap.Slice(field: .bankGroup, bits: bits(organisation.bankGroups)),
      AddressMap.Slice(field: .column, bits: bits(organisation.columns)),
      AddressMap.Slice(field: .bank, bits: bits(organisation.banksPerGroup)),
      AddressMap.Slice(field: .row, bits: bits(organisation.rows)),
    ]
    if chance(30) { shuffle(&slices) }
    let hashes = chance(20) ? [AddressMap.Hash(target: .bank, source: .row)] : []
    return AddressMap(slices: slices.filter { $0.bits > 0 }, hashes: hashes)
  }

  private mutating func requests(_ map: AddressMap, count: Int) -> [StreamLine] {
    let lines = UInt64(1) << map.slices.reduce(0) { $0 + $1.bits }
    let writes = pick([0, 0, 10, 33, 50, 67, 100])
    let gap = pick([0, 0, 0, 1, 3, 10, 60])
    let pause = pick([0, 0, 1, 2])
    let pool = pick([0, 0, 1, 2]) == 0 ? 0 : draw(4...40)
    var line = random.next() % lines
    let stride = UInt64(pick([1, 1, 1, 2, 7, 32, 64, 128, 513]))
    let jump = pick([0, 0, 2, 20, 100, 100])
    var cycle = 0
    return (0..<count).map { _ in
      line = chance(jump) ? random.next() % lines : (line + stride) % lines
      if chance(pause) { cycle += draw(1...3000) } else if gap > 0 { cycle += draw(0...2 * gap) }
      let isTimed = gap > 0 || cycle > 0
      let place = pool > 0 ? (line % UInt64(pool)) * 37 % lines : line
      return StreamLine(cycle: isTimed ? cycle : nil, isWrite: chance(writes), address: place * 32)
    }
  }

  /// Two accesses to one row shortly before refreshes of all banks: the second may close the last open row.
  private mutating func pairsBeforeRefresh(_ map: AddressMap, _ device: DRAMDevice) -> [StreamLine] {
    let lines = UInt64(1) << map.slices.reduce(0) { $0 + $1.bits }
    return (1...30).flatMap { round in
      let cycle = round * device[.nREFI] - draw(0...100)
      let address = random.next() % lines * 32
      let isWrite = chance(50)
      return [0, draw(0...40)].map { StreamLine(cycle: cycle + $0, isWrite: isWrite, address: address) }
    }
  }
}
