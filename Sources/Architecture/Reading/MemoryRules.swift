/// Conditions between the keys of `[hbm]`.
extension Rules {
  static let memory: [Rule<MachineSpec>] =
    DRAMTiming.allCases.map(timing) + memorySizes + AddressMap.Field.allCases.map(addressBits) + addressHashes
    + memoryController

  /// The standard's table says which timings there are.
  private static func timing(_ timing: DRAMTiming) -> Rule<MachineSpec> {
    Rule(["hbm.\(timing.rawValue)", "hbm.standard"]) { spec in
      guard let standard = DRAMStandard.named(spec.hbm.standard) else { return nil }
      let isUsed = standard.uses(timing) || spec.hbm.extraConstraints.contains { $0.uses(timing) }
      let value = spec.hbm.device.timings[timing]
      if isUsed, value == nil { return "missing; \(standard.name) uses it" }
      if let value, !isUsed { return "found \(value) cycles; \(standard.name) has no constraint that uses it" }
      return nil
    }
  }

  private static let memorySizes: [Rule<MachineSpec>] = [
    Rule(
      [
        "hbm.rows", "hbm.channels", "hbm.pseudo_channels", "hbm.stack_ids", "hbm.bank_groups", "hbm.banks_per_group",
        "hbm.columns", "hbm.access_bytes",
      ], isSymmetric: true
    ) { spec in
      guard spec.hbm.bytes > MemoryLimits.bytes else { return nil }
      return
        "makes a memory of more than \(bytes(MemoryLimits.bytes)); allowed: less of channels, banks, rows or columns"
    },
    Rule(["hbm.stack_ids", "hbm.bank_groups", "hbm.banks_per_group"], isSymmetric: true) { spec in
      let banks = spec.hbm.device.organisation.banks
      guard banks > MemoryLimits.banks else { return nil }
      return "makes \(banks) banks a pseudo channel; allowed: at most \(MemoryLimits.banks) over all stack IDs"
    },
    Rule(["hbm.extra_constraints"]) { spec in
      guard
        let constraint = spec.hbm.extraConstraints.first(where: {
          $0.window > 1 && ($0.isSibling || $0.scope != .pseudoChannel && $0.scope != .bank)
        })
      else { return nil }
      return "found \(TOMLText.quoted(ConstraintText.text(constraint))); allowed: windows of commands to one PC or bank"
    },
    Rule(["hbm.interleave_bytes", "hbm.access_bytes", "hbm.rows"]) { spec in
      let memory = spec.hbm
      guard memory.pseudoChannelCount > 1,
        memory.interleaveBytes != memory.accessBytes << min(memory.addressMap.bitsBelowChannels, 40)
      else { return nil }
      let largest = memory.device.organisation.pseudoChannelBytes
      return
        "found \(bytes(memory.interleaveBytes)); allowed: from hbm.access_bytes, \(bytes(memory.accessBytes)), to a "
        + "pseudo channel's \(bytes(largest))"
    },
    Rule(["hbm.nRFC", "hbm.nREFI"]) { spec in
      guard let refresh = spec.hbm.device.timings[.nRFC], let interval = spec.hbm.device.timings[.nREFI] else {
        return nil
      }
      guard refresh >= interval else { return nil }
      return "found \(refresh) cycles; allowed: less than nREFI, \(interval) cycles"
    },
    roomBetweenRefreshes,
  ]

  /// Between two all-bank refreshes of all its pseudo channels, one after the other, a channel has time to open a row, access it
  /// and close it: else a run would never end.
  private static let roomBetweenRefreshes = Rule<MachineSpec>(["hbm.nREFI", "hbm.nRFC"]) { spec in
    let device = spec.hbm.device
    let turns = device.organisation.pseudoChannels
    let needed = turns * (device[.nRFC] + device[.nRP]) + device[.nRC] + device[.nCL] + device[.nBL]
    guard spec.hbm.controller.refresh == .allBank, device[.nRFC] < device[.nREFI], device[.nREFI] <= needed else {
      return nil
    }
    return
      "found \(device[.nREFI]) cycles; allowed: more than \(needed) cycles, \(turns) x (nRFC + nRP) + nRC + nCL + nBL, "
      + "which the refreshes and one access take"
  }

  /// The map has as many bits of each field as the organisation has.
  private static func addressBits(_ field: AddressMap.Field) -> Rule<MachineSpec> {
    Rule(["hbm.address_map", "hbm.interleave_bytes", "hbm.\(field.sizeKey)"]) { spec in
      let (found, needed) = (spec.hbm.addressMap.bits(of: field), spec.hbm.addressBits(of: field))
      guard found != needed else { return nil }
      return "found \(found) \(found == 1 ? "bit" : "bits") of \(field.rawValue); allowed: \(needed), as "
        + "hbm.\(field.sizeKey) is \(1 << needed)"
    }
  }

