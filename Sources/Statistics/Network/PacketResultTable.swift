import Simulator

/// Deliveries as the rows `idx,cycle,src,dst,size,inject_cycle,head_arrive,tail_arrive,routers`, in the order given. A
/// multicast has a row for each destination, a reduction names all its sources as `1+2+5`.
public struct PacketResultTable {
  public static let header = "idx,cycle,src,dst,size,inject_cycle,head_arrive,tail_arrive,routers\n"
  private var rows = CSVRows()
  /// Sources of the reductions, as text, by position in the list.
  private let sources: [Int32: [UInt8]]

  private let isKept: Bool

  /// `isKept` false: nobody wants the rows, and none are made.
  public init(_ list: PacketList, isKept: Bool = true) {
    self.isKept = isKept
    var sources: [Int32: [UInt8]] = [:]
    for entry in list.entries where entry.kind == .reduction {
      sources[entry.index] = Array(list.sets[Int(entry.source)].map(String.init).joined(separator: "+").utf8)
    }
    self.sources = sources
    if isKept { rows.reserve(list.entries.count * 40) }
    rows.text(Array(Self.header.utf8))
  }

  /// Everything written so far.
  public var bytes: [UInt8] { rows.bytes }

  public mutating func append(_ delivery: NoCDelivery) {
    guard isKept else { return }
    rows.field(Int64(delivery.id))
    rows.field(delivery.created)
    if !sources.isEmpty, let text = sources[delivery.id] {
      rows.field(text)
    } else {
      rows.field(Int64(delivery.source))
    }
    rows.field(Int64(delivery.destination))
    rows.field(Int64(delivery.flits))
    rows.field(delivery.injected)
    rows.field(delivery.head)
    rows.field(delivery.tail)
    rows.field(Int64(delivery.routers))
    rows.endRow()
  }
}
