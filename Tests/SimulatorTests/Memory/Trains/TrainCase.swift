import Architecture

@testable import Simulator

/// A random memory under random trains, a function of its seed.
struct TrainCase {
  struct Arrival {
    var cycle: Int64
    var train: MemoryTrain
  }

  let hbm: HBMSpec
  /// By cycle.
  private(set) var arrivals: [Arrival] = []
  /// Before each arrival its channel is run up to this cycle: earlier, and not before the arrival it had last.
  private(set) var horizons: [Int64] = []

  /// - Parameters:
  ///   - isLong: a few trains of many accesses, mostly alone.
  ///   - joins: An entry of a queue may stand for several accesses.
  ///   - caps: Rows have a cap, and are hit by reads and writes at a time.
  init(seed: Int, isLong: Bool = false, joins: Bool = false, caps: Bool = false) {
    var random = SplitMix64(seed: UInt64(seed))
    func draw(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(random.next() % UInt64(range.count)) }
    var memory = MemoryCaseGenerator.make(seed: seed, family: seed % 3 == 0 ? .open : .palsim)
    if joins { memory.join(seed: seed) }
    if caps { memory.cap(seed: seed) }
    let at = draw(0...memory.map.slices.count)
    hbm = Self.spec(memory, choiceAt: at, isHashed: draw(0...3) == 0)
    let map = PortMap(hbm)
    // Few lines make for merged writes and forwarded reads.
    let (writes, gap, longest) = (
      [0, 20, 50, 100][draw(0...3)], isLong ? [50, 500, 3000, 9000][draw(0...3)] : [0, 2, 20, 300][draw(0...3)],
      isLong ? 2000 : [1, 4, 16, 40][draw(0...3)]
    )
    let lines = caps || draw(0...2) == 0 ? min(64, hbm.bytes / hbm.accessBytes) : hbm.bytes / hbm.accessBytes
    var cycle = 0
    for id in 0..<draw(isLong ? 1...6 : 1...80) {
      let horizon = cycle
      cycle += draw(0...2 * gap)
      horizons.append(Int64(draw(horizon...max(horizon, cycle))) - 1)
      let address = Int64(draw(0...lines - 1) * hbm.accessBytes)
      let train = MemoryTrain(
        id: Int32(id), source: Int32(draw(0...3)), port: map.port(of: address), address: address,
        accesses: map.accesses(from: address, wanted: draw(isLong ? 100...longest : 1...longest), in: hbm),
        isWrite: draw(0...99) < writes)
      arrivals.append(Arrival(cycle: Int64(cycle), train: train))
    }
  }

  /// The same accesses, each a train of its own.
  var singly: TrainCase {
    let map = PortMap(hbm)
    var split = self
    (split.arrivals, split.horizons) = ([], [])
    for (arrival, horizon) in zip(arrivals, horizons) {
      var single = arrival
      single.train.accesses = 1
      for access in 0..<arrival.train.accesses {
        single.train.id = arrival.train.id * 64 + access
        split.arrivals.append(single)
        split.horizons.append(horizon)
        single.train.address = map.address(after: single.train.address)
      }
    }
    return split
  }

  /// Whether accesses of one request can be handed on in one step.
  var isPlain: Bool {
    switch ControllerPlan.Order(hbm.device, hbm.controller) {
    case .plain, .plainPair: hbm.device[.nCCDL] <= max(hbm.device[.nCCDS], hbm.device[.nBL])
    case .firstReady, .inOrder: false
    }
  }

  /// The memory with the bits that choose a pseudo channel side by side, as a machine wants them.
  private static func spec(_ memory: MemoryCase, choiceAt: Int, isHashed: Bool) -> HBMSpec {
    let choice = memory.map.slices.filter { $0.field == .channel || $0.field == .pseudoChannel }
    var slices = memory.map.slices.filter { $0.field != .channel && $0.field != .pseudoChannel }
    slices.insert(contentsOf: choice, at: min(choiceAt, slices.count))
    let hashes = memory.map.hashes.map { hash in
      choiceAt % 2 == 0 ? hash : AddressMap.Hash(target: hash.target, source: .column, shift: choiceAt / 2)
    }
    var map = AddressMap(slices: slices, hashes: hashes)
    if let field = choice.first?.field, let row = slices.firstIndex(where: { $0.field == .row }), row >= choiceAt,
      isHashed
    {
      map.hashes.append(AddressMap.Hash(target: field, source: .row, shift: choiceAt % 3))
    }
    var spec = HBMSpec(
      channelCount: memory.channels, device: memory.device, controller: memory.controller, addressMap: map,
      interleaveBytes: 0, attachment: [])
    spec.interleaveBytes = choice.isEmpty ? spec.bytes : spec.accessBytes << map.bitsBelowChannels
    return spec
  }
}

extension PortMap {
  /// Accesses of a train from an address on: as many as wanted, but to the end of the memory or of what a train may cover.
  fileprivate func accesses(from address: Int64, wanted: Int, in hbm: HBMSpec) -> Int32 {
    var (count, next) = (Int32(0), address)
    while count < wanted && next < hbm.bytes {
      if blocksPerTrain(requestBytes: .max) == 1, next / interleave != address / interleave { break }
      count += 1
      next = self.address(after: next)
    }
    return count
  }
}

extension MemoryCase {
  /// Makes entries stand for several accesses, mostly of consecutive addresses, and most controllers plain.
  fileprivate mutating func join(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed) &+ 1_000_000)
    func chance(_ percent: UInt64) -> Bool { random.next() % 100 < percent }
    controller.requestAccesses = [2, 3, 4, 8, 16, 32][Int(random.next() % 6)]
    if chance(80) {
      let columns = map.slices.filter { $0.field == .column }
      map.slices = columns + map.slices.filter { $0.field != .column }
    }
    guard chance(70) else { return }
    (controller.scheduler, controller.rowPolicy, controller.rowHitCap) = (.frfcfs, .open, 0)
    controller.queuesPerPseudoChannel = false
    (controller.readQueue, controller.writeQueue) = (min(controller.readQueue, 32), min(controller.writeQueue, 32))
    if chance(80) { device.timings[.nCCDL] = device[.nCCDS] }
  }

  /// Caps the hits of rows that lie in one bank; a write may come between two reads of a row.
  fileprivate mutating func cap(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed) &+ 2_000_000)
    controller.scheduler = random.next() % 2 == 0 ? .frfcfs : .rowHitFirst
    controller.rowHitCap = 1 + Int(random.next() % 6)
    device.timings[.nCWL] = device[.nCL]
    if device[.nRTW] > 0 { device.timings[.nRTW] = device[.nBL] }
    device.timings[.nCCDL] = device[.nCCDS] + 6
    let inBank: [AddressMap.Field] = [.column, .row]
    map.slices =
      inBank.flatMap { field in map.slices.filter { $0.field == field } }
      + map.slices.filter { !inBank.contains($0.field) }
  }
}
