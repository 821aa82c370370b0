import Foundation

/// `results.log` opened for appending by the one sweep at work: what is known of each request, and the way to record more.
///
/// A record is written at once and forced to the disk with others, at most once a second: killing this process loses
/// nothing that was appended, a power cut one second. Memory holds a few words a point; records stay on disk.
public final class ResultStore {
  /// Where the latest record of a request is.
  private struct Entry {
    var place: Range<Int>
    var isCompleted: Bool
    /// Of the present epoch.
    var isCurrent: Bool
  }

  private let path: String
  private let lock: Int32
  private let log: Int32
  private let sync: DiskSync
  private let columns: LogColumns
  private var size = 0
  private var entries: [String: Entry] = [:]

  /// Opens the log, cuts off a torn tail, and begins an epoch if the last one is of another plan.
  ///
  /// - Throws: `SweepFault`: 73 when another sweep holds the directory, 74 when the log cannot be read or written.
  public init(_ directory: SweepDirectory, plan: SweepPlan) throws {
    path = directory.logPath
    columns = LogColumns(
      identity: plan.identity, axes: plan.axes.map(\.name), statistics: plan.statistics.map(\.name))
    lock = try Self.lock(directory)
    log = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    sync = DiskSync(log)
    guard log >= 0 else { throw Self.failure("cannot open '\(path)'") }
    try load()
  }

  deinit {
    sync.finish()
    if log >= 0 { close(log) }
    close(lock)
  }

  private func load() throws {
    var reader = LogReader()
    var present = LogColumns()
    var entries: [String: Entry] = [:]
    try reader.read(path) { [columns] line in
      switch line.record {
      case .columns(let next):
        present = next
        for key in entries.keys { entries[key]?.isCurrent = false }
      case .point(let result):
        guard present.statistics == columns.statistics, present.axes == columns.axes else { return }
        entries[result.request] = Entry(
          place: line.place, isCompleted: result.status == .completed, isCurrent: present == columns)
      }
    }
    self.entries = entries
    try cut(to: reader.goodBytes)
    if reader.columns != columns {
      for key in entries.keys { self.entries[key]?.isCurrent = false }
      try write(.columns(columns))
    }
  }

  /// What is known of a request; a result of an earlier epoch is recorded in this one, with its index in this plan.
  /// `unlessFailed`: failures count as unknown.
  /// - Throws: `SweepFault` (74).
  public func recall(_ request: PointRequest, unlessFailed: Bool) throws -> PointResult? {
    guard let entry = entries[request.request], entry.isCompleted || !unlessFailed,
      var result = try result(at: entry.place)
    else { return nil }
    (result.point, result.values) = (request.point, request.values)
    if !entry.isCurrent { try append(result) }
    return result
  }

  /// Records what became of a point.
  /// - Throws: `SweepFault` (74): the disk is full, for example. The log ends with the last whole record then.
  public func append(_ result: PointResult) throws {
    let start = size
    try write(.point(result))
    entries[result.request] = Entry(
      place: start..<size - 1, isCompleted: result.status == .completed, isCurrent: true)
    sync.request()
  }

  /// Forces everything to the disk.
  /// - Throws: `SweepFault` (74).
  public func commit() throws { if !sync.finish() { throw Self.failure("cannot write '\(path)'") } }

  private func result(at place: Range<Int>) throws -> PointResult? {
    var line = [UInt8](repeating: 0, count: place.count)
    let count = line.withUnsafeMutableBytes { pread(log, $0.baseAddress, $0.count, off_t(place.lowerBound)) }
    guard count == place.count else { throw Self.failure("cannot read '\(path)'") }
    let record = line.withUnsafeBytes(LogLine.fields).flatMap { LogRecord($0, axes: columns.axes.count) }
    if case .point(let result)? = record { return result }
    return nil
  }

  private func write(_ record: LogRecord) throws {
    let line = LogLine.bytes(record.fields)
    let written = line.withUnsafeBytes { pwrite(log, $0.baseAddress, $0.count, off_t(size)) }
    guard written == line.count else {
      let fault = Self.failure("cannot write '\(path)'")
      try? cut(to: size)
      throw fault
    }
    size += line.count
  }

  private func cut(to bytes: Int) throws {
    guard ftruncate(log, off_t(bytes)) == 0 else { throw Self.failure("cannot write '\(path)'") }
    size = bytes
  }

  private static func lock(_ directory: SweepDirectory) throws -> Int32 {
    let descriptor = open(directory.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("cannot open '\(directory.lockPath)'") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw SweepFault("another palsim sweep is at work in '\(directory.path)'", exitCode: 73)
    }
    return descriptor
  }

  private static func failure(_ what: String) -> SweepFault {
    SweepFault("\(what): \(String(cString: strerror(errno)))", exitCode: 74)
  }
}
