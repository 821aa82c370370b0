import InstructionTrace

/// palsim's own layer table; its columns are described in `docs/models/compiler.md`.
struct PalsimTable {
  static let columns = [
    "name", "operator", "input", "input2", "height", "width", "channels", "filters", "kernel", "stride", "padding", "m",
    "n", "k", "heads", "head_size", "query", "kv", "vocabulary", "kind", "epilogue", "batch", "format",
  ]

  private var faults: FaultCollector
  private var layers: [Layer] = []
  private var indexByName: [String: Int] = [:]

  /// - Throws: `CompileError.table` with every fault.
  static func read(_ table: RawTable, file: String, name: String) throws(CompileError) -> Model {
    var reader = PalsimTable(file: file)
    let columns = reader.header(table.header)
    for row in table.rows { reader.add(RowReader(row: row, columns: columns)) }
    if table.rows.isEmpty { reader.faults.add(line: table.header.line, "the table has no layers") }
    if !reader.faults.faults.isEmpty { throw .table(reader.faults.faults) }
    return Model(name: name, layers: reader.layers)
  }

  private init(file: String) { faults = FaultCollector(file: file) }

  private mutating func header(_ row: RawTable.Row) -> [String: Int] {
    var columns: [String: Int] = [:]
    for (index, cell) in row.cells.enumerated() where !cell.isEmpty {
      let word = cell.lowercased()
      if !Self.columns.contains(word) {
        let hint = NearestWord.hint(word, in: Self.columns)
        faults.add(line: row.line, cell: index, "unknown column '\(cell)'\(hint)")
      } else if columns.updateValue(index, forKey: word) != nil {
        faults.add(line: row.line, cell: index, "column '\(cell)' stands twice")
      }
    }
    for needed in ["name", "operator"] where columns[needed] == nil {
      faults.add(line: row.line, "the header has no column '\(needed)'")
    }
    return columns
  }

  private mutating func add(_ row: RowReader) {
    let name = row.text("name")
    if name.isEmpty { row.fault("name", "the layer has no name", &faults) }
    extraCells(row)
    let before = faults.faults.count
    let operatorIndex = row.word("operator", of: Operator.names, &faults)
    let inputs = inputs(of: row, operatorIndex.map { Operator.names[$0] } ?? "")
    if let operatorIndex, let operation = operation(Operator.names[operatorIndex], row, inputs) {
      let layer = Layer(
        name: name, line: row.row.line, operation: operation, inputs: inputs, epilogue: epilogue(row, operation),
        batch: row.integer("batch", fallback: 1, &faults), format: row.has("format") ? row.text("format") : nil)
      if let fault = LayerSize.fault(layer) { row.fault("name", fault, &faults) }
      if faults.faults.count == before { check(layer, row) }
      layers.append(layer)
    } else {
      layers.append(Layer(name: name, line: row.row.line, operation: .add(unknown), inputs: inputs))
    }
    if indexByName.updateValue(layers.count - 1, forKey: name) != nil, !name.isEmpty {
      row.fault("name", "a layer named '\(name)' stands above already", &faults)
    }
  }

  /// Stands for the shape of a layer that could not be read: not checked against.
  private let unknown = Shape(height: 0, width: 0, channels: 0)

  private mutating func extraCells(_ row: RowReader) {
    let known = row.columns.values
    for (index, cell) in row.row.cells.enumerated() where !cell.isEmpty && !known.contains(index) {
      faults.add(line: row.row.line, cell: index, "found '\(cell)' where the header names no column")
    }
  }

  private mutating func inputs(of row: RowReader, _ operatorName: String) -> [LayerInput] {
    let previous: LayerInput = layers.isEmpty ? .external : .layer(layers.count - 1)
    let first = operatorName == "embedding" ? .external : input("input", row) ?? previous
    if operatorName != "add" {
      if row.has("input2") { row.fault("input2", "only 'add' has a second input", &faults) }
      return [first]
    }
    if !row.has("input2") { row.fault("input2", "'add' needs the name of a layer in column 'input2'", &faults) }
    return [first, input("input2", row) ?? .external]
  }

  private mutating func input(_ column: String, _ row: RowReader) -> LayerInput? {
    let name = row.text(column)
    if name.isEmpty { return nil }
    if name == "external" { return .external }
    if let index = indexByName[name] { return .layer(index) }
    let known = layers.map(\.name) + ["external"]
    row.fault(column, "no layer '\(name)' stands above\(NearestWord.hint(name, in: known))", &faults)
    return nil
  }

  private mutating func operation(_ name: String, _ row: RowReader, _ inputs: [LayerInput]) -> Operator? {
    let from = source(inputs[0])
    switch name {
    case "conv":
      return .conv(window(row, from), filters: row.integer("filters", &faults))
    case "depthwise": return .depthwise(window(row, from))
    case "gemm":
      return .gemm(
        m: row.integer("m", fallback: gemmRows(from, row), &faults), n: row.integer("n", &faults),
        k: row.integer("k", fallback: from?.channels, &faults))
    case "attention": return attention(row, from)
    case "add": return .add(shape(row, from))
    case "pool": return pool(row, from)
    case "norm":
      let kind = row.word("kind", of: NormKind.allCases.map(\.rawValue), &faults)
      return kind.map { .norm(NormKind.allCases[$0], shape(row, from)) }
    case "softmax": return .softmax(shape(row, from))
    case "activation":
      let kind = row.word("kind", of: VectorFunction.activations.map(\.name), &faults)
      return kind.map { .activation(VectorFunction.activations[$0].function, shape(row, from)) }
    default:
      return .embedding(
        vocabulary: row.integer("vocabulary", &faults), rows: row.integer("m", fallback: 1, &faults),
        width: row.integer("channels", &faults))
    }
  }

