import Architecture

/// Some channels under a stream, cycle by cycle: requests are offered in order, as many a cycle as are accepted, then each
/// channel does the ticks of the cycle.
struct TwinMemory {
  private let memory: MemoryCase
  private let controllers: [TwinController]
  private let places: [MemoryPlace]
  /// Ticks done when each request entered its queue.
  private var entries: [Int] = []

  struct Run {
    var outcome: MemoryOutcome
    /// The commands of each channel, up to the last completion.
    var traces: [[TracedCommand]]
    var closesUnderActive = false
  }

  static func run(_ memory: MemoryCase) -> Run {
    var twin = TwinMemory(memory)
    twin.run()
    return Run(
      outcome: twin.outcome(), traces: twin.controllers.map(\.trace),
      closesUnderActive: twin.controllers.contains { $0.closesUnderActive })
  }

  private init(_ memory: MemoryCase) {
    self.memory = memory
    places = memory.requests.map {
      MemoryPlace(address: $0.address, map: memory.map, accessBytes: memory.device.organisation.accessBytes)
    }
    controllers = (0..<memory.channels).map {
      TwinController(channel: $0, spec: memory.controller, device: memory.device)
    }
  }

  private mutating func run() {
    var cycle = 0
    var completed = 0
    while completed < memory.requests.count {
      offer(cycle)
      for _ in 0..<memory.device.ticksPerClock {
        for controller in controllers { controller.tick() }
      }
      cycle += 1
      completed = 0
      for controller in controllers { completed += controller.events.count }
    }
    finishReads()
  }

  private mutating func offer(_ cycle: Int) {
    while entries.count < memory.requests.count {
      let request = memory.requests[entries.count]
      let place = places[entries.count]
      guard (request.cycle ?? 0) + memory.controller.controllerLatency <= cycle,
        controllers[place.channel].accept(
          entries.count, isWrite: request.isWrite, address: request.address, place: place)
      else { return }
      entries.append(cycle * memory.device.ticksPerClock)
    }
  }

  /// The run ends when the last data are there; refreshes go on until then.
  private func finishReads() {
    let last = outcome().last
    for controller in controllers {
      while controller.clock < last { controller.tick() }
    }
  }

  private func outcome() -> MemoryOutcome {
    let device = memory.device
    let phyTicks = memory.controller.phyLatency * device.ticksPerClock
    let controllerTicks = memory.controller.controllerLatency * device.ticksPerClock
    let readTicks = (device[.nCL] + device[.nBL]) * device.ticksPerClock + phyTicks
    let writeTicks = (device[.nCWL] + device[.nBL]) * device.ticksPerClock + phyTicks
    var end = 0
    var last = 0
    var latencies: [Int] = []
    for event in controllers.flatMap(\.events) {
      switch event {
      case .merged(let request):
        end = max(end, entries[request] + writeTicks)
        last = max(last, entries[request])
      case .forwarded(let request):
        end = max(end, entries[request] + phyTicks)
        last = max(last, entries[request] + 1 + phyTicks)
        latencies.append(controllerTicks + 1 + phyTicks)
      case .column(let request, let clock) where memory.requests[request].isWrite:
        end = max(end, clock - 1 + writeTicks)
        last = max(last, clock)
      case .column(let request, let clock):
        end = max(end, clock + readTicks - 1)
        last = max(last, clock + readTicks)
        latencies.append(controllerTicks + clock + readTicks - entries[request])
      }
    }
    return MemoryOutcome(end: end, last: last, latencies: latencies, traces: controllers.map(\.trace))
  }
}
