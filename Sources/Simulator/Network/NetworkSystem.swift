import Architecture

/// The chip's network, plain model: a mesh with XY routing, one flit a cycle and link, hop latency, contention by reservation
/// (`docs/models/noc.md`). It will be replaced by the exact model behind the same interface.
///
/// Packets advance hop by hop: a link is reserved when the packet's head reaches it. A delivery is reported when the head reaches its
/// destination's router and carries times that lie in the future.
public struct NetworkSystem: ~Copyable {
  /// - Parameters:
  ///   - sets: destination sets by index, each at least one node.
  ///   - ideal: packets arrive in the next cycle.
  ///   - flitHopEnergy: attojoules of one flit passing one router.
  public init(
    grid: GridSpec, spec: NoCSpec, sets: [[Int32]], ideal: Bool, name: String = "chip0.noc", flitHopEnergy: Int64,
    recorder: inout ActivityRecorder
  ) {}

  /// Hands in a packet that its source's interface sees in `cycle`; packets of one cycle are taken in the order
  /// (source, network, id). Precondition: `cycle` has not run yet.
  public mutating func inject(_ packet: Packet, at cycle: Int64) {}

  /// The next cycle in which `run` has work, `.max` when none.
  public var nextWake: Int64 { .max }

  /// Moves the packets whose heads arrive somewhere by `cycle`; deliveries wait in the buffer.
  public mutating func run(at cycle: Int64, recorder: inout ActivityRecorder) {}

  /// Deliveries reported since `removeDeliveries`.
  public var deliveryCount: Int { 0 }

  /// Precondition: 0..<deliveryCount.
  public func delivery(_ index: Int) -> PacketDelivery { preconditionFailure() }

  /// Empties the buffer, keeping its memory.
  public mutating func removeDeliveries() {}

  /// Laws that are broken, each as a sentence; empty when all hold. `isDrained`: the run ended with nothing under way.
  public func checkLaws() -> [String] { [] }
}
