@testable import Architecture
@testable import Simulator

/// A small router network drawn from a seed: every topology, delay, variant, channel count and depth.
struct RandomNetwork {
  let spec: NoCSpec
  let networks: Int

  init(_ random: inout SplitMix64, longestDelay: Int = 3) {
    func pick<T>(_ choices: [T]) -> T { choices.randomElement(using: &random)! }
    func within(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let topology = pick(NoCTopology.allCases)
    let isRow = topology == .ring || topology == .crossbar
    let wraps = topology == .torus || topology == .ring
    networks = pick([1, 1, 2, 4])
    spec = NoCSpec(
      topology: topology, width: within(isRow ? 2...9 : wraps ? 2...5 : 1...5),
      height: isRow ? 1 : within(wraps ? 2...5 : 1...5),
      concentration: topology == .concentratedMesh ? within(1...3) : 1,
      virtualChannels: within(wraps ? 2...4 : 1...4), bufferDepth: pick([1, 2, 3, 4, 8, 16]), flitBytes: 32,
      allocator: pick(NoCAllocator.allCases), routingDelay: within(0...longestDelay),
      vcAllocationDelay: within(1...longestDelay), switchAllocationDelay: within(1...longestDelay),
      crossbarDelay: within(1...longestDelay), linkLatency: within(1...longestDelay),
      terminalLatency: within(1...longestDelay), creditDelay: within(0...longestDelay),
      speculative: Bool.random(using: &random),
      waitForTailCredit: pick([false, false, true]), holdSwitch: pick([false, false, true]))
  }
}
