import Architecture

/// Banks with a port free in the cycle under way: the first and the second port of each, or, where reads and writes have
/// ports of their own, the read and the write port.
struct BankPorts {
  var first: UInt64
  var second: UInt64

  /// All ports of a memory.
  init(_ ports: SRAMPorts, all: UInt64) {
    first = all
    second = ports == .oneReadWrite ? 0 : all
  }

  private init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  static let none = BankPorts(first: 0, second: 0)

  @inline(__always)
  mutating func remove(_ taken: BankPorts) {
    first &= ~taken.first
    second &= ~taken.second
  }

  func meets(_ other: BankPorts) -> Bool { first & other.first | second & other.second != 0 }
  var isEmpty: Bool { first | second == 0 }
}
