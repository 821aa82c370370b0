extension AddressMap {
  /// Bits of a field over all its slices.
  public func bits(of field: Field) -> Int { slices.reduce(0) { $0 + ($1.field == field ? $1.bits : 0) } }

  /// Bits of an address above the bytes of an access and below the lowest bit that chooses a pseudo channel.
  public var bitsBelowChannels: Int { slices.prefix { !$0.choosesPseudoChannel }.reduce(0) { $0 + $1.bits } }

  /// How many of the lowest bits of an address, above the bytes of an access, are the lowest of the column and in no hash: so many
  /// address consecutive columns of a row.
  public var consecutiveColumnBits: Int {
    guard let lowest = slices.first(where: { $0.bits > 0 }), lowest.field == .column,
      !hashes.contains(where: { $0.target == .column })
    else { return 0 }
    let hashed = hashes.lazy.filter { $0.source == .column }.map(\.shift)
    return min(lowest.bits, hashed.min() ?? lowest.bits)
  }

  /// All bits that choose a pseudo channel are side by side and no hash of them reads a bit below: then consecutive
  /// blocks go round the pseudo channels whole.
  public var interleavesBlocks: Bool {
    let used = slices.filter { $0.bits > 0 }
    let above = used.drop { !$0.choosesPseudoChannel }.drop(while: \.choosesPseudoChannel)
    guard !above.contains(where: \.choosesPseudoChannel) else { return false }
    let below = AddressMap(slices: Array(used.prefix { !$0.choosesPseudoChannel }))
    return hashes.allSatisfy { !$0.target.choosesPseudoChannel || below.bits(of: $0.source) <= $0.shift }
  }

  /// The map that deals blocks of `interleaveBytes` round the channels, then the pseudo channels. Inside a block the
  /// bank groups take turns, so that consecutive accesses are nCCDS apart; then columns, banks, stack IDs and rows.
  static func interleaved(_ interleaveBytes: Int, over memory: HBMSpec) -> AddressMap {
    let blocks = interleaveBytes / max(1, memory.device.organisation.accessBytes)
    var below = blocks > 0 ? Int.bitWidth - 1 - blocks.leadingZeroBitCount : 0
    let order: [Field] = [.bankGroup, .column, .bank, .stackID, .row]
    var (low, high): ([Slice], [Slice]) = ([], [])
    for field in order {
      let bits = memory.addressBits(of: field)
      let taken = min(bits, below)
      below -= taken
      low.append(Slice(field: field, bits: taken))
      high.append(Slice(field: field, bits: bits - taken))
    }
    let choice = [Field.channel, .pseudoChannel].map { Slice(field: $0, bits: memory.addressBits(of: $0)) }
    return AddressMap(slices: (low + choice + high).filter { $0.bits > 0 })
  }
}

extension AddressMap.Field {
  var choosesPseudoChannel: Bool { self == .channel || self == .pseudoChannel }
}

extension AddressMap.Slice {
  var choosesPseudoChannel: Bool { field.choosesPseudoChannel }
}
