/// Parses a record line of the text twin; the opposite of `RecordPrinter`.
struct RecordParser {
  private let tensors: TextNames
  private let formats: TextNames

  init(header: TraceHeader) {
    tensors = TextNames(header.tensors.map(\.name))
    formats = TextNames(header.formats.map(\.name))
  }

  private static let opcodes = Opcode.allCases.filter { $0 != .repeat }.map { ($0.name, $0) }
  private static let functions = VectorFunction.allCases.map { ($0.name, $0) }
  private static let fields = OperandStride.Field.allCases.map { ("\($0)", $0) }

  func parse(_ line: inout TextLine) throws(TraceError) -> (Instruction, [OperandStride]) {
    if let word = line.upcoming, Opcode.reserved.values.contains(word) {
      throw line.fault(expected: "an operation (\(word) is reserved for a later version)")
    }
    var i = Instruction(try line.choice(Self.opcodes, "an operation, repeat, } or stream"))
    try body(&i, &line)
    let strides = try clauses(&i, &line)
    return (i, strides)
  }

  private func body(_ i: inout Instruction, _ line: inout TextLine) throws(TraceError) {
    switch i.opcode {
    case .load, .store, .copy: try transfer(&i, &line)
    case .preload, .matmul: try array(&i, &line)
    case .vector, .convert, .reduce: try elementwise(&i, &line)
    case .signal, .wait, .barrier: try synchronisation(&i, &line)
    case .regionBegin: i.region = try line.number(UInt32.self, "a region index")
    default: i.value = try line.number(Int64.self, "a value")
    }
  }

  private func transfer(_ i: inout Instruction, _ line: inout TextLine) throws(TraceError) {
    if i.opcode == .load {
      try remote(&i, &line)
      try line.require("->")
      i.destination = try local(&line)
      if line.take("multicast") { i.tileSet = try setNumber(&line) }
      return
    }
    i.source = try local(&line)
    try line.require("->")
    if i.opcode == .store { return try remote(&i, &line) }
    try line.require("tile")
    i.tile = try line.number(UInt32.self, "a tile")
    i.destination = try local(&line)
  }

  private func setNumber(_ line: inout TextLine) throws(TraceError) -> UInt32 {
    let index = try line.number(UInt32.self, "a tile set")
    guard index < UInt32.max else { throw line.fault(expected: "a tile set below \(UInt32.max)") }
    return index + 1
  }

  private func array(_ i: inout Instruction, _ line: inout TextLine) throws(TraceError) {
    i.unit = try line.number(UInt8.self, "the index of a MAC array")
    i.format = try format(&line)
    if i.opcode == .preload {
      let shape = try line.product(UInt32.self, count: 2, "ROWSxCOLUMNS")
      (i.rows, i.columns) = (shape[0], shape[1])
      i.source = try local(&line)
      return
    }
    let shape = try line.product(UInt32.self, count: 3, "MxNxK")
    (i.m, i.n, i.k) = (shape[0], shape[1], shape[2])
    i.accumulate = line.take("accumulate")
    try sources(&i, &line)
  }

  private func elementwise(_ i: inout Instruction, _ line: inout TextLine) throws(TraceError) {
    if i.opcode != .convert { i.function = try line.choice(Self.functions, "a function") }
    i.format = try format(&line)
    if i.opcode == .convert {
      try line.require("to")
      i.outputFormat = try format(&line)
    }
    if i.opcode == .reduce {
      let shape = try line.product(UInt64.self, count: 2, "GROUPSxELEMENTS")
      guard let groups = UInt32(exactly: shape[0]) else { throw line.fault(expected: "at most 2^32 - 1 groups") }
      (i.groups, i.elements) = (groups, shape[1])
    } else {
      i.elements = try line.number(UInt64.self, "a number of elements")
    }
    try sources(&i, &line)
  }

  private func sources(_ i: inout Instruction, _ line: inout TextLine) throws(TraceError) {
    i.source = try local(&line)
    if i.opcode == .matmul || i.opcode == .vector, line.take(",") { i.source2 = try local(&line) }
    try line.require("->")
    i.destination = try local(&line)
  }

  private func synchronisation(_ i: inout Instruction, _ line: inout TextLine) throws(TraceError) {
    i.token = try line.number(UInt64.self, i.opcode == .barrier ? "a barrier id" : "a token")
    if i.opcode == .wait {
      try line.require("signals")
      i.signals = try line.number(UInt32.self, "a number of signals")
      try line.require("waiters")
      i.waiters = try line.number(UInt32.self, "a number of waiters")
    } else if i.opcode == .barrier, line.take("set") {
      i.tileSet = try setNumber(&line)
    }
  }

