/// The layer tables of SCALE-Sim and its many relatives: convolutions by image and filter size, or M, N, K.
///
/// Columns are recognised by the letters of their names, else by position; what follows the known columns is ignored
/// and said. The tables hold no pools, so layers do not chain: each reads a tensor of its own.
struct ScaleSimTable {
  private static let convolution: [(key: String, words: [String])] = [
    ("name", ["layername", "layer", "name"]), ("height", ["ifmapheight", "ifmaph", "inputheight", "ih"]),
    ("width", ["ifmapwidth", "ifmapw", "inputwidth", "iw"]), ("fh", ["filterheight", "filterh", "fh"]),
    ("fw", ["filterwidth", "filterw", "fw"]), ("channels", ["channels", "channel", "inputchannels"]),
    ("filters", ["numfilter", "numfilters", "filters", "numberoffilters"]), ("stride", ["strides", "stride"]),
  ]
  private static let matrix: [(key: String, words: [String])] = [
    ("name", ["layername", "layer", "name"]), ("m", ["m"]), ("n", ["n"]), ("k", ["k"]),
  ]

  private var faults: FaultCollector
  private var notices: [String] = []
  private var layers: [Layer] = []
  private let roundsUp: Bool

  /// True when the header is one of these tables rather than palsim's.
  static func recognises(_ header: RawTable.Row) -> Bool {
    let letters = header.cells.map(Self.letters)
    if letters.contains("operator") { return false }
    return letters.contains { $0.hasPrefix("ifmap") || $0.hasPrefix("numfilter") } || isMatrix(header)
  }

  /// - Parameter roundsUp: SCALE-Sim's ceiling for the output size instead of the true floor.
  /// - Throws: `CompileError.table` with every fault.
  static func read(_ table: RawTable, file: String, name: String, roundsUp: Bool) throws(CompileError) -> Model {
    var reader = ScaleSimTable(faults: FaultCollector(file: file), roundsUp: roundsUp)
    let known = isMatrix(table.header) ? matrix : convolution
    let columns = reader.columns(of: table.header, known)
    for (index, row) in table.rows.enumerated() {
      let reading = RowReader(row: row, columns: columns)
      let next = index + 1 < table.rows.count ? table.rows[index + 1] : nil
      reader.add(reading, next: next.map { RowReader(row: $0, columns: columns) }, isMatrix: known.count == 4)
    }
    if table.rows.isEmpty { reader.faults.add(line: table.header.line, "the table has no layers") }
    if !reader.faults.faults.isEmpty { throw .table(reader.faults.faults) }
    return Model(name: name, layers: reader.layers, notices: reader.notices)
  }

  private init(faults: FaultCollector, roundsUp: Bool) {
    self.faults = faults
    self.roundsUp = roundsUp
  }

  private static func letters(_ cell: String) -> String { String(cell.lowercased().filter(\.isLetter)) }

  private static func isMatrix(_ header: RawTable.Row) -> Bool {
    Set(["m", "n", "k"]).isSubset(of: header.cells.map(letters))
  }

  private mutating func columns(of header: RawTable.Row, _ known: [(key: String, words: [String])]) -> [String: Int] {
    let letters = header.cells.map(Self.letters)
    var columns: [String: Int] = [:]
    for (position, column) in known.enumerated() {
      columns[column.key] = letters.firstIndex { column.words.contains($0) }
      guard columns[column.key] == nil else { continue }
      columns[column.key] = position
      let found = header[position].isEmpty ? "nothing" : "'\(header[position])'"
      notices.append("header has no '\(column.words[0])': cell \(position + 1) is read as such (found \(found))")
    }
    let extra = header.cells.indices.filter { !header[$0].isEmpty && !columns.values.contains($0) }
    if !extra.isEmpty {
      notices.append("columns ignored: \(extra.map { "'\(header[$0])'" }.joined(separator: ", "))")
    }
    return columns
  }

  private mutating func add(_ row: RowReader, next: RowReader?, isMatrix: Bool) {
    let name = row.has("name") ? row.text("name") : "layer \(layers.count + 1)"
    let operation = isMatrix ? matrix(row) : convolution(row, name, next)
    let layer = Layer(name: unique(name, row), line: row.row.line, operation: operation, inputs: [.external])
    if let fault = LayerSize.fault(layer) { row.fault("name", fault, &faults) }
    layers.append(layer)
  }

  private mutating func unique(_ name: String, _ row: RowReader) -> String {
    guard layers.contains(where: { $0.name == name }) else { return name }
    notices.append("line \(row.row.line): second layer named '\(name)' is called '\(name)@\(row.row.line)'")
    return "\(name)@\(row.row.line)"
  }

  private mutating func matrix(_ row: RowReader) -> Operator {
    .gemm(m: row.integer("m", &faults), n: row.integer("n", &faults), k: row.integer("k", &faults))
  }

  private mutating func convolution(_ row: RowReader, _ name: String, _ next: RowReader?) -> Operator {
    let input = Shape(
      height: row.integer("height", &faults), width: row.integer("width", &faults),
      channels: row.integer("channels", &faults))
    let stride = row.integer("stride", in: 1...4096, &faults)
    let window = Window(
      input: input, kernelHeight: row.integer("fh", in: 1...4096, &faults),
      kernelWidth: row.integer("fw", in: 1...4096, &faults), strideY: stride, strideX: stride, paddingY: 0, paddingX: 0,
      roundsUp: roundsUp)
    if window.outputHeight < 1 || window.outputWidth < 1 {
      row.fault("fh", "the filter is larger than the \(input.height)x\(input.width) input", &faults)
    }
    let filters = row.integer("filters", &faults)
    guard isDepthwise(window, filters, next) else { return .conv(window, filters: filters) }
    notices.append(
      "line \(row.row.line): '\(name)' has one filter and the next layer reads all its channels: depthwise")
    return .depthwise(window)
  }

  /// These tables write a depthwise layer as one filter over C channels. It is one when the next layer reads C channels
  /// again; a convolution with a single filter would be followed by a layer of one channel.
  private func isDepthwise(_ window: Window, _ filters: Int, _ next: RowReader?) -> Bool {
    filters == 1 && window.input.channels > 1 && window.taps > 1
      && next.flatMap { Int($0.text("channels")) } == window.input.channels
  }
}
