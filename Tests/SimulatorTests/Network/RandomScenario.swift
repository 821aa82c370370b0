@testable import Architecture
@testable import Simulator

/// Small networks and their work, drawn from a seed: every topology, delay, variant, channel count, depth and load.
struct RandomScenario {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  private mutating func pick<T>(_ choices: [T]) -> T { choices.randomElement(using: &random)! }
  private mutating func within(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  /// Unicast packets alone, with every variant of the router.
  mutating func unicast() -> RouterScenario {
    var scenario = RouterScenario(spec: spec(isPlain: false))
    scenario.networks = Array(repeating: .unicast, count: pick([1, 1, 2, 4]))
    fill(&scenario)
    return scenario
  }

  /// All kinds side by side, unicast among them or not.
  mutating func collective() -> RouterScenario {
    var scenario = RouterScenario(spec: spec(isPlain: true))
    scenario.networks = pick([
      [.multicast], [.reduction], [.unicast, .multicast], [.unicast, .unicast, .multicast, .reduction],
      [.reduction, .multicast],
    ])
    let nodes = scenario.spec.nodes
    for _ in 0..<3 { scenario.sets.append(someNodes(of: nodes)) }
    for _ in 0..<3 where scenario.networks.contains(.reduction) {
      let tree = (root: within(0...nodes - 1), members: someNodes(of: nodes))
      let coloured = TwinTree.coloured(scenario.trees + [tree], topology: TwinTopology(spec: scenario.spec))
      if coloured.allSatisfy({ $0.colour < scenario.spec.virtualChannels }) { scenario.trees.append(tree) }
    }
    fill(&scenario)
    return scenario
  }

  /// Unicast and multicast packets through one router whose sinks stay open and whose buffers cover the way of their credits.
  mutating func crossbar() -> RouterScenario {
    var scenario = RouterScenario(spec: spec(isPlain: true))
    scenario.spec.topology = .crossbar
    (scenario.spec.width, scenario.spec.height, scenario.spec.concentration) = (within(2...8), 1, 1)
    let timing = RouterTiming(scenario.spec)
    let way = timing.arrival(over: timing.terminal) + timing.credit(over: timing.terminal)
    scenario.spec.bufferDepth = way + pick([0, 0, 1, 8])
    scenario.networks = pick([[.unicast], [.unicast, .unicast], [.multicast], [.unicast, .unicast, .multicast]])
    for _ in 0..<3 { scenario.sets.append(someNodes(of: scenario.spec.nodes)) }
    fill(&scenario)
    scenario.sinkChanges = []
    // The farther apart, the more packets meet nobody.
    let spread = pick([1, 1, 3, 10])
    for index in scenario.packets.indices { scenario.packets[index].cycle *= spread }
    return scenario
  }

  private mutating func someNodes(of nodes: Int) -> [Int] {
    Array((0..<nodes).shuffled(using: &random).prefix(within(1...nodes)))
  }

  /// `isPlain`: without what only unicast networks allow.
  private mutating func spec(isPlain: Bool) -> NoCSpec {
    let topology = pick(NoCTopology.allCases)
    let isRow = topology == .ring || topology == .crossbar
    let wraps = topology == .torus || topology == .ring
    let longest = pick([1, 3])
    return NoCSpec(
      topology: topology, width: isRow ? within(2...8) : within(wraps ? 2...5 : 1...5),
      height: isRow ? 1 : within(wraps ? 2...4 : 1...4),
      concentration: topology == .concentratedMesh ? within(1...3) : 1,
      virtualChannels: within(wraps ? 2...4 : 1...4), bufferDepth: pick([1, 2, 3, 4, 8, 16]), flitBytes: 32,
      allocator: pick(NoCAllocator.allCases), routingDelay: within(0...longest),
      vcAllocationDelay: within(1...longest), switchAllocationDelay: within(1...longest),
      crossbarDelay: within(1...longest),
      linkLatency: within(1...longest), terminalLatency: within(1...longest), creditDelay: within(0...longest),
      speculative: !isPlain && Bool.random(using: &random),
      waitForTailCredit: !isPlain && within(0...3) == 0, holdSwitch: !isPlain && within(0...3) == 0)
  }

  // MARK: work

  private mutating func fill(_ scenario: inout RouterScenario) {
    let last = pick([0, 20, 100])
    for _ in 0..<within(1...120) { addPackets(&scenario, cycle: within(0...last)) }
    scenario.packets.sort { $0.cycle < $1.cycle }
    if Bool.random(using: &random) { addSinkChanges(&scenario, last: last) }
  }

  /// One packet, or a contribution of every member of a tree.
  private mutating func addPackets(_ scenario: inout RouterScenario, cycle: Int) {
    let nodes = scenario.spec.nodes
    let network = within(0...scenario.networks.count - 1)
    let kind = scenario.networks[network]
    let longest = kind == .multicast ? scenario.spec.bufferDepth : pick([1, 4, 20])
    var packet = TwinPacket(
      cycle: cycle, source: within(0...nodes - 1), destination: within(0...nodes - 1), flits: within(1...longest),
      network: network)
    if kind == .multicast { packet.destination = within(0...scenario.sets.count - 1) }
    if kind != .reduction { return scenario.packets.append(packet) }
    guard !scenario.trees.isEmpty else { return }
    packet.destination = within(0...scenario.trees.count - 1)
    packet.flits = 1 + cycle % 7
    for member in scenario.trees[packet.destination].members {
      packet.source = member
      packet.cycle = cycle + member * 7 % 11
      scenario.packets.append(packet)
    }
  }

  /// Sinks close and open again for a while; in the end all are open.
  private mutating func addSinkChanges(_ scenario: inout RouterScenario, last: Int) {
    for node in 0..<scenario.spec.nodes where within(0...2) == 0 {
      let network = within(0...scenario.networks.count - 1)
      let closed = within(0...last)
      for (cycle, open) in [(closed, false), (closed + within(1...60), true)] {
        scenario.sinkChanges.append(.init(cycle: cycle, node: node, network: network, open: open))
      }
    }
    scenario.sinkChanges.sort { $0.cycle < $1.cycle }
  }
}
