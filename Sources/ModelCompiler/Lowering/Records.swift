import InstructionTrace

extension Instruction {
  static func load(_ tensor: UInt32, _ hbm: StridedView, to destination: StridedView) -> Instruction {
    var record = Instruction(.load)
    record.tensor = tensor
    record.hbm = hbm
    record.destination = destination
    return record
  }

  static func store(_ source: StridedView, _ tensor: UInt32, _ hbm: StridedView) -> Instruction {
    var record = Instruction(.store)
    record.tensor = tensor
    record.hbm = hbm
    record.source = source
    return record
  }

  static func vector(
    _ function: VectorFunction, _ format: UInt8, elements: Int, _ source: StridedView, _ source2: StridedView = .none,
    to destination: StridedView
  ) -> Instruction {
    var record = Instruction(.vector)
    record.function = function
    record.format = format
    record.elements = UInt64(elements)
    record.source = source
    record.source2 = source2
    record.destination = destination
    return record
  }

  static func convert(
    _ from: UInt8, _ to: UInt8, elements: Int, _ source: StridedView, to destination: StridedView
  ) -> Instruction {
    var record = Instruction(.convert)
    record.format = from
    record.outputFormat = to
    record.elements = UInt64(elements)
    record.source = source
    record.destination = destination
    return record
  }

  /// `groups` runs of `elements` each, every run to one value.
  static func reduce(
    _ function: VectorFunction, _ format: UInt8, elements: Int, groups: Int, _ source: StridedView,
    to destination: StridedView
  ) -> Instruction {
    var record = Instruction(.reduce)
    record.function = function
    record.format = format
    record.elements = UInt64(elements)
    record.groups = UInt32(groups)
    record.source = source
    record.destination = destination
    return record
  }
}

extension StridedView {
  /// `rows` runs of `run` bytes, `pitch` apart; one run when they touch.
  static func rows(_ base: Int64, run: Int, rows: Int, pitch: Int) -> StridedView {
    if rows == 1 || run == pitch, run * rows <= Int(Int32.max) {
      return StridedView(base: base, run: Int32(run * rows))
    }
    return StridedView(base: base, run: Int32(run), count1: Int32(rows), stride1: Int64(pitch))
  }
}
