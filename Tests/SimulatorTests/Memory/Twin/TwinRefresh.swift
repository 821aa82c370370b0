import Architecture

/// When refreshes fall due, and of which banks.
struct TwinRefresh {
  private let mode: MemoryControllerSpec.Refresh
  private let device: DRAMDevice
  /// Ticks between the all-bank refreshes of pseudo channels; 0: all together.
  private let stagger: Int
  /// Clock of the next step.
  private var next: Int
  private var nextBank = 0
  /// Devices with stack IDs refresh a bank of all pseudo channels in a step, one a tick: those still to come.
  private var pending: [Int] = []
  /// Clock before which the banks of a (pseudo channel, stack ID) may not begin another round.
  private var allowed: [Int]

  init(_ spec: MemoryControllerSpec, _ device: DRAMDevice) {
    mode = spec.refresh
    self.device = device
    stagger = spec.refreshStagger * device.ticksPerClock
    next = device[spec.refresh == .perBank ? .nREFISB : .nREFI] * device.ticksPerClock
    allowed = Array(repeating: 0, count: device.organisation.pseudoChannels * device.organisation.stackIDs)
  }

  mutating func due(at clock: Int) -> [TwinController.Maintenance] {
    switch mode {
    case .none: []
    case .allBank: stagger > 0 ? staggered(at: clock) : allBank(at: clock)
    case .perBank: device.ticksPerClock == 1 ? roundRobin(at: clock) : pairwise(at: clock)
    }
  }

  private mutating func allBank(at clock: Int) -> [TwinController.Maintenance] {
    guard clock == next else { return [] }
    next += device[.nREFI] * device.ticksPerClock
    return (0..<device.organisation.pseudoChannels).map(refreshAll)
  }

  private func staggered(at clock: Int) -> [TwinController.Maintenance] {
    (0..<device.organisation.pseudoChannels).filter { pseudoChannel in
      let since = clock - (pseudoChannel + 1) * stagger
      return since >= 0 && since % (device[.nREFI] * device.ticksPerClock) == 0
    }.map(refreshAll)
  }

  private func refreshAll(_ pseudoChannel: Int) -> TwinController.Maintenance {
    var place = MemoryPlace()
    place.pseudoChannel = pseudoChannel
    return TwinController.Maintenance(command: .REFab, place: place)
  }

  private mutating func roundRobin(at clock: Int) -> [TwinController.Maintenance] {
    guard clock == next else { return [] }
    next += device[.nREFISB] * device.ticksPerClock
    defer { nextBank = (nextBank + 1) % (device.organisation.pseudoChannels * device.organisation.banks) }
    return [refresh(nextBank)]
  }

  private mutating func pairwise(at clock: Int) -> [TwinController.Maintenance] {
    let organisation = device.organisation
    if pending.isEmpty {
      guard clock >= next else { return [] }
      let stackID = nextBank / (organisation.bankGroups * organisation.banksPerGroup)
      let sets = (0..<organisation.pseudoChannels).map { $0 * organisation.stackIDs + stackID }
      guard sets.allSatisfy({ allowed[$0] <= clock }) else {
        next = clock + 1
        return []
      }
      next += device[.nREFISB] * device.ticksPerClock
      pending = (0..<organisation.pseudoChannels).map { $0 * organisation.banks + nextBank }
      nextBank = (nextBank + 1) % organisation.banks
    }
    let bank = pending.removeFirst()
    let banksOfSet = organisation.bankGroups * organisation.banksPerGroup
    if bank % banksOfSet == banksOfSet - 1 {
      allowed[bank / banksOfSet] = clock + device[.nRFCSB] * device.ticksPerClock
    }
    return [refresh(bank)]
  }

  private func refresh(_ bank: Int) -> TwinController.Maintenance {
    TwinController.Maintenance(command: .REFpb, place: MemoryPlace(flatBank: bank, device.organisation))
  }
}
