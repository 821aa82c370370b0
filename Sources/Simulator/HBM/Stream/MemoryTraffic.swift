import Architecture

/// Requests made by a rule: addresses of a pattern, reads and writes at random, at a steady rate or as early as accepted.
/// The same seed makes the same requests.
public struct MemoryTraffic: Sendable {
  public var pattern: MemoryPattern
  /// Share of reads, 0 to 1.
  public var reads: Double
  /// Requests a cycle of CK; nil: as early as accepted.
  public var rate: Double?
  /// Bytes, for `.stride`.
  public var stride: Int
  private let hbm: HBMSpec
  private var generator: SplitMix64
  private var made: Int64 = 0

  public init(
    _ pattern: MemoryPattern, memory hbm: HBMSpec, reads: Double = 1, rate: Double? = nil, stride: Int = 4096,
    seed: UInt64 = 1
  ) {
    self.pattern = pattern
    self.reads = reads
    self.rate = rate
    self.stride = stride
    self.hbm = hbm
    generator = SplitMix64(seed: seed)
  }

  /// The next requests, at most `count`.
  public mutating func next(_ count: Int) -> [StreamRequest] {
    (0..<count).map { _ in
      let request = StreamRequest(cycle: cycle, address: Int64(address()), isWrite: isWrite())
      made += 1
      return request
    }
  }

  private var cycle: Int64 { rate.map { Int64(Double(made) / $0) } ?? -1 }

  private mutating func isWrite() -> Bool {
    if reads >= 1 || reads <= 0 { return reads <= 0 }
    return generator.next() >= UInt64(reads * 0x1p64)
  }

  private mutating func address() -> Int {
    let (access, organisation) = (hbm.accessBytes, hbm.device.organisation)
    switch pattern {
    case .sequential: return wrapped(times: access)
    case .stride: return wrapped(times: stride)
    case .random: return generator.below(hbm.bytes / access) * access
    case .rowstride:
      let turn = Int(made % Int64(organisation.rows * organisation.columns))
      return location(row: turn % organisation.rows, column: turn / organisation.rows)
    case .hotbank:
      return location(row: generator.below(organisation.rows), column: generator.below(organisation.columns))
    case .pingpong:
      return location(row: Int(made % 2) % organisation.rows, column: Int(made / 2 % Int64(organisation.columns)))
    case .hotchannel: return anywhereInChannel()
    }
  }

  /// The next multiple of a step, from the start again at the memory's end.
  private func wrapped(times step: Int) -> Int {
    Int(Int128(made) * Int128(step) % Int128(hbm.bytes))
  }

  private func location(row: Int, column: Int) -> Int {
    hbm.addressMap.address(of: [.row: row, .column: column], accessBytes: hbm.accessBytes)
  }

  private mutating func anywhereInChannel() -> Int {
    var values: [AddressMap.Field: Int] = [:]
    for field in AddressMap.Field.allCases where field != .channel {
      values[field] = generator.below(1 << hbm.addressBits(of: field))
    }
    return hbm.addressMap.address(of: values, accessBytes: hbm.accessBytes)
  }
}
