import Architecture

/// Which memory port (pseudo channel) and which place in it an address belongs to. Ports are numbered in the order in which
/// the address map deals blocks of `interleave` bytes to them. A class, so that handing it on copies nothing.
final class PortMap {
  let ports: Int64
  /// Bytes of consecutive addresses on one port.
  let interleave: Int64
  /// Bytes of an access.
  let access: Int64
  private let decoder: AddressDecoder
  private let pseudoChannels: Int
  private let bankGroups: Int
  private let banksPerGroup: Int
  /// By channel and pseudo channel.
  private let portNumbers: UnsafeMutablePointer<Int32>
  /// By port.
  private let portPlaces: UnsafeMutablePointer<PortPlace>
  /// Some bits that choose the port are hashed with others: then the turn does not tell the port.
  private let isHashed: Bool
  /// Bytes of consecutive addresses, as a power of two that a block holds, that stand in one row, one column after the other.
  private let bytesInRow: Int64
  /// `access` as a power of two.
  private let accessShift: Int64

  init(_ hbm: HBMSpec) {
    ports = Int64(hbm.pseudoChannelCount)
    interleave = Int64(hbm.interleaveBytes)
    access = Int64(hbm.device.organisation.accessBytes)
    pseudoChannels = hbm.device.organisation.pseudoChannels
    bankGroups = hbm.device.organisation.bankGroups
    banksPerGroup = hbm.device.organisation.banksPerGroup
    decoder = AddressDecoder(map: hbm.addressMap, accessBytes: hbm.device.organisation.accessBytes)
    isHashed = hbm.addressMap.hashes.contains { $0.target == .channel || $0.target == .pseudoChannel }
    accessShift = Int64(access.trailingZeroBitCount)
    bytesInRow = min(interleave, access << Int64(hbm.addressMap.consecutiveColumnBits))
    portNumbers = .copy([Int32](repeating: 0, count: hbm.pseudoChannelCount))
    portPlaces = .copy([PortPlace](repeating: PortPlace(), count: hbm.pseudoChannelCount))
    for port in 0..<hbm.pseudoChannelCount {
      let place = decoder.location(of: decoder.line(of: Int64(port) * interleave))
      portNumbers[Int(place.channel) * pseudoChannels + Int(place.pseudoChannel)] = Int32(port)
      portPlaces[port] = PortPlace(channel: place.channel, pseudoChannel: place.pseudoChannel)
    }
  }

  deinit {
    portNumbers.deallocate()
    portPlaces.deallocate()
  }

  /// Blocks a train may cover: with hashed ports the next block of a turn may belong to another port.
  func blocksPerTrain(requestBytes: Int) -> Int64 { isHashed ? 1 : max(1, Int64(requestBytes) / interleave) }

  /// The port of an address.
  func port(of address: Int64) -> Int32 {
    if !isHashed { return Int32(address / interleave % ports) }
    let place = location(of: address)
    return port(ofChannel: place.channel, pseudoChannel: place.pseudoChannel)
  }

  @inline(__always)
  func port(ofChannel channel: Int32, pseudoChannel: Int32) -> Int32 {
    portNumbers[Int(channel) &* pseudoChannels &+ Int(pseudoChannel)]
  }

  /// Where a port is.
  @inline(__always)
  func place(ofPort port: Int32) -> PortPlace { portPlaces[Int(port)] }

  /// Where an address is stored.
  @inline(__always)
  func location(of address: Int64) -> DRAMLocation { decoder.location(of: decoder.line(of: address)) }

  /// The number of an address's access: equal lines are equal bytes.
  @inline(__always)
  func line(of address: Int64) -> Int64 { decoder.line(of: address) }

  /// The address of the next access of a train.
  @inline(__always)
  func address(after address: Int64) -> Int64 {
    let next = address &+ access
    return next & (interleave &- 1) == 0 ? next &+ interleave &* (ports &- 1) : next
  }

  /// The address of a train's access.
  func address(of access: Int64, in train: MemoryTrain) -> Int64 {
    let block = train.address & ~(interleave - 1)
    let bytes = train.address - block + access * self.access
    return block + bytes / interleave * interleave * ports + bytes % interleave
  }

  /// Accesses from an address on whose columns follow each other in one row.
  @inline(__always)
  func accessesInRow(from address: Int64) -> Int32 {
    Int32(truncatingIfNeeded: (bytesInRow &- address & (bytesInRow &- 1)) &>> accessShift)
  }

  /// Whether the access before an address stands one column before it, in the same row.
  @inline(__always)
  func continuesRow(_ address: Int64) -> Bool { address & (bytesInRow &- 1) != 0 }

  /// The bank of a place in its pseudo channel.
  @inline(__always)
  func bank(_ place: DRAMLocation) -> Int {
    (Int(place.stackID) &* bankGroups &+ Int(place.bankGroup)) &* banksPerGroup &+ Int(place.bank)
  }
}

/// A memory port: a pseudo channel of a channel.
struct PortPlace: BitwiseCopyable {
  var channel: Int32 = 0
  var pseudoChannel: Int32 = 0
}
