import DesignSpace
import Testing

@testable import Reporting

@Suite struct DesignReportTests {
  private let table = DesignPageTests.table()

  @Test func topIsInOrder() throws {
    let lines = DesignReport(table).top(5, by: 1).split(separator: "\n").map(String.init)
    #expect(lines[0] == "study <1>: 111 of 125 points, least energy first")
    #expect(lines[1].split(separator: " ") == ["point", "banks", "tile", "name", "energy", "time"])
    let numbers = lines[2..<7].map { Int($0.split(separator: " ")[0])! }
    #expect(numbers == table.ranking(by: 1).prefix(5).map { table.points[$0].number })
    #expect(lines[7] == "  and 106 more")
  }

  @Test func namesAreShortAndToldApart() {
    let names = ["tile.sram.banks", "tile.dma.banks", "noc.vcs/hbm.stacks", "size"]
    let table = DesignTable(
      title: "t", axes: names.map { .init(name: $0, levels: ["1"]) }, statistics: [.init(name: "time", unit: "s")],
      points: [.init(number: 0, coordinates: ["1", "1", "1", "1"], values: ["2"])], total: 1)
    let header = DesignReport(table).top(1, by: 0).split(separator: "\n")[1].split(separator: " ")
    #expect(header == ["point", "sram.banks", "dma.banks", "vcs/stacks", "size", "time"])
  }

  @Test func aFrontNeedsTwoObjectives() throws {
    #expect(try DesignReport(table).front().split(separator: "\n").count == table.paretoFront.count + 2)
    #expect(try DesignReport(table).frontSVG().hasPrefix("<svg "))
    var one = table
    one.statistics[1].goal = nil
    let fault = #expect(throws: SweepFault.self) { try DesignReport(one).front() }
    #expect(fault?.description.contains("there is only time") == true && fault?.exitCode == 64)
  }

  @Test func maximizingTurnsTheOrder() {
    var turned = table
    turned.statistics[1].goal = .maximize
    let best = turned.points[turned.ranking(by: 1)[0]].values[1]
    #expect(turned.points.allSatisfy { $0.values.isEmpty || Double($0.values[1])! <= Double(best)! })
    #expect(DesignReport(turned).top(1, by: 1).contains("most energy first"))
  }

  private func progress(done: Int, of all: Int, lastAgo: Int64 = 0, gap: Int64 = 100) -> DesignProgress {
    let now: Int64 = 1_000_000_000
    let results = (0..<done).map { number in
      let request = PointRequest(
        point: number, request: "r\(number)", configuration: "", input: "", overrides: [], values: [])
      return PointResult(
        request, status: number == 1 ? .failed : .completed, finished: now - lastAgo - Int64(done - 1 - number) * gap)
    }
    let plan = SweepPlan(
      name: "s", identity: "", space: "", axes: [], statistics: [], objectives: [], points: all, ideal: [],
      keep: .summary,
      toolVersion: "", executable: "")
    return DesignProgress(SweepResults(plan: plan, points: results), now: now)
  }

  @Test func statusSaysRateAndTimeLeft() {
    // 300 points, one every 100 ms: 10 points/s, and 700 to come.
    let text = progress(done: 300, of: 1000).text
    #expect(text.contains("s: 300 of 1,000 points, 30.0 %, 1 failed"))
    #expect(text.contains("10.03 points/s, about 1 min 9 s left"), "\(text)")
    #expect(progress(done: 4, of: 9, gap: 50_000).text.contains("0.027 points/s"))
    #expect(progress(done: 20, of: 1000, lastAgo: 7_200_000).text.contains("the last point came 2.0 h ago"))
    #expect(progress(done: 3, of: 3).isComplete && progress(done: 3, of: 3).text.contains("complete"))
    #expect(progress(done: 0, of: 3).text.contains("nothing has finished yet"))
  }
}
