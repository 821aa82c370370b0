import Architecture
import InstructionTrace

/// Keeps records out that a machine could not carry out: a trace is input and may say anything. The test of a good record is
/// a few comparisons in plain memory; the words for a bad one are found afterwards.
struct RecordGuard: ~Copyable {
  /// Largest m, n, k a matmul may have, and whether the array takes preloads.
  private struct ArrayLimits {
    var m: UInt32
    var n: UInt32
    var k: UInt32
    var columns: UInt32
    var capacity: UInt32
    var takesPreloads: Bool
  }

  private let spec: TileSpec
  private let rules: MachineRules
  private let arrays: UnsafeMutablePointer<ArrayLimits>
  private let arrayCount: Int
  private let tensorBytes: UnsafeMutablePointer<Int64>
  private let tensorCount: Int
  private let formatCount: Int
  private let statisticsCount: Int
  private let setCount: Int
  private let regionCount: Int
  private let tiles: Int
  private let sramBytes: Int64
  private let accumulatorEnd: Int64

  init(tile: TileSpec, tiles: Int, header: TraceHeader) {
    spec = tile
    rules = MachineRules(header: header)
    arrays = .copy(tile.arrays.map(Self.limits))
    arrayCount = tile.arrays.count
    tensorBytes = .copy(header.tensors.map { Int64(clamping: $0.bytes) })
    tensorCount = header.tensors.count
    formatCount = header.formats.count
    statisticsCount = header.operandStatistics.count
    setCount = header.tileSets.count
    regionCount = header.regions.count
    self.tiles = tiles
    sramBytes = Int64(tile.sram.bytes)
    accumulatorEnd = LocalAddress.accumulatorBase + Int64(tile.accumulator.bytes)
  }

  deinit {
    arrays.deallocate()
    tensorBytes.deallocate()
  }

  private static func limits(_ array: MACArraySpec) -> ArrayLimits {
    let (rows, columns, capacity) = (UInt32(array.rows), UInt32(array.columns), UInt32(array.blockReduction))
    var limits = ArrayLimits(
      m: .max, n: columns, k: capacity, columns: columns, capacity: capacity, takesPreloads: true)
    switch array.dataflow {
    case .weightStationary: break
    case .inputStationary: (limits.m, limits.n) = (columns, .max)
    case .outputStationary: (limits.m, limits.k, limits.takesPreloads) = (rows, .max, false)
    }
    return limits
  }

  /// The record can be carried out.
  func accepts(_ record: UnsafePointer<Instruction>) -> Bool {
    let unit = Int(record.pointee.unit)
    let isFormatKnown = Int(record.pointee.format) < formatCount
    switch record.pointee.opcode {
    case .load:
      return isInHBM(record) && isLocal(record.pointee.destination) && Int(record.pointee.tileSet) <= setCount
        && record.pointee.hbm.bytes <= record.pointee.destination.bytes
    case .store:
      return isInHBM(record) && isLocal(record.pointee.source)
        && record.pointee.hbm.bytes <= record.pointee.source.bytes
    case .copy:
      return Int(record.pointee.tile) < tiles && isLocal(record.pointee.source) && isLocal(record.pointee.destination)
        && record.pointee.source.bytes <= record.pointee.destination.bytes
    case .preload:
      return unit < arrayCount && isFormatKnown && hasStatistics(record) && acceptsPreload(record, arrays[unit])
    case .matmul:
      return unit < arrayCount && isFormatKnown && hasStatistics(record) && acceptsMatmul(record, arrays[unit])
    case .vector, .convert, .reduce: return isFormatKnown && acceptsVector(record)
    case .barrier: return 1...max(setCount, 1) ~= Int(record.pointee.tileSet) && setCount > 0
    case .wait: return record.pointee.signals > 0 && record.pointee.waiters > 0
    case .regionBegin: return Int(record.pointee.region) < regionCount
    default: return true
    }
  }

  private func hasStatistics(_ record: UnsafePointer<Instruction>) -> Bool {
    max(record.pointee.sourceStatistics, record.pointee.source2Statistics) <= UInt32(statisticsCount)
  }

  private func acceptsPreload(_ record: UnsafePointer<Instruction>, _ limits: ArrayLimits) -> Bool {
    limits.takesPreloads && 1...limits.capacity ~= record.pointee.k && 1...limits.columns ~= record.pointee.n
      && isLocal(record.pointee.source)
  }

  private func acceptsMatmul(_ record: UnsafePointer<Instruction>, _ limits: ArrayLimits) -> Bool {
    1...limits.m ~= record.pointee.m && 1...limits.n ~= record.pointee.n && 1...limits.k ~= record.pointee.k
      && isLocal(record.pointee.source) && isOptional(record.pointee.source2) && isLocal(record.pointee.destination)
  }

