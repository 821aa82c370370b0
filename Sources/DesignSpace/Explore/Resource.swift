import Architecture

/// Something a machine has more or less of, and the key that says how much.
public struct Resource: Equatable, Sendable {
  /// For people, for example `HBM bandwidth`.
  public var name: String
  /// Key of the configuration.
  public var key: String
  /// What the amount must be a multiple of, in base units of the key.
  var granule: @Sendable (MachineSpec) -> Int64 = { _ in 1 }

  /// A changed amount changes what a trace is compiled for.
  public var needsModel: Bool { MachineShape.decides(key) }

  public static func == (a: Resource, b: Resource) -> Bool { a.key == b.key }

  /// What an architect may spend area or power on.
  public static let all = [
    Resource(name: "tile clock", key: "clocks.tile"),
    Resource(name: "NoC clock", key: "clocks.noc"),
    Resource(name: "HBM bandwidth", key: "clocks.hbm"),
    Resource(name: "NoC width", key: "noc.flit_bytes"),
    Resource(name: "DMA bandwidth", key: "tile.dma.sram_bandwidth"),
    Resource(name: "DMA requests", key: "tile.dma.max_outstanding"),
    Resource(name: "vector lanes", key: "tile.vector.lanes"),
    Resource(name: "MACs", key: "tile.array.columns"),
    Resource(
      name: "SRAM", key: "tile.sram.bytes",
      granule: { machine in machine.tiles.first.map { Int64($0.sram.banks * $0.sram.bankWidth) } ?? 1 }),
    Resource(name: "accumulator", key: "tile.accumulator.bytes", granule: { _ in 32 }),
  ]

  /// A change of the resource by about `percent`: what `--set` would be given, and by how much it really grows. Nil when
  /// the machine does not have it, or has too little for a tenth of it to be anything.
  func change(of machine: MachineSpec, percent: Int64) -> (setting: String, growth: Double)? {
    guard let key = try? ConfigurationKey(self.key, origin: .argument(self.key)),
      let amount = key.setting(in: machine)?.number, amount > 0
    else { return nil }
    let granule = granule(machine)
    let wanted = amount + (amount * percent + 50) / 100
    let more = (wanted + granule / 2) / granule * granule
    guard more != amount else { return nil }
    return ("\(self.key)=\(key.text(more))", Double(more - amount) / Double(amount))
  }
}
