import Testing

@testable import Simulator

@Suite struct BlameTests {
  @Test func aWaitIsSplitByTheTransfersTimestamps() {
    var blame = Blame()
    blame.dmaQueue = 10
    blame.requestNoC = 15
    blame.hbmQueue = 15
    blame.hbmService = 40
    blame.responseNoC = 48
    blame.sramTransfer = 50
    var ledger = UnitLedger()
    blame.charge(from: 5, to: 50, to: &ledger)
    #expect(ledger[.dmaQueue] == 5)
    #expect(ledger[.requestNoC] == 5)
    #expect(ledger[.hbmQueue] == 0)
    #expect(ledger[.hbmService] == 25)
    #expect(ledger[.responseNoC] == 8)
    #expect(ledger[.sramTransfer] == 2)
    #expect(ledger.idle == 45)
  }

  @Test func everyCycleHasOneCause() {
    var ledger = UnitLedger()
    var entry = WindowEntry()
    entry.dispatched = 12
    entry.ready = 30
    entry.waitedFor = .vector(until: 30)
    ledger.attributeWait(start: 33, busy: 5, entry: entry)
    let cycles = ledger.closed(at: 100, busy: [(.active, 20)])
    #expect(cycles.reduce(0, +) == 100)
    #expect(cycles[Int(Cause.dispatch.rawValue)] == 7)
    #expect(cycles[Int(Cause.vector.rawValue)] == 18)
    #expect(cycles[Int(Cause.preload.rawValue)] == 3)
    #expect(cycles[Int(Cause.finished.rawValue)] == 100 - 28 - 20)
  }

  @Test func aTransferThatWaitedItselfPassesThatOn() {
    var entry = WindowEntry()
    entry.dispatched = 2
    entry.ready = 20
    entry.waitedFor = Blame.mac(until: 15).synchronised(until: 20)
    var transaction = Transaction()
    transaction.kind = .copy
    transaction.sent = 25
    transaction.delivered = 40
    var ledger = UnitLedger()
    Blame(transaction, of: &entry).charge(from: 5, to: 40, to: &ledger)
    #expect(ledger[.sync] == 15)
    #expect(ledger[.dmaQueue] == 5)
    #expect(ledger[.responseNoC] == 15)
  }

  @Test func aTokenCarriesWhatItsLastSignalWaitedFor() {
    let blame = Blame.mac(until: 20).synchronised(until: 25)
    var ledger = UnitLedger()
    blame.charge(from: 0, to: 25, to: &ledger)
    #expect(ledger[.mac] == 20)
    #expect(ledger[.sync] == 5)
  }
}
