// Prints what palsim's hot paths cost. `palsim-bench [name...]` runs the named benchmarks, without names all. An argument
// with a slash is the path of the `palsim` to measure, in place of the checkout's release build.
// A new benchmark is one file with a `Benchmark`, and its line here.

let benchmarks: [Benchmark] = [
  eventQueueBenchmark,
  kernelBenchmark,
  memoryBenchmark,
  hbmBenchmark,
  networkBenchmark,
  routerBenchmark,
  traceDecodeBenchmark,
  runBenchmark,
  timelineBenchmark,
  memoryGrowthBenchmark,
]

let wanted = CommandLine.arguments.dropFirst().filter { !$0.contains("/") }
if let unknown = wanted.first(where: { name in !benchmarks.contains { $0.name == name } }) {
  print("no benchmark '\(unknown)'; there are: \(benchmarks.map(\.name).joined(separator: ", "))")
} else {
  for benchmark in benchmarks where wanted.isEmpty || wanted.contains(benchmark.name) {
    print("\(benchmark.name): \(benchmark.summary)")
    do { try benchmark.run() } catch { print("  failed: \(error)") }
    print()
  }
}
