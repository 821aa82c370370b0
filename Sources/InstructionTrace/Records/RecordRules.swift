/// What the format can hold: checked by the writer, so that every file it writes can be read.
enum RecordRules {
  static let maximumDepth = 4
  static let maximumStrides = maximumDepth * OperandStride.Field.allCases.count

  /// Why a record cannot be stored, or nil.
  static func fault(_ i: Instruction, strides: [OperandStride], depth: Int) -> String? {
    if i.opcode == .repeat { return "a repeat is written with beginRepeat and endRepeat" }
    if i.dependencyCount > 8 { return "\(i.dependencyCount) dependencies, expected at most 8" }
    for d in 0..<Int(i.dependencyCount) where i.dependencies[d] == 0 {
      return "a dependency distance is 0, expected at least 1 (the record just before)"
    }
    for (name, view) in operands(i) {
      if let fault = fault(view) { return "\(name): \(fault)" }
    }
    return fault(strides, depth: depth)
  }

  private static func fault(_ strides: [OperandStride], depth: Int) -> String? {
    if strides.count > maximumStrides { return "\(strides.count) strides, expected at most \(maximumStrides)" }
    for stride in strides where Int(stride.level) >= depth {
      return "a stride names repeat level \(stride.level), but \(depth) repeats are open (levels count from 0)"
    }
    return nil
  }

  private static func fault(_ view: StridedView) -> String? {
    if view.run == 0 { return nil }
    if view.run < 1 { return "the run is \(view.run) bytes, expected at least 1" }
    if min(view.count1, view.count2, view.count3) < 1 { return "a count is less than 1" }
    return nil
  }

  /// The operands an opcode has, by name.
  static func operands(_ i: Instruction) -> [(name: String, view: StridedView)] {
    switch i.opcode {
    case .load: [("hbm", i.hbm), ("destination", i.destination)]
    case .store: [("source", i.source), ("hbm", i.hbm)]
    case .preload: [("source", i.source)]
    case .matmul, .vector: [("source", i.source), ("source2", i.source2), ("destination", i.destination)]
    case .copy, .convert, .reduce: [("source", i.source), ("destination", i.destination)]
    default: []
    }
  }
}
