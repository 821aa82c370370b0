import DesignSpace

/// A sweep as one HTML page that opens from disk: it needs no other file and no network. Its pictures and tables are there
/// without a script; the script adds highlighting, brushing and sorting.
public struct DesignPage {
  private let table: DesignTable
  private let front: [Int]
  private let shown: [Int]
  /// Points drawn and listed at most: a browser stays quick. Front and best points are always among them.
  private static let mostPoints = 2_000
  /// Objectives plotted against each other at most.
  private static let plotted = 4
  /// Pixels across of the pictures for a screen and for a phone.
  private static let (wide, narrow) = (1080, 358)

  public init(_ table: DesignTable) {
    self.table = table
    front = table.paretoFront
    shown = table.sample(Self.mostPoints, front: front)
  }

  public var html: String {
    var page = HTMLText()
    page.raw(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTMLText.escaped(table.title))</title>
      <style>
      \(String(decoding: PackageResources.page_css, as: UTF8.self))</style>
      </head>

      """)
    page.element("body") { body in
      addHeading(&body)
      body.element("main") { main in
        if table.completed.isEmpty {
          main.words("p", "No point has completed yet.")
        } else {
          addFront(&main)
          addEffects(&main)
          addParallel(&main)
          addPoints(&main)
        }
        addFailures(&main)
      }
      body.element("div", "id=\"info\" role=\"status\" hidden") { _ in }
      body.element("script") { $0.raw("\n" + String(decoding: PackageResources.page_js, as: UTF8.self)) }
    }
    page.raw("</html>\n")
    return page.text
  }

  private func addHeading(_ page: inout HTMLText) {
    page.element("header") { header in
      header.words("h1", table.title)
      let failed = table.points.count { $0.failure != nil }
      header.words(
        "p",
        "\(Figures.grouped(Int64(table.completed.count))) of \(Figures.grouped(Int64(table.total))) points completed"
          + (failed > 0 ? ", \(Figures.grouped(Int64(failed))) failed." : "."))
      header.element("ul", "class=\"objectives\"") { list in
        for objective in table.objectives.map({ table.statistics[$0] }) {
          list.element("li") { item in
            item.words("strong", "\(objective.goal == .maximize ? "most" : "least") \(objective.name)")
            item.raw(HTMLText.escaped(" \(objective.definition)"))
          }
        }
      }
    }
  }

  private func addSection(
    _ page: inout HTMLText, _ name: String, _ title: String, _ words: String, _ body: (inout HTMLText) -> Void
  ) {
    page.element("section", "id=\"\(name)\"") { section in
      section.words("h2", title)
      section.words("p", words)
      body(&section)
    }
  }

  private func addFront(_ page: inout HTMLText) {
    let objectives = table.objectives
    guard !objectives.isEmpty else { return }
    let names = objectives.map { table.statistics[$0].name }.joined(separator: ", ")
    addSection(
      &page, "front", "Pareto front",
      "\(front.count == 1 ? "One point" : "\(front.count) points") that no other is at least as good as in every "
        + "objective (\(names)) and better than in one."
    ) { section in
      for (first, second) in pairs(objectives) {
        picture(&section) { TradeoffPlot(table: table, x: first, y: second, points: shown, front: front, width: $0).svg }
      }
      pointTable(&section, front.filter { shown.contains($0) })
    }
  }

  private func pairs(_ objectives: [Int]) -> [(Int, Int)] {
    let plotted = objectives.prefix(Self.plotted)
    return plotted.indices.flatMap { first in plotted[(first + 1)...].map { (plotted[first], $0) } }
  }

  private func addEffects(_ page: inout HTMLText) {
    let effects = table.mainEffects
    guard !effects.isEmpty else { return }
    addSection(
      &page, "effects", "Main effects",
      "How much of an objective's variance each axis explains by itself, and how far its mean moves between the levels. "
        + "What the shares of an objective leave over, the axes do together. The plots of an objective have one scale."
    ) { section in
      section.table(
        ["objective", "axis", "share of variance", "range of means", "lowest mean", "highest mean"],
        effects.map { ("", table.row(of: $0)) })
      for objective in table.objectives {
        let own = effects.filter { $0.statistic == objective }
        let scale = PlotScale(table.statistics[objective], own.flatMap { $0.levels.map(\.mean) })
        section.element("div", "class=\"small\"") { plots in
          for effect in own { plots.raw(EffectPlot(effect: effect, table: table, scale: scale).svg) }
        }
      }
    }
  }

  private func addParallel(_ page: inout HTMLText) {
    addSection(
      &page, "parallel", "Parallel coordinates",
      "Each path is a point, in blue if it is on the Pareto front. Drag along a line to keep only what passes there; "
        + "several lines combine."
    ) { section in
      section.raw("<p id=\"selection\" hidden><span></span> <button type=\"button\">Show all</button></p>\n")
      picture(&section) { ParallelPlot(table: table, points: shown, front: front, width: $0).svg }
    }
  }

  private func addPoints(_ page: inout HTMLText) {
    let all = table.completed.count
    let words =
      shown.count == all
      ? "Every completed point, with its figures as in results.csv."
      : "\(Figures.grouped(Int64(shown.count))) of \(Figures.grouped(Int64(all))) completed points: the Pareto front, the "
        + "best by each objective, and others evenly; all are in results.csv."
    addSection(&page, "points", "Points", words) { pointTable(&$0, shown) }
  }

  private func pointTable(_ page: inout HTMLText, _ points: [Int]) {
    page.table(
      ["point"] + table.axes.map(\.name) + table.statistics.map(\.title),
      points.map { place in
        let point = table.points[place]
        return ("data-point=\"\(point.number)\"", ["\(point.number)"] + point.coordinates + point.values)
      })
  }

  private func addFailures(_ page: inout HTMLText) {
    let failed = table.points.filter { $0.failure != nil }.prefix(Self.mostPoints)
    guard !failed.isEmpty else { return }
    addSection(&page, "failures", "Failed points", "What their runs said.") { section in
      section.table(
        ["point"] + table.axes.map(\.name) + ["message"],
        failed.map { ("", ["\($0.number)"] + $0.coordinates + [$0.failure ?? ""]) })
    }
  }

  /// A picture for a screen and one for a phone; the style shows one of them.
  private func picture(_ page: inout HTMLText, _ svg: (_ width: Int) -> String) {
    page.element("div", "class=\"wide\"") { $0.raw(svg(Self.wide)) }
    page.element("div", "class=\"narrow\"") { $0.raw(svg(Self.narrow)) }
  }
}
