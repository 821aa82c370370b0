/// The line of one record in the text twin.
public struct RecordPrinter: Sendable {
  private let tensors: TextNames
  private let formats: TextNames

  /// Names tensors and formats by the tables of a header.
  public init(header: TraceHeader) {
    tensors = TextNames(header.tensors.map(\.name))
    formats = TextNames(header.formats.map(\.name))
  }

  /// The record without indentation.
  public func line(_ i: Instruction, strides: [OperandStride] = []) -> String {
    ([i.opcode.name] + body(i) + clauses(i, strides)).filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func body(_ i: Instruction) -> [String] {
    switch i.opcode {
    case .load: [remote(i), "->", local(i.destination), i.tileSet == 0 ? "" : "multicast \(i.tileSet - 1)"]
    case .store: [local(i.source), "->", remote(i)]
    case .copy: [local(i.source), "-> tile \(i.tile)", local(i.destination)]
    case .preload: ["\(i.unit) \(format(i.format)) \(i.rows)x\(i.columns)", local(i.source)]
    case .matmul:
      [
        "\(i.unit) \(format(i.format)) \(i.m)x\(i.n)x\(i.k)", i.accumulate ? "accumulate" : "", sources(i), "->",
        local(i.destination),
      ]
    case .vector: ["\(i.function.name) \(format(i.format)) \(i.elements)", sources(i), "->", local(i.destination)]
    case .convert:
      [
        "\(format(i.format)) to \(format(i.outputFormat)) \(i.elements)", local(i.source), "->", local(i.destination),
      ]
    case .reduce:
      [
        "\(i.function.name) \(format(i.format)) \(i.groups)x\(i.elements)", local(i.source), "->",
        local(i.destination),
      ]
    case .signal: ["\(i.token)"]
    case .wait: ["\(i.token) signals \(i.signals) waiters \(i.waiters)"]
    case .barrier: ["\(i.token)", i.tileSet == 0 ? "" : "set \(i.tileSet - 1)"]
    case .regionBegin: ["\(i.region)"]
    case .regionEnd, .mark: ["\(i.value)"]
    case .repeat: ["\(i.count) {"]
    }
  }

  private func clauses(_ i: Instruction, _ strides: [OperandStride]) -> [String] {
    var clauses: [String] = []
    if i.sourceStatistics != 0 || i.source2Statistics != 0 {
      clauses.append("statistics \(i.sourceStatistics),\(i.source2Statistics)")
    }
    if i.dependencyCount > 0 {
      let distances = (0..<min(8, Int(i.dependencyCount))).map { String(i.dependencies[$0]) }
      clauses.append("after " + distances.joined(separator: ","))
    }
    if !strides.isEmpty {
      clauses.append("step " + strides.map { "\($0.field) \($0.step) @\($0.level)" }.joined(separator: ", "))
    }
    return clauses
  }

  private func format(_ index: UInt8) -> String { formats.word(Int(index)) }

  private func sources(_ i: Instruction) -> String {
    local(i.source) + (i.source2.run == 0 ? "" : ", " + local(i.source2))
  }

  private func remote(_ i: Instruction) -> String {
    if i.hbm.run == 0 { return tensors.word(Int(i.tensor)) + " none" }
    let sign = i.hbm.base < 0 ? "-" : "+"
    return "\(tensors.word(Int(i.tensor))) \(sign)0x\(HeaderPrinter.hex(i.hbm.base.magnitude))" + shape(i.hbm)
  }

  private func local(_ view: StridedView) -> String {
    if view.run == 0 { return "none" }
    let inAccumulator = view.base >= LocalAddress.accumulatorBase
    let offset = inAccumulator ? view.base - LocalAddress.accumulatorBase : view.base
    let sign = offset < 0 ? "-" : ""
    return "\(inAccumulator ? "acc:" : sign)0x\(HeaderPrinter.hex(offset.magnitude))" + shape(view)
  }

  private func shape(_ view: StridedView) -> String {
    var text = " run \(view.run)"
    for d in 0..<view.dimensions { text += " x\(view.count(d))/\(view.stride(d))" }
    return text
  }
}
