import Foundation

/// Reads `results.log` from front to back.
struct LogReader {
  /// A good line: what it says, where it lies, and the epoch it belongs to, counted from 1.
  struct Line {
    var record: LogRecord
    var place: Range<Int>
    var epoch: Int
  }

  /// Of the last epoch.
  private(set) var columns = LogColumns()
  private(set) var epochs = 0
  /// Bytes up to the end of the last good line.
  private(set) var goodBytes = 0

  /// Calls `body` with each good line; damaged ones are passed over. A missing file is an empty one.
  /// - Throws: `SweepFault` (74) when the file cannot be read.
  mutating func read(_ path: String, _ body: (Line) -> Void) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let data: Data
    do { data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
      throw SweepFault("cannot read '\(path)': \(error.localizedDescription)", exitCode: 74)
    }
    data.withUnsafeBytes { read($0, body) }
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer, _ body: (Line) -> Void) {
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let place = start..<end
      start = end + 1
      let line = UnsafeRawBufferPointer(rebasing: bytes[place])
      guard let record = LogLine.fields(line).flatMap({ LogRecord($0, axes: columns.axes.count) }) else { continue }
      if case .columns(let columns) = record { (self.columns, epochs) = (columns, epochs + 1) }
      goodBytes = start
      if epochs > 0 { body(Line(record: record, place: place, epoch: epochs)) }
    }
  }
}
