import InstructionTrace

/// Peak memory of runs that differ in length only.
let memoryGrowthBenchmark = Benchmark(
  name: "memory-growth",
  summary: "peak MB of whole runs of 64 streams on configs/big.toml; under 200 MB and not growing with length"
) {
  try withTemporaryDirectory { directory in
    let trace = "\(directory)/trace.pal.gz"
    for records in [1_000_000, 10_000_000] {
      try writeStreams(trace, records: records)
      let usage = try palsim([
        "run", trace, "--config", projectFile("configs/big.toml"), "--quiet", "--force", "--out", "\(directory)/run",
      ])
      print(
        "  " + "\(records) records".column(20) + usage.megabytes.column(9) + " MB" + usage.seconds.column(9) + " CPU s")
    }
  }
}

/// A load, eight vector operations and a store over and over, without `repeat`, addresses moving.
private func writeStreams(_ path: String, records: Int) throws {
  let tiles = 64
  var header = TraceHeader()
  header.producer = "palsim-bench"
  header.formats = [FormatEntry(name: "int8", bits: 8, layout: "two's complement")]
  header.tensors = [
    TensorEntry(name: "data", shape: [1 << 28], format: 0, address: 0, bytes: 1 << 28, kind: .intermediate)
  ]
  header.requirements.tiles = UInt32(tiles)
  header.requirements.sramBytes = 1 << 16
  header.requirements.hbmBytes = 1 << 28
  let streams = (0..<tiles).map { StreamKey(chip: 0, tile: UInt32($0)) }
  var writer = try TraceWriter(path: path, header: header, streams: streams)
  for group in 0..<records / 10 {
    for record in recordGroup(group, tiles: tiles) { try writer.append(record, to: group % tiles) }
  }
  _ = try writer.finish()
}

private func recordGroup(_ group: Int, tiles: Int) -> [Instruction] {
  let place = StridedView(base: Int64(group * 7919 % (1 << 20)) * 256, run: 256)
  let local = Int64(group / tiles % 4) * 4_096
  var load = Instruction(.load)
  (load.hbm, load.destination) = (place, .contiguous(local, 256))
  var store = Instruction(.store)
  (store.hbm, store.source) = (place, .contiguous(local + 2_048, 256))
  var records = [load]
  for step in 0..<8 {
    var operation = Instruction(.vector)
    (operation.function, operation.elements) = (.add, 256)
    operation.source = .contiguous(local + Int64(step) * 256, 256)
    operation.destination = .contiguous(local + Int64(step + 1) * 256, 256)
    operation.addDependency(distance: 1)
    records.append(operation)
  }
  store.addDependency(distance: 1)
  return records + [store]
}
