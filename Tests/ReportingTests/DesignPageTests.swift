import DesignSpace
import Foundation
import Testing

@testable import Reporting

@Suite struct DesignPageTests {
  /// So many points of three axes with two objectives and words in need of care; every 13th has failed.
  static func table(points count: Int = 120) -> DesignTable {
    let axes = [["8", "16", "32"], ["0.8 GHz", "1 GHz"], ["<a>", "b & \"c\""]]
    let points = (0..<count).map { number in
      let coordinates = [axes[0][number % 3], axes[1][number / 3 % 2], axes[2][number / 6 % 2]]
      let time = 1 + (number * 7919) % 997
      let energy = 1 + (number * 104_729) % 991
      return number % 13 == 12
        ? DesignTable.Point(number: number, coordinates: coordinates, values: [], failure: "found <0> & more")
        : DesignTable.Point(
          number: number, coordinates: coordinates,
          values: ["0.000\(1000 + time)", "0.\(1000 + energy)00000", "\(number).5"])
    }
    return DesignTable(
      title: "study <1>",
      axes: zip(["tile.sram.banks", "clocks.tile", "name"], axes).map { .init(name: $0, levels: $1) },
      statistics: [
        .init(name: "time", unit: "s", definition: "cycles / tile clock.", goal: .minimize),
        .init(name: "energy", unit: "J", goal: .minimize), .init(name: "utilization", unit: "%"),
      ], points: points, total: count + 5)
  }

  /// Texts of the cells of each row of the table under a heading.
  private func rows(_ page: String, _ section: String) throws -> [[String]] {
    let start = try #require(page.range(of: "<section id=\"\(section)\">")).upperBound
    let end = try #require(page.range(of: "</section>", range: start..<page.endIndex)).lowerBound
    return page[start..<end].components(separatedBy: "<tr").dropFirst(2).map { row in
      row.components(separatedBy: "<td").dropFirst().map { cell in
        let text = cell[cell.index(after: cell.firstIndex(of: ">")!)..<cell.range(of: "</td>")!.lowerBound]
        return String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
          .replacing("&amp;", with: "&")
      }
    }
  }

  @Test func figuresAreThoseOfTheTable() throws {
    let table = Self.table()
    let page = DesignPage(table).html
    let completed = table.points.filter { $0.failure == nil }
    #expect(try rows(page, "points") == completed.map { ["\($0.number)"] + $0.coordinates + $0.values })
    let front = table.paretoFront.map { table.points[$0] }
    #expect(!front.isEmpty)
    #expect(try rows(page, "front") == front.map { ["\($0.number)"] + $0.coordinates + $0.values })
    let failed = table.points.filter { $0.failure != nil }
    #expect(try rows(page, "failures") == failed.map { ["\($0.number)"] + $0.coordinates + [$0.failure!] })
  }

  @Test func everyPointIsDrawnWhereItBelongs() throws {
    let table = Self.table()
    let page = DesignPage(table).html
    let drawn = { (element: String, point: Int) in
      page.components(separatedBy: "<\(element) ").dropFirst()
        .count { $0.prefix { $0 != ">" }.contains("data-point=\"\(point)\"") }
    }
    for point in table.completed.map({ table.points[$0].number }) {
      // Two sizes of the Pareto plot and of the parallel coordinates.
      #expect(drawn("circle", point) == 2 && drawn("polyline", point) == 2, "point \(point)")
    }
  }

  @Test func isOneFileWithoutAnyOther() throws {
    let page = DesignPage(Self.table()).html
    for word in ["src=", "href=", "@import", "url(", "<link", "fetch("] { #expect(!page.contains(word), "\(word)") }
    #expect(page.contains("<title>study &lt;1&gt;</title>") && !page.contains("study <1>"))
    #expect(page == DesignPage(Self.table()).html, "the same table gives the same bytes")
  }

  @Test func ofManyPointsTheBestAreShown() throws {
    let table = Self.table(points: 5_000)
    let page = DesignPage(table).html
    let shown = Set(try rows(page, "points").map { $0[0] })
    #expect(shown.count == 2_000)
    #expect(shown.isSuperset(of: table.paretoFront.map { "\(table.points[$0].number)" }))
    #expect(shown.contains("\(table.points[table.ranking(by: 1)[0]].number)"))
  }

  @Test func nothingCompletedIsSaid() {
    let table = DesignTable(title: "t", axes: [], statistics: [], points: [], total: 3)
    #expect(DesignPage(table).html.contains("No point has completed yet."))
  }
}
