/// What a finished record was doing until when: the timestamps that a record waiting for it is charged by.
///
/// Stages follow each other in the order of `Cause`; `until[i]` is the tile cycle at which stage i ended, or
/// `Blame.skipped` when the record did not pass through it.
struct Blame: BitwiseCopyable {
  static let skipped = Int64.min
  /// Before its first stage a transfer may itself have waited: for what, and until when.
  var inherited = Cause.dmaQueue
  var inheritedUntil = skipped
  var dmaQueue = skipped
  var requestNoC = skipped
  var hbmQueue = skipped
  var hbmService = skipped
  var responseNoC = skipped
  var sramTransfer = skipped
  var mac = skipped
  var vector = skipped
  var sync = skipped

  init() {}

  /// A result of a MAC array or vector unit that was ready at `cycle`.
  static func mac(until cycle: Int64) -> Blame {
    var blame = Blame()
    blame.mac = cycle
    return blame
  }

  static func vector(until cycle: Int64) -> Blame {
    var blame = Blame()
    blame.vector = cycle
    return blame
  }

  /// The blame of a token or barrier: what its last signal waited for, then synchronisation until `cycle`.
  func synchronised(until cycle: Int64) -> Blame {
    var blame = self
    blame.sync = cycle
    return blame
  }

  /// The cause of the last stage passed.
  var lastCause: Cause {
    if sync != Blame.skipped { return .sync }
    if vector != Blame.skipped { return .vector }
    if mac != Blame.skipped { return .mac }
    return sramTransfer != Blame.skipped ? .sramTransfer : .dmaQueue
  }

  /// Rank among causes that end in the same cycle: the stage that ended last decides, earlier stages first.
  var rank: Int {
    if sync != Blame.skipped { return 3 }
    if vector != Blame.skipped { return 2 }
    if mac != Blame.skipped { return 1 }
    return 0
  }

  /// Charges cycles from..<to to the stages that covered them; what no stage covers goes to the last stage passed.
  func charge(from: Int64, to: Int64, to ledger: inout UnitLedger) {
    var at = from
    var last = Cause.sync
    func spend(_ until: Int64, _ cause: Cause, _ ledger: inout UnitLedger) {
      guard until != Blame.skipped else { return }
      last = cause
      let end = min(until, to)
      guard end > at else { return }
      ledger.add(cause, end - at)
      at = end
    }
    spend(inheritedUntil, inherited, &ledger)
    spend(dmaQueue, .dmaQueue, &ledger)
    spend(requestNoC, .requestNoC, &ledger)
    spend(hbmQueue, .hbmQueue, &ledger)
    spend(hbmService, .hbmService, &ledger)
    spend(responseNoC, .responseNoC, &ledger)
    spend(sramTransfer, .sramTransfer, &ledger)
    spend(mac, .mac, &ledger)
    spend(vector, .vector, &ledger)
    spend(sync, .sync, &ledger)
    if at < to { ledger.add(last, to - at) }
  }
}
