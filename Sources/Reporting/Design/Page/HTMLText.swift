/// HTML as text, written front to back.
struct HTMLText {
  private(set) var text = ""

  /// An element with whatever `body` writes inside.
  mutating func element(_ tag: String, _ attributes: String = "", _ body: (inout HTMLText) -> Void) {
    text += attributes.isEmpty ? "<\(tag)>" : "<\(tag) \(attributes)>"
    body(&self)
    text += "</\(tag)>\n"
  }

  /// An element with words inside.
  mutating func words(_ tag: String, _ words: String, _ attributes: String = "") {
    element(tag, attributes) { $0.raw(Self.escaped(words)) }
  }

  /// Text that is HTML already.
  mutating func raw(_ html: String) { text += html }

  /// A table; a cell that is a number lies at the right. `rowAttributes` and cells come from `rows`.
  mutating func table(_ columns: [String], _ rows: [(attributes: String, cells: [String])]) {
    element("div", "class=\"scroll\"") { page in
      page.element("table") { table in
        table.element("thead") { head in
          head.element("tr") { row in for column in columns { row.words("th", column, "scope=\"col\"") } }
        }
        table.element("tbody") { body in
          for row in rows {
            body.element("tr", row.attributes) { line in
              for cell in row.cells { line.words("td", cell, Double(cell) == nil ? "" : "class=\"number\"") }
            }
          }
        }
      }
    }
  }

  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
