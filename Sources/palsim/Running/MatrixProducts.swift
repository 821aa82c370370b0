import ModelCompiler
import Simulator
import Statistics

/// The matrix products of a layer table, in its order.
struct MatrixProducts {
  private(set) var products: [(name: String, shape: GEMMShape)] = []
  /// What the table's reader noticed, and which layers are no matrix product.
  private(set) var notices: [String]

  /// - Throws: `CompileError` for a table that cannot be read.
  init(file: String, dialect: TableDialect) throws {
    let model = try ModelReader.read(file: file, dialect: dialect)
    notices = model.notices
    for layer in model.layers {
      if let shape = Self.shape(of: layer) {
        products.append((layer.name, shape))
      } else {
        notices.append(
          "line \(layer.line): '\(layer.name)' (\(layer.operation.name)) is no matrix product and left out")
      }
    }
  }

  /// A convolution is the product of all its windows, a row each, with its filters, a column each.
  private static func shape(of layer: Layer) -> GEMMShape? {
    switch layer.operation {
    case .gemm(let m, let n, let k): GEMMShape(m: Int64(m * layer.batch), n: Int64(n), k: Int64(k))
    case .conv(let window, let filters):
      GEMMShape(
        m: Int64(window.outputHeight * window.outputWidth * layer.batch), n: Int64(filters),
        k: Int64(window.taps * window.input.channels))
    default: nil
    }
  }
}

/// Reports of several products, for a spreadsheet or a program.
struct GemmTable {
  var rows: [(name: String, report: GemmReport)] = []

  /// A line for each product, the first names the columns.
  var csv: String {
    let header = rows.first.map { ["layer"] + $0.report.columns.map(\.name) } ?? ["layer"]
    return rows.reduce(into: CSVText.row(header)) { text, row in
      text += CSVText.row([CSVText.quoted(row.name)] + row.report.columns.map(\.value))
    }
  }

  /// One object; `products` lists one for each product.
  var json: String {
    var text = JSONText()
    text.object { document in
      document.list("products") { list in
        for row in rows {
          list.object { entry in
            entry.field("layer", .string(row.name))
            row.report.write(to: &entry)
          }
        }
      }
    }
    return text.text + "\n"
  }
}
