import Architecture

/// Where an access or a command goes: an address taken apart.
struct MemoryPlace: Equatable, Hashable {
  var channel = 0
  var pseudoChannel = 0
  var stackID = 0
  var bankGroup = 0
  var bank = 0
  var row = 0
  var column = 0

  func isSameBank(as other: MemoryPlace) -> Bool {
    pseudoChannel == other.pseudoChannel && stackID == other.stackID && bankGroup == other.bankGroup
      && bank == other.bank
  }

  /// Number of the bank among all of the channel, pseudo channel by pseudo channel.
  func flatBank(_ organisation: DRAMOrganisation) -> Int {
    ((pseudoChannel * organisation.stackIDs + stackID) * organisation.bankGroups + bankGroup)
      * organisation.banksPerGroup + bank
  }

  init() {}

  /// The place of the bank of a number.
  init(flatBank: Int, _ organisation: DRAMOrganisation) {
    bank = flatBank % organisation.banksPerGroup
    bankGroup = flatBank / organisation.banksPerGroup % organisation.bankGroups
    stackID = flatBank / organisation.banksPerGroup / organisation.bankGroups % organisation.stackIDs
    pseudoChannel = flatBank / organisation.banks
  }

  /// Takes an address apart, bit by bit.
  init(address: UInt64, map: AddressMap, accessBytes: Int) {
    var values: [AddressMap.Field: UInt64] = [:]
    var widths: [AddressMap.Field: Int] = [:]
    var rest = address / UInt64(accessBytes)
    for slice in map.slices {
      values[slice.field, default: 0] |= (rest & ((1 << slice.bits) - 1)) << widths[slice.field, default: 0]
      widths[slice.field, default: 0] += slice.bits
      rest >>= slice.bits
    }
    let plain = values
    for hash in map.hashes {
      let mask: UInt64 = (1 << widths[hash.target, default: 0]) - 1
      values[hash.target, default: 0] ^= plain[hash.source, default: 0] >> UInt64(hash.shift) & mask
    }
    func value(_ field: AddressMap.Field) -> Int { Int(values[field, default: 0]) }
    channel = value(.channel)
    pseudoChannel = value(.pseudoChannel)
    stackID = value(.stackID)
    bankGroup = value(.bankGroup)
    bank = value(.bank)
    row = value(.row)
    column = value(.column)
  }
}

/// A command as it left a controller.
struct TracedCommand: Equatable {
  /// Scheduling ticks from 1: tick 1 is the first (rising) one of cycle 0.
  var clock: Int
  var command: DRAMCommand
  var place: MemoryPlace

  static func isAllBank(_ command: DRAMCommand) -> Bool {
    command == .PREab || command == .REFab || command == .RFMab
  }
}
