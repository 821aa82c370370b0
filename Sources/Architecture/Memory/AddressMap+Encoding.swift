extension AddressMap {
  /// The address of an access: the lowest of the bytes that decode to the given fields. Fields not named are 0; bits beyond
  /// the map's are dropped.
  ///
  /// - Precondition: No hash reads a field that is itself hashed, as in every loaded configuration.
  public func address(of values: [Field: Int], accessBytes: Int) -> Int {
    var stored = values
    for hash in hashes { stored[hash.target, default: 0] ^= values[hash.source, default: 0] >> hash.shift }
    var address = 0
    var shift = accessBytes.trailingZeroBitCount
    for slice in slices {
      let bits = stored[slice.field, default: 0]
      address |= (bits & (1 << slice.bits - 1)) << shift
      stored[slice.field] = bits >> slice.bits
      shift += slice.bits
    }
    return address
  }
}
