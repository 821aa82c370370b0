/// Checks that a trace is legal: see "Rules of order" in `docs/trace-format.md`.
///
/// Three passes. The first looks at each record by itself and counts tokens and barriers. The second replays program
/// order, and finds cycles and races. Memory: a window of clocks as long as the longest dependency, and the memory map.
public enum TraceValidator {
  /// - Parameter limit: findings after which it stops looking.
  /// - Throws: `damaged` when the file cannot be decoded; what is wrong with a readable trace is in the report.
  public static func validate(_ file: TraceFile, limit: Int = 100) throws(TraceError) -> ValidationReport {
    let log = FindingLog(file, limit: limit)
    let survey = try Survey.run(file, log)
    var omitted: [String] = []
    if log.isEmpty {
      let replay = Replay(file, survey, log)
      try replay.run()
    } else {
      omitted.append("cycles and races were not looked for: mend the findings first")
    }
    return ValidationReport(findings: log.findings, records: survey.records, omitted: omitted)
  }
}

/// Collects findings up to a limit.
final class FindingLog {
  private let file: TraceFile
  private let limit: Int
  private(set) var findings: [TraceFinding] = []

  init(_ file: TraceFile, limit: Int) {
    self.file = file
    self.limit = limit
  }

  var isEmpty: Bool { findings.isEmpty }
  var isFull: Bool { findings.count >= limit }

  func add(
    _ kind: TraceFinding.Kind, _ message: String, at place: (stream: Int, record: Int64)? = nil,
    and other: (stream: Int, record: Int64)? = nil
  ) {
    guard !isFull else { return }
    findings.append(
      TraceFinding(kind: kind, message: message, place: place.map(locate), other: other.map(locate)))
  }

  private func locate(_ place: (stream: Int, record: Int64)) -> TraceFinding.Place {
    var rest = place.record
    var offset: Int64 = 0
    for member in file.members.streams[place.stream] {
      offset = member.offset
      rest -= Int64(clamping: member.tag.dynamicRecords)
      if rest < 0 { break }
    }
    return TraceFinding.Place(
      stream: place.stream, key: file.streams[place.stream].key, record: place.record, byteOffset: offset)
  }
}
