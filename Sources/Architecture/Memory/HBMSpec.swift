/// The memory of a chip: channels of one device behind controllers of one kind.
public struct HBMSpec: Equatable, Sendable {
  /// Channels of the chip, each of `device.organisation.pseudoChannels` pseudo channels and one controller.
  public var channelCount: Int
  public var device: DRAMDevice
  public var controller: MemoryControllerSpec
  public var addressMap: AddressMap
  /// Bytes of consecutive addresses on one pseudo channel before the next; follows from the map.
  public var interleaveBytes: Int
  /// NoC node (tile index) each pseudo channel attaches to, in the order the map deals blocks to them.
  public var attachment: [Int]

  public init(
    channelCount: Int, device: DRAMDevice, controller: MemoryControllerSpec, addressMap: AddressMap,
    interleaveBytes: Int, attachment: [Int]
  ) {
    self.channelCount = channelCount
    self.device = device
    self.controller = controller
    self.addressMap = addressMap
    self.interleaveBytes = interleaveBytes
    self.attachment = attachment
  }

  /// Pseudo channels of the chip: its data buses.
  public var pseudoChannelCount: Int { channelCount * device.organisation.pseudoChannels }

  /// Capacity of the chip in bytes; the largest number when it does not fit 63 bits.
  public var bytes: Int {
    let (bytes, overflow) = device.organisation.pseudoChannelBytes.multipliedReportingOverflow(by: pseudoChannelCount)
    return overflow ? .max : bytes
  }

  /// Bits a field of an address takes.
  public func addressBits(of field: AddressMap.Field) -> Int {
    let organisation = device.organisation
    let count =
      switch field {
      case .channel: channelCount
      case .pseudoChannel: organisation.pseudoChannels
      case .stackID: organisation.stackIDs
      case .bankGroup: organisation.bankGroups
      case .bank: organisation.banksPerGroup
      case .row: organisation.rows
      case .column: organisation.columns
      }
    return count.trailingZeroBitCount
  }
}

/// What the plain memory model knows of a channel: to it a pseudo channel is a channel.
extension HBMSpec {
  public var standard: String { device.standard }
  /// Pseudo channels of the whole chip.
  public var channels: Int { pseudoChannelCount }
  public var accessBytes: Int { device.organisation.accessBytes }
  public var banks: Int { device.organisation.banks }
  public var rowBytes: Int { device.organisation.rowBytes }
  public var nBL: Int { device[.nBL] }
  public var nCL: Int { device[.nCL] }
  public var nCWL: Int { device[.nCWL] }
  public var nRCDRD: Int { device[.nRCDRD] }
  public var nRCDWR: Int { device[.nRCDWR] }
  public var nRP: Int { device[.nRP] }
  public var nREFI: Int { device[.nREFI] }
  public var nRFC: Int { device[.nRFC] }

  /// A memory of the plain model's values: the other timings are 0.
  init(
    standard: String, channels: Int, bytes: Int, accessBytes: Int, nBL: Int, interleaveBytes: Int, banks: Int,
    rowBytes: Int, nCL: Int, nCWL: Int, nRCDRD: Int, nRCDWR: Int, nRP: Int, nREFI: Int, nRFC: Int, attachment: [Int]
  ) {
    self = .blank
    channelCount = channels
    device.standard = standard
    device.organisation = DRAMOrganisation(
      pseudoChannels: 1, stackIDs: 1, bankGroups: 1, banksPerGroup: banks, rows: bytes / (channels * banks * rowBytes),
      columns: rowBytes / accessBytes, accessBytes: accessBytes)
    device.timings = [
      .nBL: nBL, .nCL: nCL, .nCWL: nCWL, .nRCDRD: nRCDRD, .nRCDWR: nRCDWR, .nRP: nRP, .nREFI: nREFI, .nRFC: nRFC,
    ]
    self.interleaveBytes = interleaveBytes
    self.attachment = attachment
  }
}