  private func acceptsVector(_ record: UnsafePointer<Instruction>) -> Bool {
    let groups = record.pointee.opcode == .reduce ? UInt64(record.pointee.groups) : 1
    return 1...Self.elementLimit ~= record.pointee.elements && 1...Self.elementLimit ~= groups
      && record.pointee.elements * groups <= Self.elementLimit
      && (isFill(record) ? isOptional(record.pointee.source) : isLocal(record.pointee.source))
      && isOptional(record.pointee.source2) && isLocal(record.pointee.destination)
  }

  /// A fill writes a constant: it need not read anything.
  private func isFill(_ record: UnsafePointer<Instruction>) -> Bool {
    record.pointee.opcode == .vector && record.pointee.function == .fill
  }

  private static let elementLimit = UInt64(Int32.max)

  private func isInHBM(_ record: UnsafePointer<Instruction>) -> Bool {
    let tensor = Int(record.pointee.tensor)
    guard tensor < tensorCount else { return false }
    return lies(record.pointee.hbm, in: 0..<tensorBytes[tensor])
  }

  private func isOptional(_ view: StridedView) -> Bool { view.run == 0 || isLocal(view) }

  private func isLocal(_ view: StridedView) -> Bool {
    view.base < LocalAddress.accumulatorBase
      ? lies(view, in: 0..<sramBytes) : lies(view, in: LocalAddress.accumulatorBase..<accumulatorEnd)
  }

  /// Beyond any memory: four of these can be added without overflow.
  private static let reachLimit: Int64 = 1 << 60

  /// All bytes of a view lie in a range, in so few pieces that their sum cannot overflow.
  private func lies(_ view: StridedView, in range: Range<Int64>) -> Bool {
    guard view.run > 0, view.count1 > 0, view.count2 > 0, view.count3 > 0, view.base > -Self.reachLimit,
      view.base < Self.reachLimit
    else {
      return false
    }
    let pieces = Int64(view.count1) * Int64(view.count2)
    guard pieces <= MachineRules.pieceLimit, pieces * Int64(view.count3) <= MachineRules.pieceLimit else {
      return false
    }
    var low = view.base
    var high = view.base + Int64(view.run)
    guard
      extend(&low, &high, view.count1, view.stride1), extend(&low, &high, view.count2, view.stride2),
      extend(&low, &high, view.count3, view.stride3)
    else { return false }
    return low >= range.lowerBound && high <= range.upperBound
  }

  private func extend(_ low: inout Int64, _ high: inout Int64, _ count: Int32, _ stride: Int64) -> Bool {
    let (reach, overflow) = Int64(count - 1).multipliedReportingOverflow(by: stride)
    guard !overflow, reach > -Self.reachLimit, reach < Self.reachLimit else { return false }
    if reach < 0 { low += reach } else { high += reach }
    return true
  }

  /// Why a record is not accepted. Precondition: it is not.
  func fault(_ record: Instruction) -> String {
    if let (_, message) = rules.fault(record) { return "\(record.opcode.name): \(message)" }
    if record.opcode == .preload || record.opcode == .matmul, let message = arrayFault(record) {
      return "\(record.opcode.name): \(message)"
    }
    if let message = sizeFault(record) { return "\(record.opcode.name): \(message)" }
    return "\(record.opcode.name): an operand, count or index is outside what the machine has"
  }

  /// Amounts that do not fit each other or the unit.
  private func sizeFault(_ record: Instruction) -> String? {
    switch record.opcode {
    case .load: transferFault(from: record.hbm, to: record.destination)
    case .store: transferFault(from: record.hbm, to: record.source)
    case .copy: transferFault(from: record.source, to: record.destination)
    case .vector, .convert, .reduce:
      "\(record.elements) elements\(record.opcode == .reduce ? " in \(record.groups) groups" : ""), "
        + "expected 1 to \(Self.elementLimit) in all"
    default: nil
    }
  }

  private func transferFault(from whole: StridedView, to part: StridedView) -> String? {
    whole.bytes > part.bytes ? "\(whole.bytes) bytes do not fit the \(part.bytes) of the operand in local memory" : nil
  }

  private func arrayFault(_ record: Instruction) -> String? {
    let operation =
      record.opcode == .preload
      ? ArrayOperation.preload(rows: Int64(record.rows), columns: Int64(record.columns), source: record.source)
      : .matmul(
        m: Int64(record.m), n: Int64(record.n), k: Int64(record.k), source: record.source, source2: record.source2)
    return operation.fault(in: spec.arrays[Int(record.unit)])
  }
}
