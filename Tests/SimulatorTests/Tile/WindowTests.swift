import InstructionTrace
import Testing

@testable import Simulator

@Suite struct WindowTests {
  /// Random records with random backward dependencies complete in random legal order; a record is released exactly when
  /// the last of its dependencies completes, and retirement is in order.
  @Test(arguments: 0..<50 as Range<UInt64>) func releasesWhenTheLastDependencyIsMet(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var window = Window(capacity: 16)
    var complete: [Int64: Int64] = [:]
    var dependencies: [Int64: [Int64]] = [:]
    var cycle: Int64 = 0
    while window.oldest < 400 {
      cycle += 1
      while !window.isFull, Bool.random(using: &random) {
        dependencies[window.next] = dispatch(&window, at: cycle, random: &random)
      }
      let ready = (window.oldest..<window.next).filter { record in
        complete[record] == nil && dependencies[record]!.allSatisfy { $0 < 0 || complete[$0] != nil }
      }
      for record in window.oldest..<window.next where complete[record] == nil {
        #expect((window[record].pointee.unresolved == 0) == ready.contains(record), "seed \(seed) record \(record)")
      }
      if let record = ready.randomElement(using: &random) {
        let met = dependencies[record]!.compactMap { complete[$0] }.max() ?? 0
        #expect(window[record].pointee.ready == max(met, window[record].pointee.dispatched), "seed \(seed)")
        window.complete(record, at: cycle, blame: .mac(until: cycle))
        complete[record] = cycle
      }
      let oldest = window.oldest
      let retired = window.retire()
      #expect((oldest..<oldest + retired).allSatisfy { complete[$0] != nil }, "seed \(seed)")
    }
  }

  private func dispatch(_ window: inout Window, at cycle: Int64, random: inout SplitMix64) -> [Int64] {
    var instruction = Instruction(.vector)
    var producers: [Int64] = []
    for _ in 0..<Int.random(in: 0...8, using: &random) {
      let distance = UInt32.random(in: 1...20, using: &random)
      instruction.addDependency(distance: distance)
      producers.append(window.next - Int64(distance))
    }
    window.incoming.pointee.instruction = instruction
    window.dispatch(at: cycle, region: -1)
    return producers
  }

  /// A join: what depends on a mark waits for all that the mark depends on, through any number of marks, and is charged by
  /// what came last.
  @Test func aMarkPassesItsDependenciesOn() {
    var window = Window(capacity: 8)
    for opcode in [Opcode.load, .vector, .mark, .mark, .vector] {
      window.incoming.pointee.instruction = Instruction(opcode)
      if opcode == .mark || window.next == 4 { window.incoming.pointee.instruction.addDependency(distance: 1) }
      if window.next == 2 { window.incoming.pointee.instruction.addDependency(distance: 2) }
      window.dispatch(at: 0, region: -1)
    }
    window.complete(0, at: 5, blame: .mac(until: 5))
    let waiting = window[4].pointee.unresolved
    #expect(waiting == 1)
    window.complete(1, at: 9, blame: .vector(until: 9))
    let last = window[4].pointee
    #expect(last.unresolved == 0 && last.ready == 9 && last.waitedFor.vector == 9)
    let retired = window.retire()
    #expect(retired == 4)
  }

  @Test func aSynchronisationRecordActsWhenReleased() {
    var window = Window(capacity: 4)
    window.incoming.pointee.instruction = Instruction(.vector)
    window.dispatch(at: 0, region: -1)
    var signal = Instruction(.signal)
    signal.addDependency(distance: 1)
    window.incoming.pointee.instruction = signal
    window.dispatch(at: 0, region: -1)
    let isIdle = window.actions.isEmpty
    #expect(isIdle)
    window.complete(0, at: 9, blame: .vector(until: 9))
    let first = window.actions[0]
    #expect(first == 1)
    #expect(window[1].pointee.waitedFor.vector == 9)
  }
}
