/// Cycles one requester of a scratchpad lost to its banks.
public struct BankConflicts: Equatable, Sendable {
  /// `dma_write`, `dma_read`, `vector`, `mac0`...; in a machine with its tile's name before it.
  public var requester: String
  /// By who held the port: each that did, in the fixed order. The requester itself: it needs a bank more than once a step.
  public var holders: [Share]
  /// By the lowest bank that was still needed.
  public var banks: [Share]
  public var cycles: Int64 { holders.reduce(0) { $0 + $1.cycles } }

  /// Cycles that one holder or one bank is charged with.
  public struct Share: Equatable, Sendable {
    /// A requester, or `bank5`.
    public var name: String
    public var cycles: Int64
    public init(name: String, cycles: Int64) {
      self.name = name
      self.cycles = cycles
    }
  }

  public init(requester: String, holders: [Share], banks: [Share]) {
    self.requester = requester
    self.holders = holders
    self.banks = banks
  }
}

extension Datapath {
  /// Who lost cycles to the banks so far, in the fixed order; empty when nobody did.
  /// - Parameter prefix: The tile's name and a point.
  func bankConflicts(of prefix: String = "") -> [BankConflicts] {
    (0..<sram.clientCount).compactMap { client in
      let holders = (0..<sram.clientCount).map {
        BankConflicts.Share(name: Requester.name($0), cycles: sram.clients[client].lostTo[$0])
      }
      let banks = (0..<Int(sram.geometry.banks)).map {
        BankConflicts.Share(name: "bank\($0)", cycles: sram.clients[client].lostAt[$0])
      }
      let conflicts = BankConflicts(
        requester: prefix + Requester.name(client), holders: holders.filter { $0.cycles > 0 },
        banks: banks.filter { $0.cycles > 0 })
      return conflicts.holders.isEmpty ? nil : conflicts
    }
  }
}
