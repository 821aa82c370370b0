/// Something to measure; `run` prints its table.
struct Benchmark: Sendable {
  var name: String
  var summary: String
  var run: @Sendable () -> Void
}
