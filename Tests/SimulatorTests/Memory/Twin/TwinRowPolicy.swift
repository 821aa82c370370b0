import Architecture

/// How often and how lately rows have been used, and when they are closed for that.
struct TwinRowPolicy {
  private let spec: MemoryControllerSpec
  private let organisation: DRAMOrganisation
  /// Column commands of each bank since it was last closed.
  private var accesses: [Int]
  private var isPrechargeQueued: [Bool]
  /// Clock of each bank's last ACT or column command.
  private var lastUse: [Int]

  init(_ spec: MemoryControllerSpec, _ device: DRAMDevice) {
    self.spec = spec
    organisation = device.organisation
    let banks = organisation.pseudoChannels * organisation.banks
    accesses = Array(repeating: 0, count: banks)
    isPrechargeQueued = Array(repeating: false, count: banks)
    lastUse = Array(repeating: 0, count: banks)
  }

  func accesses(_ place: MemoryPlace) -> Int { accesses[place.flatBank(organisation)] }
  func idleSince(_ place: MemoryPlace) -> Int { lastUse[place.flatBank(organisation)] }

  /// Ramulator 2's explicit precharges: of each bank that has had its accesses, once the device allows it.
  mutating func due(_ device: TwinDevice, at clock: Int) -> [TwinController.Maintenance] {
    guard spec.policy == .ramulator2, spec.rowPolicy == .closed else { return [] }
    var due: [TwinController.Maintenance] = []
    for bank in accesses.indices where accesses[bank] >= spec.rowAccesses && !isPrechargeQueued[bank] {
      let place = MemoryPlace(flatBank: bank, organisation)
      guard device.isReady(.PREpb, place, at: clock) else { continue }
      isPrechargeQueued[bank] = true
      due.append(TwinController.Maintenance(command: .PREpb, place: place))
    }
    return due
  }

  /// With auto-precharge if this access is the last its row is to have: Ramulator 2's is the one after, and it does not care
  /// whether an activated request still needs the row.
  func upgraded(_ command: DRAMCommand, _ place: MemoryPlace, isAwaited: Bool) -> DRAMCommand {
    guard spec.rowPolicy == .closed, command.isColumn else { return command }
    let isLast =
      spec.policy == .ramulator2
      ? accesses(place) >= spec.rowAccesses : accesses(place) + 1 >= spec.rowAccesses && !isAwaited
    return !isLast ? command : command == .RD ? .RDA : .WRA
  }

  mutating func note(_ command: DRAMCommand, _ place: MemoryPlace, at clock: Int) {
    let bank = place.flatBank(organisation)
    if command == .ACT || command.isColumn { lastUse[bank] = clock }
    switch command {
    case .RD, .WR: accesses[bank] += 1
    case .PREpb, .RDA, .WRA: reset(bank...bank)
    case .PREab: reset(place.pseudoChannel * organisation.banks...(place.pseudoChannel + 1) * organisation.banks - 1)
    case .ACT, .REFab, .REFpb, .RFMab, .RFMpb: break
    }
  }

  private mutating func reset(_ banks: ClosedRange<Int>) {
    for bank in banks {
      accesses[bank] = 0
      isPrechargeQueued[bank] = false
    }
  }
}
