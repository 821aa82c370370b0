import Architecture
import Simulator

extension MemoryCase {
  /// The case of a seed with all-bank refreshes a random number of cycles apart, of some as far as nREFI allows: a family of
  /// its own, so that the cases of the stored results stay what they are.
  static func staggered(seed: Int) -> MemoryCase {
    var memory = MemoryCaseGenerator.make(seed: seed, family: seed % 2 == 0 ? .open : .palsim)
    var random = SplitMix64(seed: UInt64(seed))
    let most = memory.device[.nREFI] / memory.device.organisation.pseudoChannels
    memory.controller.refresh = .allBank
    memory.controller.refreshStagger = random.next() % 4 == 0 ? most : 1 + Int(random.next() % UInt64(most))
    memory.name += "-staggered"
    return memory
  }
}
