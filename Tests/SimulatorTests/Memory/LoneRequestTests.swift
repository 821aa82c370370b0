import Architecture
import Simulator
import Testing

/// Requests so sparse that most find a plain channel idle, some just before a refresh, some just before the next request.
struct LoneRequestTests {
  @Test(arguments: 0..<4)
  func loneRequestsEqualTwin(_ part: Int) {
    for seed in part * 30 + 1...(part + 1) * 30 {
      EngineRun.expectTwin(Self.sparse(seed: seed), seed: seed)
    }
  }

  /// A random case whose controller is plain (`ControllerPlan.Order`) and whose requests come one by one or in small groups.
  private static func sparse(seed: Int) -> MemoryCase {
    var memory = MemoryCaseGenerator.make(seed: seed, family: seed % 3 == 0 ? .open : .palsim)
    memory.controller.scheduler = .frfcfs
    memory.controller.rowPolicy = .open
    memory.controller.rowHitCap = 0
    memory.controller.queuesPerPseudoChannel = false
    memory.controller.readQueue = min(memory.controller.readQueue, 32)
    memory.controller.writeQueue = min(memory.controller.writeQueue, 32)
    var random = SplitMix64(seed: UInt64(seed))
    let gap = [30, 60, 120, 400][seed % 4]
    var cycle = 0
    for index in memory.requests.indices.prefix(200) {
      if Int.random(in: 0..<8, using: &random) > 0 { cycle += Int.random(in: 0...2 * gap, using: &random) }
      memory.requests[index].cycle = cycle
    }
    memory.requests.removeSubrange(min(200, memory.requests.count)...)
    return memory
  }
}
