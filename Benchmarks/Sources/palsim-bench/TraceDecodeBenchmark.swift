import Foundation
import InstructionTrace

/// Decoding of a trace as the simulator does it: inflate, check, decode, expand repeats.
let traceDecodeBenchmark = Benchmark(
  name: "trace-decode", summary: "CPU ns of one record of a tiled matrix multiply; median of 5 runs; at most 25"
) {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("palsim-bench-\(getpid()).pal.gz").path
  defer { try? FileManager.default.removeItem(atPath: path) }
  let blocks = 200_000
  try writeTrace(path, blocks: blocks)
  let costs = try (0..<5).map { _ in try decode(path) }
  print("  stored flat".column(20) + costs.median.column(9))
}

/// Load, load, preload, matrix multiply, convert, store, over and over with moving addresses.
private func writeTrace(_ path: String, blocks: Int) throws {
  var header = TraceHeader()
  header.producer = "palsim-bench"
  header.formats = [FormatEntry(name: "int8", bits: 8, layout: "two's complement")]
  header.tensors = ["input", "weights", "output"].enumerated().map { index, name in
    TensorEntry(
      name: name, shape: [1 << 30], format: 0, address: UInt64(index) << 30, bytes: 1 << 30,
      kind: index == 0 ? .input : index == 1 ? .weight : .output)
  }
  var writer = try TraceWriter(path: path, header: header, streams: [StreamKey(chip: 0, tile: 0)])
  for block in 0..<Int64(blocks) { for record in records(of: block) { try writer.append(record, to: 0) } }
  _ = try writer.finish()
}

private func records(of block: Int64) -> [Instruction] {
  let (half, place) = (block % 2 * 65_536, block % 4_096 * 16_384)
  let accumulator = LocalAddress.accumulatorBase + block % 4 * 65_536
  func transfer(_ opcode: Opcode, _ tensor: UInt32, _ local: Int64) -> Instruction {
    var record = Instruction(opcode)
    record.tensor = tensor
    record.hbm = StridedView(base: place, run: 128, count1: 128, stride1: 4_096)
    if opcode == .load {
      record.destination = .contiguous(local, 16_384)
    } else {
      record.source = .contiguous(local, 16_384)
    }
    return record
  }
  var preload = Instruction(.preload)
  (preload.rows, preload.columns, preload.source) = (128, 128, .contiguous(half + 16_384, 16_384))
  var multiply = Instruction(.matmul)
  (multiply.m, multiply.n, multiply.k) = (128, 128, 128)
  (multiply.source, multiply.destination) = (.contiguous(half, 16_384), .contiguous(accumulator, 65_536))
  var convert = Instruction(.convert)
  (convert.elements, convert.source, convert.destination) =
    (16_384, .contiguous(accumulator, 65_536), .contiguous(half + 32_768, 16_384))
  var all = [
    transfer(.load, 0, half), transfer(.load, 1, half + 16_384), preload, multiply, convert,
    transfer(.store, 2, half + 32_768),
  ]
  all[2].addDependency(distance: 1)
  all[3].addDependency(distance: 1)
  all[3].addDependency(distance: 3)
  all[4].addDependency(distance: 1)
  all[5].addDependency(distance: 1)
  return all
}

private func decode(_ path: String) throws -> Double {
  let file = try TraceFile(path: path)
  var cursor = try file.makeCursor(stream: 0)
  var instruction = Instruction()
  var records = 0
  let start = processorNanoseconds()
  while try cursor.next(into: &instruction) { records += 1 }
  return Double(processorNanoseconds() - start) / Double(records)
}
