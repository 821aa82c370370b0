import Architecture

/// Whether commands fit the state of the rows they meet.
struct RowStateCheck {
  private let organisation: DRAMOrganisation
  private var open: [Int: Int] = [:]

  init(_ organisation: DRAMOrganisation) { self.organisation = organisation }

  mutating func check(_ entry: TracedCommand) -> String? {
    let bank = entry.place.flatBank(organisation)
    switch entry.command {
    case .ACT:
      defer { open[bank] = entry.place.row }
      return open[bank].map { "row \($0) is open" }
    case .RD, .WR:
      return open[bank] == entry.place.row ? nil : "its row is not open"
    case .RDA, .WRA:
      defer { open[bank] = nil }
      return open[bank] == entry.place.row ? nil : "its row is not open"
    case .PREpb:
      open[bank] = nil
      return nil
    case .PREab:
      for other in banks(of: entry) { open[other] = nil }
      return nil
    case .REFab, .RFMab:
      return banks(of: entry).contains { open[$0] != nil } ? "a bank is open" : nil
    case .REFpb, .RFMpb:
      return open[bank].map { "row \($0) is open" }
    }
  }

  private func banks(of entry: TracedCommand) -> Range<Int> {
    let first = entry.place.pseudoChannel * organisation.banks
    return first..<first + organisation.banks
  }
}

/// Whether the data of one access are off a pseudo channel's bus before the next one's come.
struct DataBusCheck {
  private let device: DRAMDevice
  private var free: [Int: Int] = [:]

  init(_ device: DRAMDevice) { self.device = device }

  mutating func check(_ entry: TracedCommand) -> String? {
    let latency: DRAMTiming
    switch entry.command {
    case .RD, .RDA: latency = .nCL
    case .WR, .WRA: latency = .nCWL
    default: return nil
    }
    let start = entry.clock + device[latency] * device.ticksPerClock
    let problem = free[entry.place.pseudoChannel].flatMap { start < $0 ? "its data meet others until \($0)" : nil }
    free[entry.place.pseudoChannel] = start + device[.nBL] * device.ticksPerClock
    return problem
  }
}
