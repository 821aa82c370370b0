/// The memory of a chip: channels of one device behind controllers of one kind.
public struct HBMSpec: Equatable, Sendable {
  /// Channels of the chip, each of `device.organisation.pseudoChannels` pseudo channels and one controller.
  public var channelCount: Int
  public var device: DRAMDevice
  public var controller: MemoryControllerSpec
  public var addressMap: AddressMap
  /// Bytes of consecutive addresses on one pseudo channel before the next; follows from the map.
  public var interleaveBytes: Int
  /// Trains a memory port (pseudo channel) holds at most, from its request's arrival to its response's entry into the network;
  /// 0: without limit.
  public var portQueue: Int
  /// NoC node (tile index) each pseudo channel attaches to, in the order the map deals blocks to them.
  public var attachment: [Int]

  public init(
    channelCount: Int, device: DRAMDevice, controller: MemoryControllerSpec, addressMap: AddressMap,
    interleaveBytes: Int, portQueue: Int = 16, attachment: [Int]
  ) {
    self.channelCount = channelCount
    self.device = device
    self.controller = controller
    self.addressMap = addressMap
    self.interleaveBytes = interleaveBytes
    self.portQueue = portQueue
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

extension HBMSpec {
  /// Name of the standard: "HBM2", "HBM3".
  public var standard: String { device.standard }
  /// Bytes of one access.
  public var accessBytes: Int { device.organisation.accessBytes }
  /// Cycles of CK an access holds its data bus.
  public var nBL: Int { device[.nBL] }
}
