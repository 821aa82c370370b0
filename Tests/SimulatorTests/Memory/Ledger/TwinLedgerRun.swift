@testable import Architecture
@testable import Simulator

/// What the plain twin makes of a case.
enum TwinLedgerRun {
  /// Keeps every command, and the arrival of the request of each column command.
  private struct ServedLog: CommandObserver {
    static var isActive: Bool { true }
    var seesIdleRefreshes: Bool { true }
    private(set) var commands: [IssuedCommand] = []
    private(set) var arrivals: [Int64] = []
    private var waiting: [Int: Int64] = [:]

    mutating func observe(_ command: IssuedCommand) { commands.append(command) }
    mutating func accept(entry: Int, pseudoChannel: Int, at tick: Int64) { waiting[entry] = tick }
    mutating func serve(entry: Int, pseudoChannel: Int) { arrivals.append(waiting[entry] ?? -1) }
  }
  private struct NoSink: CompletionSink {
    mutating func complete(_ access: AccessCompletion) {}
  }

  /// - Parameter end: Of the last data.
  static func use(_ memory: MemoryCase, until end: Int64) -> BandwidthUse {
    var use = BandwidthUse()
    for log in memory.controller.scheduler == .fcfs ? logs(memory, InOrder.self) : logs(memory, FirstReady.self) {
      var ledger = TwinLedger(memory.device, memory.controller, commands: log.commands, arrivals: log.arrivals)
      ledger.charge(until: end, to: &use)
    }
    return use
  }

  private static func logs<Order: AccessOrder>(_ memory: MemoryCase, _ order: Order.Type) -> [ServedLog] {
    let plan = ControllerPlan(device: memory.device, spec: memory.controller)
    let channels = UnsafeMutablePointer<ChannelController<Order, ServedLog, NoSink>>.allocate(capacity: memory.channels)
    defer { channels.deallocate() }
    for index in 0..<memory.channels {
      (channels + index).initialize(
        to: ChannelController(plan, index: Int32(index), observer: ServedLog(), sink: NoSink()))
    }
    let decoder = AddressDecoder(map: memory.map, accessBytes: memory.device.organisation.accessBytes)
    let latency = Int64(memory.controller.controllerLatency)
    var cycle = latency
    for request in memory.requests.map(\.request) {
      let line = decoder.line(of: request.address)
      let access = ChannelRequest(id: 0, location: decoder.location(of: line), line: line, isWrite: request.isWrite)
      cycle = channels[Int(access.location.channel)].addWhenPossible(access, from: max(cycle, request.cycle + latency))
    }
    return (0..<memory.channels).map { index in
      channels[index].runUntilServed()
      return (channels + index).move().observer
    }
  }
}
