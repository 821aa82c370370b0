/// What a trace asks for, counted over all its dynamic records.
public struct TraceSummary: Sendable {
  public var staticRecords: UInt64 = 0
  public var dynamicRecords: UInt64 = 0
  /// Dynamic records by opcode, in the order of opcodes; opcodes that do not occur are left out.
  public var byOpcode: [(opcode: Opcode, records: UInt64)] = []
  /// Bytes that loads read from HBM, each multicast once.
  public var loadBytes: Int64 = 0
  /// Bytes that stores write to HBM.
  public var storeBytes: Int64 = 0
  /// Bytes copied from tile to tile.
  public var copyBytes: Int64 = 0
  /// Multiply-accumulates of all matmul records.
  public var macs: UInt64 = 0

  /// Decodes a whole trace. Sums wrap round only past 2^63.
  /// - Throws: `damaged`.
  public init(_ file: TraceFile) throws(TraceError) {
    var counts = [UInt64](repeating: 0, count: 256)
    var instruction = Instruction()
    for stream in file.streams.indices {
      staticRecords += file.streams[stream].staticRecords
      var cursor = try file.makeCursor(stream: stream)
      while try cursor.next(into: &instruction) {
        counts[Int(instruction.opcode.rawValue)] += 1
        add(instruction)
      }
    }
    dynamicRecords = counts.reduce(0, +)
    byOpcode = Opcode.allCases.map { ($0, counts[Int($0.rawValue)]) }.filter { $0.1 > 0 }
  }

  private mutating func add(_ i: Instruction) {
    switch i.opcode {
    case .load: loadBytes &+= i.hbm.bytesTouched
    case .store: storeBytes &+= i.hbm.bytesTouched
    case .copy: copyBytes &+= i.source.bytesTouched
    case .matmul: macs &+= UInt64(i.m) &* UInt64(i.n) &* UInt64(i.k)
    default: break
    }
  }
}

extension StridedView {
  /// `bytes` of a view that nobody vouches for: wraps round instead of trapping.
  fileprivate var bytesTouched: Int64 { Int64(run) &* Int64(count1) &* Int64(count2) &* Int64(count3) }
}
