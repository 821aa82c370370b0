import Testing

@testable import Architecture
@testable import Simulator

/// The fast network and its twin against figures made by BookSim 2.
@Suite struct BookSimTests {
  @Test("Every packet of every reference trace, and their order", arguments: ReferenceFiles.runs)
  func referenceTrace(_ run: ReferenceFiles.Run) throws {
    let expected = try run.expected()
    let fast = try FastRun(run.scenario())
    #expect(expected.count == fast.deliveries.count)
    #expect(expected.count { fast.results[$0.packet] != $0.result } == 0)
    #expect(expected.map(\.packet) == fast.deliveries.map(\.packet))
    #expect(fast.broken.isEmpty)
  }

  @Test("Random networks and traffic", arguments: cases)
  func randomCase(_ random: BookSimCase) throws {
    let scenario = random.scenario()
    try #require(scenario.packets.count == random.packets)
    let fast = try FastRun(scenario)
    #expect(fast.results.reduce(0) { $0 + $1.tail } == random.tailSum)
    #expect(BookSimCase.hash(fast.results) == random.hash)
  }

  @Test func allFiguresAreThere() {
    #expect(ReferenceFiles.runs.count == 41 && Self.cases.count == 299)
  }

  /// The twin decides what is right where BookSim has no say, so it must be right where BookSim has.
  @Test("The twin on short traces", arguments: ReferenceFiles.runs.filter { !$0.list.hasPrefix("load") })
  func twinOnTrace(_ run: ReferenceFiles.Run) throws {
    var twin = try run.scenario().twin()
    let isDone = twin.run()
    #expect(isDone)
    for (packet, result) in try run.expected() { #expect(twin.results[packet] == result) }
  }

  @Test("The twin on random networks", arguments: stride(from: 0, to: cases.count, by: 10).map { cases[$0] })
  func twinOnRandomCase(_ random: BookSimCase) {
    var twin = random.scenario().twin()
    let isDone = twin.run()
    #expect(isDone)
    #expect(BookSimCase.hash(twin.results) == random.hash)
  }

  static let cases: [BookSimCase] =
    (try? ReferenceFiles.lines(of: "booksim-random.csv").compactMap { BookSimCase(row: String($0)) }) ?? []
}