  private func source(_ input: LayerInput) -> Shape? {
    guard case .layer(let index) = input else { return nil }
    let shape = layers[index].operation.outputShape
    return shape.elements == 0 ? nil : shape
  }

  /// A matrix of the layer before has its positions as rows.
  private func gemmRows(_ from: Shape?, _ row: RowReader) -> Int? {
    guard let from else { return nil }
    return from.rows
  }

  private mutating func shape(_ row: RowReader, _ from: Shape?) -> Shape {
    Shape(
      height: row.integer("height", fallback: from?.height, &faults),
      width: row.integer("width", fallback: from?.width ?? 1, &faults),
      channels: row.integer("channels", fallback: from?.channels, &faults))
  }

  private mutating func window(_ row: RowReader, _ from: Shape?) -> Window {
    let input = shape(row, from)
    let kernel = row.pair("kernel", fallback: nil, in: 1...4096, &faults)
    let stride = row.pair("stride", fallback: 1, in: 1...4096, &faults)
    let padding = row.pair("padding", fallback: 0, in: 0...4096, &faults)
    let window = Window(
      input: input, kernelHeight: kernel.0, kernelWidth: kernel.1, strideY: stride.0, strideX: stride.1,
      paddingY: padding.0, paddingX: padding.1)
    if window.outputHeight < 1 || window.outputWidth < 1 {
      let size = "\(kernel.0)x\(kernel.1)"
      row.fault("kernel", "a \(size) kernel does not fit the padded input \(input.height)x\(input.width)", &faults)
    } else if padding.0 >= kernel.0 || padding.1 >= kernel.1 {
      row.fault("padding", "padding must be less than the kernel, or outputs would see nothing but zeros", &faults)
    }
    return window
  }

  private mutating func pool(_ row: RowReader, _ from: Shape?) -> Operator? {
    guard let index = row.word("kind", of: PoolKind.allCases.map(\.rawValue), &faults) else { return nil }
    let kind = PoolKind.allCases[index]
    if kind != .global { return .pool(kind, window(row, from)) }
    let input = shape(row, from)
    return .pool(
      .global,
      Window(
        input: input, kernelHeight: input.height, kernelWidth: input.width, strideY: 1, strideX: 1, paddingY: 0,
        paddingX: 0))
  }

  private mutating func attention(_ row: RowReader, _ from: Shape?) -> Operator {
    let heads = row.integer("heads", &faults)
    let size = row.integer("head_size", fallback: from.map { max(1, $0.channels / (3 * heads)) }, &faults)
    let query = row.integer("query", fallback: from?.rows, &faults)
    let keyValue = row.integer("kv", fallback: query, &faults)
    if keyValue < query {
      row.fault("kv", "kv \(keyValue) is less than query \(query): it counts the new positions too", &faults)
    }
    return .attention(heads: heads, headSize: size, query: query, keyValue: keyValue)
  }

  private mutating func epilogue(_ row: RowReader, _ operation: Operator) -> [Epilogue] {
    let words = row.text("epilogue").split(separator: " ").map { $0.lowercased() }
    switch operation {
    case .conv, .gemm, .depthwise, .add: break
    default: if !words.isEmpty { row.fault("epilogue", "'\(operation.name)' takes no epilogue", &faults) }
    }
    let legal = ["bias", "batchnorm"] + VectorFunction.activations.map(\.name)
    return words.compactMap { word in
      if case .add = operation, word == "bias" || word == "batchnorm" {
        row.fault("epilogue", "'add' takes activations only as epilogue, found '\(word)'", &faults)
        return nil
      }
      if word == "bias" { return .bias }
      if word == "batchnorm" { return .batchnorm }
      if let known = VectorFunction.activations.first(where: { $0.name == word }) { return .activation(known.function) }
      let hint = NearestWord.hint(word, in: legal)
      row.fault("epilogue", "unknown epilogue '\(word)', expected \(legal.joined(separator: ", "))\(hint)", &faults)
      return nil
    }
  }

  /// The operands must hold as many elements as the layers they come from produce.
  private mutating func check(_ layer: Layer, _ row: RowReader) {
    guard let wanted = layer.operation.inputShape else { return }
    for (input, column) in zip(layer.inputs, ["input", "input2"]) {
      guard case .layer(let index) = input, let got = source(input) else { continue }
      if layers[index].batch != layer.batch {
        row.fault("batch", "batch \(layer.batch) differs from that of its input '\(layers[index].name)'", &faults)
      }
      if got.elements != wanted.elements {
        let text = "'\(layers[index].name)' gives \(got), but '\(layer.name)' reads \(wanted)"
        faults.add(line: row.row.line, cell: row.columns[column], text)
      }
    }
  }
}
