import Architecture

/// The memories of the calibration streams: the same tables, address map and queues in palsim and in its peers.
enum MatchedMemory: String, CaseIterable {
  case hbm2OneChannel = "hbm2_1pc"
  case hbm2EightChannels = "hbm2_8ch"
  case hbm3SixteenChannels = "hbm3_16ch"

  var memory: MemoryCase {
    MemoryCase(
      name: rawValue, device: device, controller: MemoryControllerSpec(policy: .ramulator2), channels: 1 << channelBits,
      map: map, requests: [])
  }

  private var channelBits: Int {
    switch self {
    case .hbm2OneChannel: 0
    case .hbm2EightChannels: 3
    case .hbm3SixteenChannels: 4
    }
  }

  private var device: DRAMDevice {
    let device =
      self == .hbm3SixteenChannels
      ? DRAMStandard.hbm3.device(rate: 6400, density: "4Gb") : DRAMStandard.hbm2.device(rate: 2000, density: "4Gb")
    guard var device else { fatalError("the standards have no such devices") }
    if self == .hbm2OneChannel { device.organisation.pseudoChannels = 1 }
    return device
  }

  private var map: AddressMap {
    let organisation = device.organisation
    let slices = [
      AddressMap.Slice(field: .channel, bits: channelBits),
      AddressMap.Slice(field: .pseudoChannel, bits: organisation.pseudoChannels - 1),
      AddressMap.Slice(field: .bankGroup, bits: 2), AddressMap.Slice(field: .column, bits: 5),
      AddressMap.Slice(field: .bank, bits: 2),
      AddressMap.Slice(field: .row, bits: organisation.rows.trailingZeroBitCount),
    ]
    return AddressMap(slices: slices.filter { $0.bits > 0 })
  }
}