  private func format(_ line: inout TextLine) throws(TraceError) -> UInt8 {
    guard let word = line.upcoming, let index = formats.index(word), let byte = UInt8(exactly: index) else {
      throw line.fault(expected: "a number format", legal: formats.legal)
    }
    line.skip()
    return byte
  }
}

extension RecordParser {
  private func remote(_ i: inout Instruction, _ line: inout TextLine) throws(TraceError) {
    guard let word = line.upcoming, let index = tensors.index(word), let tensor = UInt32(exactly: index) else {
      throw line.fault(expected: "a tensor", legal: tensors.legal)
    }
    line.skip()
    i.tensor = tensor
    if line.take("none") { return }
    guard let offset = line.upcoming, offset.hasPrefix("+") || offset.hasPrefix("-") else {
      throw line.fault(expected: "an offset in the tensor, such as +0x40")
    }
    i.hbm = try shape(try line.number(Int64.self, "an offset in the tensor"), &line)
  }

  private func local(_ line: inout TextLine) throws(TraceError) -> StridedView {
    if line.take("none") { return .none }
    if let word = line.upcoming, word.hasPrefix("acc:") {
      let (base, overflow) = (Int64(literal: String(word.dropFirst(4))) ?? -1)
        .addingReportingOverflow(LocalAddress.accumulatorBase)
      guard !overflow, base >= LocalAddress.accumulatorBase else {
        throw line.fault(expected: "an accumulator address, such as acc:0x40")
      }
      line.skip()
      return try shape(base, &line)
    }
    return try shape(try line.number(Int64.self, "a local address, acc:ADDRESS or none"), &line)
  }

  private func shape(_ base: Int64, _ line: inout TextLine) throws(TraceError) -> StridedView {
    try line.require("run")
    let run = try line.number(Int32.self, "a run of bytes")
    var view = StridedView(base: base, run: run)
    if let (count, stride) = try dimension(&line) { (view.count1, view.stride1) = (count, stride) }
    if let (count, stride) = try dimension(&line) { (view.count2, view.stride2) = (count, stride) }
    if let (count, stride) = try dimension(&line) { (view.count3, view.stride3) = (count, stride) }
    guard run >= 1, min(view.count1, view.count2, view.count3) >= 1 else {
      throw line.fault(expected: "runs and counts of at least 1 before")
    }
    return view
  }

  /// xCOUNT/STRIDE, when there is one.
  private func dimension(_ line: inout TextLine) throws(TraceError) -> (Int32, Int64)? {
    guard let word = line.upcoming, word.hasPrefix("x") else { return nil }
    let parts = word.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int32(String(parts[0])), let stride = Int64(literal: String(parts[1])) else {
      throw line.fault(expected: "a dimension xCOUNT/STRIDE, such as x3/128")
    }
    line.skip()
    return (count, stride)
  }

  private func clauses(_ i: inout Instruction, _ line: inout TextLine) throws(TraceError) -> [OperandStride] {
    var strides: [OperandStride] = []
    if i.opcode.operation != nil, line.take("statistics") {
      i.sourceStatistics = try line.number(UInt32.self, "operand statistics")
      try line.require(",")
      i.source2Statistics = try line.number(UInt32.self, "operand statistics")
    }
    if line.take("after") { try dependencies(&i, &line) }
    if line.take("step") { strides = try steps(&line) }
    let more = (i.opcode.operation != nil ? ["statistics"] : []) + ["after", "step"]
    try line.requireEnd(i.opcode == .load ? ["multicast"] + more : more)
    return strides
  }

  private func dependencies(_ i: inout Instruction, _ line: inout TextLine) throws(TraceError) {
    repeat {
      guard i.dependencyCount < 8 else { throw line.fault(expected: "at most 8 dependencies") }
      guard let word = line.upcoming, let distance = UInt32(word), distance > 0 else {
        throw line.fault(expected: "a distance of at least 1 to an earlier record")
      }
      i.addDependency(distance: distance)
      line.skip()
    } while line.take(",")
  }

  private func steps(_ line: inout TextLine) throws(TraceError) -> [OperandStride] {
    var strides: [OperandStride] = []
    repeat {
      let field = try line.choice(Self.fields, "a field that can step")
      let step = try line.number(Int64.self, "a step")
      guard let word = line.upcoming, word.hasPrefix("@"), let level = UInt8(word.dropFirst()) else {
        throw line.fault(expected: "the repeat's level, @0 for the outermost")
      }
      line.skip()
      strides.append(OperandStride(level: level, field: field, step: step))
    } while line.take(",")
    return strides
  }
}
