import Architecture

/// Energy of routers and links at 7 nm and 0.75 V, half the bits toggling.
///
/// A router costs 0.06 pJ a bit (Dally, NOCS 2022). Its parts are an assumption: the measured router of Hoskote et al. (IEEE
/// Micro 27(5), 2007) spends 22 % on queues and data path, 15 % on the crossbar and 7 % on arbiters, clock, links and
/// clock-domain synchroniser aside; that is 50, 34 and 16 % of what is left. Arbiters do not widen with the flit: their
/// share holds for that router's 39-bit flit and stays the same energy for any other.
struct RouterEnergy {
  let noc: NoCSpec
  let hertz: Int64
  /// Virtual networks whose buffers a port has.
  let networks: Int
  let scaling: NodeScaling

  static let routerBit = 0.06
  static let wireBitMillimetre = 0.05
  private static let bufferShare = 0.50
  private static let crossbarShare = 0.34
  private static let arbiterShare = 0.16
  private static let arbiterFlitBits = 39.0

  private static let router = "router 0.06 pJ/bit (Dally, NOCS 2022)"
  private static let split = "shares of Hoskote et al., IEEE Micro 27(5), 2007"

  var actions: [EnergyAction: GradedValue] {
    [
      .nocBufferWrite: part(bits * Self.routerBit * Self.bufferShare / 2, "50 % queues, half of it writes"),
      .nocBufferRead: part(bits * Self.routerBit * Self.bufferShare / 2, "50 % queues, half of it reads"),
      .nocCrossbar: part(bits * Self.routerBit * Self.crossbarShare, "34 % crossbar"),
      .nocSwitchAllocation: part(arbiter, "16 % arbiters of a 39-bit flit, half of it the switch's"),
      .nocChannelAllocation: part(arbiter, "16 % arbiters of a 39-bit flit, half of it the channels'"),
      .nocLink: GradedValue(
        picojoules: bits * Self.wireBitMillimetre * millimetres * scaling.wire, grade: .derived,
        source: "0.05 pJ/bit/mm (Dally, NOCS 2022) x link_length; a measured 7 nm mesh lies at 0.037"),
      .routerStatic: GradedValue(
        milliwatts: StaticPowerModel.router(
          flitBits: bits, channels: Double(networks * noc.virtualChannels * noc.bufferDepth), ports: Double(ports),
          hertz: hertz, picojoulesPerFlit: bits * Self.routerBit * scaling.logic),
        grade: .assumed, source: StaticPowerModel.routerSource),
    ]
  }

  private var bits: Double { Double(8 * noc.flitBytes) }
  private var millimetres: Double { Double(noc.linkMicrometres) / 1000 }
  private var arbiter: Double { Self.arbiterFlitBits * Self.routerBit * Self.arbiterShare / 2 }

  /// Ports of an inner router, those to its nodes included.
  private var ports: Int {
    switch noc.topology {
    case .mesh, .torus, .concentratedMesh: 4 + noc.concentration
    case .ring: 3
    case .crossbar: noc.nodes
    }
  }

  private func part(_ picojoules: Double, _ words: String) -> GradedValue {
    GradedValue(
      picojoules: picojoules * scaling.logic, grade: .assumed, source: "\(Self.router), \(words): \(Self.split)")
  }
}
