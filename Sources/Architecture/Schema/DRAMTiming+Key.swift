/// What the configuration says of each timing.
extension DRAMTiming {
  /// Cycles a configuration may give.
  var legal: ClosedRange<Int64> {
    switch self {
    case .nBL: 1...64
    case .nREFI, .nREFISB, .nRFC, .nRFCSB: 1...1_000_000
    case .nCL, .nCWL, .nRCDRD, .nRCDWR, .nRP, .nRAS, .nRC: 1...10_000
    default: 0...10_000
    }
  }

  var absence: Key<MachineSpec>.Absence {
    guard self == .nREFISB else { return .none("required where the standard uses it") }
    return .derived("nREFI over the banks that share it") { spec in
      guard let standard = DRAMStandard.named(spec.hbm.standard), let interval = spec.hbm.device.timings[.nREFI] else {
        return 1
      }
      return .integer(Int64(standard.bankRefreshInterval(nREFI: interval, of: spec.hbm.device.organisation)))
    }
  }

  var meaning: String {
    switch self {
    case .nBL: "Cycles the data bus is busy for one access."
    case .nCL: "Read command to first data."
    case .nCWL: "Write command to first data."
    case .nRCDRD: "Activate to read."
    case .nRCDWR: "Activate to write."
    case .nRP: "Precharge to activate."
    case .nRAS: "Activate to precharge."
    case .nRC: "Activate to activate of one bank."
    case .nWR: "End of write data to precharge."
    case .nRTP: "Read to precharge."
    case .nCCDS: "Column command to column command of another bank group."
    case .nCCDL: "Column command to column command of the same bank group."
    case .nCCDR: "Read to read of another stack ID."
    case .nRRDS: "Activate to activate of another bank group."
    case .nRRDL: "Activate to activate of the same bank group."
    case .nFAW: "Window of at most four activates."
    case .nWTRS: "End of write data to read of another bank group."
    case .nWTRL: "End of write data to read of the same bank group."
    case .nRTW: "Read to write."
    case .nPPD: "Precharge to precharge."
    case .nRFC: "Duration of an all-bank refresh."
    case .nRFCSB: "Duration of a per-bank refresh."
    case .nRREFD: "Per-bank refresh to activate or refresh of another bank."
    case .nREFI: "Interval between all-bank refreshes."
    case .nREFISB: "Interval between per-bank refreshes."
    }
  }
}

/// Largest sizes of a memory.
enum MemoryLimits {
  static let queue: Int64 = 4096
  /// Of a pseudo channel.
  static let banks = 64
  /// Bytes of a chip's memory.
  static let bytes = 1 << 44
}

extension DRAMDevice {
  /// Takes over a standard's commands and constraints, keeping sizes and timings.
  mutating func adopt(_ standard: DRAMStandard?) {
    guard let standard else { return }
    self = standard.device(organisation, timings: timings)
  }
}

extension HBMSpec {
  /// Constraints beyond the standard's table.
  var extraConstraints: [TimingConstraint] {
    get { Array(device.constraints.dropFirst(DRAMStandard.named(standard)?.constraints.count ?? 0)) }
    set { device.constraints = (DRAMStandard.named(standard)?.constraints ?? []) + newValue }
  }

  /// Sets the map that deals blocks of so many bytes round the pseudo channels. What a map cannot do is left as it was
  /// asked for, for a rule to find. A single pseudo channel holds all addresses, whatever was asked for.
  mutating func interleave(_ bytes: Int) {
    addressMap = .interleaved(bytes, over: self)
    interleaveBytes = pseudoChannelCount == 1 ? self.bytes : bytes
  }

  /// Sets the map from the texts of a configuration.
  mutating func map(_ fields: [String]) {
    let slices = AddressMapText.slices(fields, of: self)
    guard slices != addressMap.slices else { return }
    addressMap = AddressMap(slices: slices)
    interleaveBytes = pseudoChannelCount == 1 ? bytes : accessBytes << min(addressMap.bitsBelowChannels, 40)
  }
}

extension ConstraintText {
  /// The constraints of lines that are known to be readable.
  static func constraints(_ lines: [String]) -> [TimingConstraint] { lines.flatMap { (try? parse($0)) ?? [] } }
}