  private static let addressHashes: [Rule<MachineSpec>] = [
    Rule(["hbm.address_hash"]) { spec in
      let hashes = spec.hbm.addressMap.hashes
      guard let circular = hashes.first(where: { hash in hashes.contains { $0.target == hash.source } }) else {
        return nil
      }
      return
        "found \(TOMLText.quoted(AddressMapText.text(circular))); allowed: only fields that are hashed themselves by "
        + "none, else two addresses could be one"
    },
    Rule(["hbm.address_hash"], context: ["hbm.address_map"]) { spec in
      guard
        let empty = spec.hbm.addressMap.hashes.first(where: {
          $0.shift > 0 && $0.shift >= spec.hbm.addressBits(of: $0.source)
        })
      else { return nil }
      let bits = spec.hbm.addressBits(of: empty.source)
      return
        "found \(TOMLText.quoted(AddressMapText.text(empty))); allowed: a bit of \(empty.source.rawValue), which has "
        + (bits == 0 ? "none" : "0 to \(bits - 1)")
    },
  ]

  private static let memoryController: [Rule<MachineSpec>] = [
    Rule(["hbm.write_low", "hbm.write_high"]) { spec in
      let controller = spec.hbm.controller
      guard controller.writeLow >= controller.writeHigh else { return nil }
      return "found \(controller.writeLow); allowed: less than write_high, \(controller.writeHigh)"
    },
    severalAccesses,
    Rule(["hbm.refresh_stagger", "hbm.refresh", "hbm.pseudo_channels", "hbm.nREFI"]) { spec in
      let (controller, device) = (spec.hbm.controller, spec.hbm.device)
      guard controller.refreshStagger > 0 else { return nil }
      let found = "found \(controller.refreshStagger) cycles; allowed: "
      if controller.refresh != .allBank {
        return found + "0, refresh \(controller.refresh.rawValue) has no all-bank refreshes"
      }
      let most = device[.nREFI] / device.organisation.pseudoChannels
      return controller.refreshStagger > most ? found + "at most nREFI over the pseudo channels, \(most) cycles" : nil
    },
    Rule(["hbm.nRFCSB", "hbm.nREFISB", "hbm.refresh"]) { spec in
      let device = spec.hbm.device
      let turn = device[.nREFISB] * device.organisation.banks
      guard spec.hbm.controller.refresh == .perBank, device[.nRFCSB] >= turn else { return nil }
      return "found \(device[.nRFCSB]) cycles; allowed: less than nREFISB times the banks, \(turn) cycles"
    },
  ]

  /// An entry stands for consecutive columns of one row, so consecutive addresses have to be such.
  private static let severalAccesses = Rule<MachineSpec>(
    ["hbm.request_accesses", "hbm.address_map", "hbm.interleave_bytes", "hbm.address_hash"]
  ) { spec in
    let (accesses, map) = (spec.hbm.controller.requestAccesses, spec.hbm.addressMap)
    guard accesses > 1, map.consecutiveColumnBits == 0, let lowest = map.slices.first?.field else { return nil }
    let found = lowest == .column ? "hashes its lowest bits" : "begins with \(TOMLText.quoted(lowest.rawValue))"
    return
      "found \(accesses), and the address map \(found); allowed: 1, or an address_map that begins with "
      + "\(TOMLText.quoted(AddressMap.Field.column.rawValue)), its lowest bit in no hash"
  }

  static let memoryInMachine: [Rule<MachineSpec>] = [
    Rule(["hbm.attachment", "grid.columns", "grid.rows"]) { spec in
      guard let stray = spec.hbm.attachment.first(where: { $0 >= spec.grid.count }) else { return nil }
      return "found node \(stray); allowed: nodes 0 to \(spec.grid.count - 1) of the grid"
    },
    Rule(["hbm.address_map", "hbm.address_hash"], isSymmetric: true) { spec in
      guard !spec.hbm.addressMap.interleavesBlocks else { return nil }
      return
        "tears a block of consecutive addresses apart; allowed in a machine: channel and pseudo_channel side by side, "
        + "and hashed only by fields above them"
    },
  ]
}

extension TimingConstraint {
  func uses(_ timing: DRAMTiming) -> Bool {
    latency.sums.contains { $0.plus.contains(timing) || $0.minus.contains(timing) }
  }
}

extension AddressMap.Field {
  /// The key that says how many of them there are.
  var sizeKey: String {
    switch self {
    case .channel: "channels"
    case .pseudoChannel: "pseudo_channels"
    case .stackID: "stack_ids"
    case .bankGroup: "bank_groups"
    case .bank: "banks_per_group"
    case .row: "rows"
    case .column: "columns"
    }
  }
}
