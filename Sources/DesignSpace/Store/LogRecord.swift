/// What the lines of an epoch of `results.log` are about.
struct LogColumns: Equatable {
  /// `SweepPlan.identity`.
  var identity = ""
  var axes: [String] = []
  var statistics: [String] = []
}

/// What a line of `results.log` says.
enum LogRecord: Equatable {
  /// Begins an epoch of the plan of that identity: names of the axes and statistics of the lines that follow.
  case columns(LogColumns)
  case point(PointResult)

  /// The fields as they are written.
  var fields: [String] {
    switch self {
    case .columns(let columns):
      ["columns", columns.identity, "\(columns.axes.count)"] + columns.axes + columns.statistics
    case .point(let result):
      [
        "point", "\(result.point)", result.request, result.key, result.status.rawValue, "\(result.exitCode)",
        "\(result.milliseconds)", "\(result.finished)", result.message,
      ] + result.values + result.statistics
    }
  }

  private static let pointHead = 9

  /// Reads fields; `axes` is the number of axes of the epoch. Nil when they are none of ours.
  init?(_ fields: [String], axes: Int) {
    switch fields.first {
    case "columns":
      guard fields.count >= 3, let count = Int(fields[2]), (0...fields.count - 3).contains(count) else { return nil }
      self = .columns(
        LogColumns(
          identity: fields[1], axes: Array(fields[3..<3 + count]), statistics: Array(fields[(3 + count)...])))
    case "point":
      guard fields.count >= Self.pointHead + axes, let index = Int(fields[1]),
        let status = PointResult.Status(rawValue: fields[4]), let exitCode = Int32(fields[5]),
        let milliseconds = Int64(fields[6]), let finished = Int64(fields[7])
      else { return nil }
      let request = PointRequest(
        point: index, request: fields[2], configuration: "", input: "", overrides: [],
        values: Array(fields[Self.pointHead..<Self.pointHead + axes]))
      self = .point(
        PointResult(
          request, key: fields[3], status: status, statistics: Array(fields[(Self.pointHead + axes)...]),
          message: fields[8], exitCode: exitCode, milliseconds: milliseconds, finished: finished))
    default: return nil
    }
  }
}
