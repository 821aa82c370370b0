/// Packets to replay, in the order of their cycles; those of one cycle in the order of the file.
public struct PacketList: Equatable, Sendable {
  /// One line of the file.
  public struct Entry: Equatable, BitwiseCopyable, Sendable {
    /// Cycle in which the source makes it.
    public var cycle: Int64
    /// Position in the file, from 0, among the packets.
    public var index: Int32
    /// Node; of a reduction the index of its sources in `sets`.
    public var source: Int32
    /// Node; of a multicast the index of its destinations in `sets`.
    public var destination: Int32
    public var flits: Int32
    public var kind: TrafficKind

    public init(
      cycle: Int64, index: Int32, source: Int32, destination: Int32, flits: Int32, kind: TrafficKind = .unicast
    ) {
      self.cycle = cycle
      self.index = index
      self.source = source
      self.destination = destination
      self.flits = flits
      self.kind = kind
    }
  }

  public private(set) var entries: [Entry]
  /// Sets of nodes, in ascending order, each once.
  public let sets: [[Int32]]

  public init(entries: [Entry], sets: [[Int32]] = []) {
    self.entries = entries
    self.sets = sets
    let isSorted = zip(entries, entries.dropFirst()).allSatisfy { $0.cycle <= $1.cycle }
    if !isSorted { self.entries.sort { ($0.cycle, $0.index) < ($1.cycle, $1.index) } }
  }
}

extension PacketList {
  /// What the virtual networks carry that a replay needs: unicast always, the others when there are such packets.
  public var virtualNetworks: [TrafficKind] {
    [TrafficKind.unicast, .multicast, .reduction].filter { kind in
      kind == .unicast || (!sets.isEmpty && entries.contains { $0.kind == kind })
    }
  }
}

/// What is wrong with a packet list: one line for each fault, at most ten, each with the line of the file.
public struct PacketListFault: Error, Equatable, CustomStringConvertible {
  public var description: String
}
