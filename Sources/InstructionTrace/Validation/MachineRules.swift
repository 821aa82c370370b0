/// Checks one record against the header's tables and the machine it requires.
public struct MachineRules {
  let header: TraceHeader

  public init(header: TraceHeader) { self.header = header }

  /// Memories end below this address, so that no sum of address and strides wraps round.
  static let addressLimit: UInt64 = 1 << 61

  /// Most contiguous pieces of one operand.
  public static let pieceLimit: Int64 = 1 << 24

  /// What is wrong, first fault only, or nil.
  public func fault(_ i: Instruction) -> (TraceFinding.Kind, String)? {
    if let message = indexFault(i) { return (.index, message) }
    if let message = addressFault(i) { return (.address, message) }
    if let message = shapeFault(i) { return (.shape, message) }
    return nil
  }

  private func indexFault(_ i: Instruction) -> String? {
    let needs = header.requirements
    switch i.opcode {
    case .load, .store:
      if Int(i.tensor) >= header.tensors.count { return missing("tensor", i.tensor, header.tensors.count) }
      if i.opcode == .load { return setFault(i.tileSet) }
    case .copy: if i.tile >= needs.tiles { return missing("tile", i.tile, Int(needs.tiles)) }
    case .preload, .matmul:
      if Int(i.unit) >= needs.arrays.count { return missing("MAC array", UInt32(i.unit), needs.arrays.count) }
      return formatFault(i.format) ?? statisticsFault(i)
    case .vector, .reduce: return formatFault(i.format) ?? statisticsFault(i)
    case .convert: return formatFault(i.format) ?? formatFault(i.outputFormat)
    case .barrier: return setFault(i.tileSet)
    case .regionBegin:
      if Int(i.region) >= header.regions.count { return missing("region", i.region, header.regions.count) }
    default: break
    }
    return nil
  }

  private func missing(_ what: String, _ index: UInt32, _ count: Int) -> String {
    "\(what) \(index) is not there: the header has \(count)"
  }

  private func setFault(_ set: UInt32) -> String? {
    Int(set) > header.tileSets.count ? missing("tile set", set - 1, header.tileSets.count) : nil
  }

  private func formatFault(_ format: UInt8) -> String? {
    Int(format) >= header.formats.count ? missing("format", UInt32(format), header.formats.count) : nil
  }

  private func statisticsFault(_ i: Instruction) -> String? {
    let worst = max(i.sourceStatistics, i.source2Statistics)
    let count = header.operandStatistics.count
    return Int(worst) > count ? missing("operand statistics", worst - 1, count) : nil
  }

  private func addressFault(_ i: Instruction) -> String? {
    switch i.opcode {
    case .load: remoteFault(i) ?? localFault("destination", i.destination)
    case .store: localFault("source", i.source) ?? remoteFault(i)
    case .preload: localFault("source", i.source)
    case .matmul, .vector:
      localFault("source", i.source) ?? localFault("source2", i.source2) ?? localFault("destination", i.destination)
    case .copy, .convert, .reduce: localFault("source", i.source) ?? localFault("destination", i.destination)
    default: nil
    }
  }

  private func localFault(_ name: String, _ view: StridedView) -> String? {
    if view.run == 0 { return nil }
    let extent = view.extent
    let base = Int128(LocalAddress.accumulatorBase)
    let sram = Int128(header.requirements.sramBytes)
    let accumulator = Int128(min(header.requirements.accumulatorBytes, Self.addressLimit))
    let inSRAM = extent.low >= 0 && extent.high <= min(sram, base)
    let inAccumulator = extent.low >= base && extent.high <= base + accumulator
    if inSRAM || inAccumulator { return piecesFault(name, view) }
    if extent.low >= base {
      return
        "\(name) touches accumulator bytes \(extent.low - base)..<\(extent.high - base), but there are \(accumulator)"
    }
    return "\(name) touches scratchpad bytes \(extent.low)..<\(extent.high), but there are \(sram)"
  }

  private func remoteFault(_ i: Instruction) -> String? {
    if i.hbm.run == 0 { return nil }
    let tensor = header.tensors[Int(i.tensor)]
    let extent = i.hbm.extent
    guard extent.low >= 0, extent.high <= Int128(tensor.bytes) else {
      return "hbm touches bytes \(extent.low)..<\(extent.high) of tensor \(tensor.name), which has \(tensor.bytes)"
    }
    return piecesFault("hbm", i.hbm)
  }

  private func piecesFault(_ name: String, _ view: StridedView) -> String? {
    let pieces = Int128(view.count1) * Int128(view.count2) * Int128(view.count3)
    return pieces > Int128(Self.pieceLimit) ? "\(name) has \(pieces) pieces, expected at most \(Self.pieceLimit)" : nil
  }

  private func shapeFault(_ i: Instruction) -> String? {
    guard i.opcode == .preload || i.opcode == .matmul else { return nil }
    let array = header.requirements.arrays[Int(i.unit)]
    let block = UInt64(array.rows) * UInt64(array.vectorWidth)
    let any = UInt64(UInt32.max)
    let columns = UInt64(array.columns)
    var limits = (m: any, n: columns, k: block)
    if i.opcode == .matmul {
      switch array.dataflow {
      case "input-stationary": limits = (m: columns, n: any, k: block)
      case "output-stationary": limits = (m: UInt64(array.rows), n: columns, k: any)
      default: break
      }
    }
    let m = i.opcode == .matmul ? i.m : 1
    for (name, size, limit) in [("m", m, limits.m), ("n", i.n, limits.n), ("k", i.k, limits.k)]
    where size < 1 || UInt64(size) > limit {
      return "\(name) is \(size), but MAC array \(i.unit) (\(array.rows)x\(array.columns)x\(array.vectorWidth) "
        + "\(array.dataflow)) takes 1...\(limit)"
    }
    return nil
  }
}

extension StridedView {
  /// Lowest byte touched and one past the highest.
  var extent: (low: Int128, high: Int128) {
    var low = Int128(base)
    var high = low + Int128(run)
    for d in 0..<3 {
      let reach = Int128(count(d) - 1) * Int128(stride(d))
      if reach < 0 { low += reach } else { high += reach }
    }
    return (low, high)
  }
}
