import Architecture

/// Ramulator 2's closed rows: after some accesses the next one precharges, or an explicit PRE does.
struct TwinRowPolicy {
  private let limit: Int?
  private let organisation: DRAMOrganisation
  /// Of each bank since it was last closed.
  private var accesses: [Int]
  private var isPrechargeQueued: [Bool]

  init(_ spec: MemoryControllerSpec, _ device: DRAMDevice) {
    limit = spec.rowPolicy == .closed ? spec.rowAccesses : nil
    organisation = device.organisation
    let banks = organisation.pseudoChannels * organisation.banks
    accesses = Array(repeating: 0, count: banks)
    isPrechargeQueued = Array(repeating: false, count: banks)
  }

  mutating func due(_ device: TwinDevice, at clock: Int) -> [TwinController.Maintenance] {
    guard let limit else { return [] }
    var due: [TwinController.Maintenance] = []
    for bank in accesses.indices where accesses[bank] >= limit && !isPrechargeQueued[bank] {
      let place = MemoryPlace(flatBank: bank, organisation)
      guard device.isReady(.PREpb, place, at: clock) else { continue }
      isPrechargeQueued[bank] = true
      due.append(TwinController.Maintenance(command: .PREpb, place: place))
    }
    return due
  }

  func upgraded(_ command: DRAMCommand, _ place: MemoryPlace) -> DRAMCommand {
    guard let limit, command.isColumn, accesses[place.flatBank(organisation)] >= limit else { return command }
    return command == .RD ? .RDA : .WRA
  }

  mutating func note(_ command: DRAMCommand, _ place: MemoryPlace) {
    switch command {
    case .RD, .WR: accesses[place.flatBank(organisation)] += 1
    case .PREpb, .RDA, .WRA: reset(place.flatBank(organisation)...place.flatBank(organisation))
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
