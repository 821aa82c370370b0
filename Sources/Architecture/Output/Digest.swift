extension MachineSpec {
  /// A digest of the resolved configuration: FNV-1a, 64 bits, as 16 hexadecimal digits. The same for two files that
  /// mean the same machine.
  public var digest: String {
    let digits = String(Digest.fnv1a(Configuration.resolvedTOML(self)), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

enum Digest {
  /// The Fowler-Noll-Vo hash 1a of 64 bits of a text's UTF-8.
  static func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
