/// Packets at random: each node makes one in each cycle with the same probability, and draws its destination then. A
/// single generator serves the nodes in order, so packets depend on the seed alone, never on the network.
public struct BernoulliTraffic: Sendable {
  private let destinations: TrafficDestinations
  private let nodes: Int32
  /// Of 2^64: a packet is made when a draw lies below.
  private let threshold: UInt64
  private let isCertain: Bool
  private var generator: SplitMix64

  /// `packetsPerCycle`: mean packets a node makes a cycle, 0 to 1.
  public init(_ destinations: TrafficDestinations, nodes: Int, packetsPerCycle: Double, seed: UInt64) {
    self.destinations = destinations
    self.nodes = Int32(nodes)
    isCertain = packetsPerCycle >= 1
    threshold = isCertain ? .max : UInt64(max(0, packetsPerCycle) * 0x1p64)
    generator = SplitMix64(seed: seed)
  }

  /// Makes one cycle's packets, in the order of their sources.
  @inline(__always)
  public mutating func cycle<Fault: Error>(
    _ make: (_ source: Int32, _ destination: Int32) throws(Fault) -> Void
  ) throws(Fault) {
    for source in 0..<nodes where generator.next() < threshold || isCertain {
      try make(source, destinations.destination(from: source, &generator))
    }
  }
}

extension SplitMix64 {
  /// A whole number below `bound` (positive): the high half of a product, whose bias is below bound / 2^64.
  @inline(__always)
  mutating func below(_ bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }
}
