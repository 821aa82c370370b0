import Architecture

@testable import Simulator

/// A channel under trains, tick by tick: each port (pseudo channel) has a queue of accesses before the twin controller.
struct TwinTrains {
  private struct Access {
    var train: MemoryTrain
    var arrived: Int64
    var address: Int64
    /// Tick done when it entered the controller.
    var entered = 0
  }

  private let hbm: HBMSpec
  private let controller: TwinController
  /// By port: accesses outside the controller, in order.
  private var ports: [[Access]]
  /// The port whose turn it is.
  private var turn = 0
  /// Accesses inside, by their number.
  private var inside: [Access] = []

  /// The commands of each channel, and what became of the trains, by number.
  static func run(_ trains: TrainCase) -> (traces: [[TracedCommand]], served: [TrainRun.Served]) {
    var (traces, served): ([[TracedCommand]], [TrainRun.Served]) = ([], [])
    for index in 0..<trains.hbm.channelCount {
      var twin = TwinTrains(trains.hbm, index)
      twin.run(trains.arrivals)
      traces.append(twin.controller.trace)
      served += twin.served
    }
    return (traces, served.sorted())
  }

  private init(_ hbm: HBMSpec, _ index: Int) {
    self.hbm = hbm
    controller = TwinController(channel: index, spec: hbm.controller, device: hbm.device)
    ports = Array(repeating: [], count: hbm.device.organisation.pseudoChannels)
  }

  /// In a cycle trains arrive first, those of one cycle by port, source and number. Room in the controller's queues is filled
  /// at once: when trains have arrived and after each tick.
  private mutating func run(_ all: [TrainCase.Arrival]) {
    var coming = all.filter { place($0.train.address).channel == controller.channel }
      .sorted {
        ($0.cycle, $0.train.port, $0.train.source, $0.train.id)
          < ($1.cycle, $1.train.port, $1.train.source, $1.train.id)
      }[...]
    var cycle: Int64 = 0
    while !coming.isEmpty || ports.contains(where: { !$0.isEmpty }) || controller.events.count < inside.count {
      while let arrival = coming.first, arrival.cycle == cycle {
        take(arrival)
        coming.removeFirst()
      }
      feed()
      for _ in 0..<hbm.device.ticksPerClock {
        controller.tick()
        feed()
      }
      cycle += 1
    }
  }

  private mutating func take(_ arrival: TrainCase.Arrival) {
    var access = Access(train: arrival.train, arrived: arrival.cycle, address: arrival.train.address)
    let port = place(access.address).pseudoChannel
    for _ in 0..<arrival.train.accesses {
      ports[port].append(access)
      access.address = address(after: access.address)
    }
  }

  /// Ports take turns: the one after the last whose access was accepted comes first.
  private mutating func feed() {
    while let port = ports.indices.map({ (turn + $0) % ports.count }).first(where: { enters(from: $0) }) {
      turn = (port + 1) % ports.count
    }
  }

  private mutating func enters(from port: Int) -> Bool {
    guard let access = ports[port].first else { return false }
    let entered = controller.accept(
      inside.count, accesses: requested(from: ports[port]), isWrite: access.train.isWrite,
      address: UInt64(access.address), place: place(access.address))
    for _ in 0..<entered {
      inside.append(ports[port].removeFirst())
      inside[inside.count - 1].entered = controller.clock
    }
    return entered > 0
  }

  /// How many of a port's accesses are one request: of one train, as far as addresses of the first's row, one column after the other.
  private func requested(from port: [Access]) -> Int {
    let first = port[0]
    let row = Int64(hbm.accessBytes << columnBits)
    var count = 1
    while count < hbm.controller.requestAccesses && count < port.count {
      let next = port[count]
      if next.train.id != first.train.id || next.address != first.address + Int64(count * hbm.accessBytes)
        || next.address / row != first.address / row
      {
        break
      }
      count += 1
    }
    return count
  }

  /// Lowest bits of an address in accesses that are the lowest of the column, and touch nothing else.
  private var columnBits: Int {
    let map = hbm.addressMap
    guard let lowest = map.slices.first, lowest.field == .column, !map.hashes.contains(where: { $0.target == .column })
    else { return 0 }
    return min(lowest.bits, map.hashes.filter { $0.source == .column }.map(\.shift).min() ?? lowest.bits)
  }

  private func place(_ address: Int64) -> MemoryPlace {
    MemoryPlace(address: UInt64(address), map: hbm.addressMap, accessBytes: hbm.accessBytes)
  }

  /// The next address at the same port.
  private func address(after address: Int64) -> Int64 {
    let here = place(address)
    var next = address
    repeat { next += Int64(hbm.accessBytes) } while next < hbm.bytes && !place(next).isSamePort(as: here)
    return next
  }

  // MARK: data

  private var served: [TrainRun.Served] {
    var trains: [Int32: TrainRun.Served] = [:]
    for event in controller.events {
      let (request, tick) = dataEnd(of: event)
      let (access, end) = (inside[request], Int64((tick - 2 + ticksPerClock) / ticksPerClock))
      var train =
        trains[access.train.id]
        ?? TrainRun.Served(id: access.train.id, arrived: access.arrived, firstData: end, lastData: end)
      train.firstData = min(train.firstData, end)
      train.lastData = max(train.lastData, end)
      trains[access.train.id] = train
    }
    return Array(trains.values)
  }

  /// The request served and the tick after its last data.
  private func dataEnd(of event: TwinController.Event) -> (request: Int, tick: Int) {
    let phy = hbm.controller.phyLatency * ticksPerClock
    let burst = hbm.device[.nBL] * ticksPerClock
    switch event {
    case .forwarded(let request): return (request, inside[request].entered + 1 + phy)
    case .merged(let request):
      return (request, inside[request].entered + 1 + hbm.device[.nCWL] * ticksPerClock + burst + phy)
    case .column(let request, let clock):
      let latency: DRAMTiming = inside[request].train.isWrite ? .nCWL : .nCL
      return (request, clock + hbm.device[latency] * ticksPerClock + burst + phy)
    }
  }

  private var ticksPerClock: Int { hbm.device.ticksPerClock }
}

extension MemoryPlace {
  fileprivate func isSamePort(as other: MemoryPlace) -> Bool {
    channel == other.channel && pseudoChannel == other.pseudoChannel
  }
}
