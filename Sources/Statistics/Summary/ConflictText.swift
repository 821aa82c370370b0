import Simulator

extension BankConflicts {
  /// An object of a JSON list: `requester`, `cycles`, `held_by`, `banks`.
  public func write(to list: inout JSONText) {
    list.object { entry in
      entry.field("requester", .string(requester))
      entry.field("cycles", .number(cycles))
      entry.list("held_by") { part in
        for share in holders { part.row([("requester", .string(share.name)), ("cycles", .number(share.cycles))]) }
      }
      entry.list("banks") { part in
        for share in banks { part.row([("bank", .string(share.name)), ("cycles", .number(share.cycles))]) }
      }
    }
  }

  /// `mac0 lost 96 cycles to mac0 (96), at bank0 (64), bank2 (32)`.
  public var sentence: String {
    func listed(_ shares: [Share]) -> String { shares.map { "\($0.name) (\($0.cycles))" }.joined(separator: ", ") }
    return "\(requester) lost \(cycles) cycles to \(listed(holders)), at \(listed(banks))"
  }
}
