/// Something to measure; `run` prints its table.
struct Benchmark: Sendable {
  var name: String
  var summary: String
  var run: @Sendable () throws -> Void
}

/// A file of the project, by its path from the project's top.
func projectFile(_ path: String) -> String {
  #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/" + path
}
