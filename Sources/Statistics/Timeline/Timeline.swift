import Foundation
import Simulator

/// A timeline file opened for reading: the index in memory, blocks read when asked for.
public final class Timeline {
  public let index: TimelineIndex
  private let path: String
  private let handle: FileHandle

  /// Opens a `timeline.paltl`. Throws a `ResultFault` that says what is wrong with the file.
  public init(path: String) throws {
    self.path = path
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw ResultFault(.cannotOpen, "cannot open '\(path)': \(systemError())")
    }
    self.handle = handle
    index = try Self.readIndex(handle, path)
  }

  private static func readIndex(_ handle: FileHandle, _ path: String) throws -> TimelineIndex {
    let trailerBytes = 24 + TimelineIndex.magic.count
    let size = Int64((try? handle.seekToEnd()) ?? 0)
    guard size > Int64(trailerBytes), let head = read(handle, at: 0, TimelineIndex.magic.count + 1),
      Array(head.prefix(TimelineIndex.magic.count)) == TimelineIndex.magic
    else { throw ResultFault(.damaged, "'\(path)' is not a palsim timeline (it does not begin with PALTLINE)") }
    guard head[TimelineIndex.magic.count] == UInt8(TimelineIndex.version) else {
      let (found, known) = (head[TimelineIndex.magic.count], TimelineIndex.version)
      throw ResultFault(.damaged, "'\(path)' is of timeline version \(found); this palsim reads version \(known)")
    }
    guard let trailer = read(handle, at: size - Int64(trailerBytes), trailerBytes),
      Array(trailer.suffix(TimelineIndex.magic.count)) == TimelineIndex.magic
    else { throw ResultFault(.damaged, "'\(path)' is cut short: its index is missing") }
    let numbers = trailer.withUnsafeBytes { raw in
      (0..<3).map { Int64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self)) }
    }
    guard numbers[0] >= 0, numbers[1] >= 0, numbers[1] <= size, numbers[2] >= 0, numbers[2] <= 1 << 32,
      let compressed = read(handle, at: numbers[0], Int(numbers[1])),
      let raw = compressed.withUnsafeBytes({ Deflate.expand($0, size: Int(numbers[2])) }),
      let index = TimelineIndex(decoding: raw)
    else { throw ResultFault(.damaged, "'\(path)' is damaged: its index cannot be read") }
    return index
  }

  private static func read(_ handle: FileHandle, at offset: Int64, _ count: Int) -> [UInt8]? {
    guard (try? handle.seek(toOffset: UInt64(offset))) != nil,
      let data = try? handle.read(upToCount: count), data.count == count
    else { return count == 0 ? [] : nil }
    return Array(data)
  }

  /// Adds the sum of each window of a signal's own cycles to `sums`; window w is `edges[w] ..< edges[w + 1]`.
  ///
  /// `edges` ascend and may repeat (an empty window adds 0); cycles outside them are passed over, whole blocks unread.
  public func accumulate(_ signal: Int, edges: [Int64], into sums: inout [Int64]) throws {
    let entry = index.signals[signal]
    guard let first = edges.first, let last = edges.last, first < last else { return }
    var windows = WindowSums(edges: edges, sums: sums)
    for block in entry.blocks where block.endCycle > first && block.start.cycle < last {
      try read(block, of: entry, by: &windows)
    }
    let rest = index.domain(entry.info.domain).cycles - entry.tail.cycle
    if rest > 0 { windows.visit(entry.tail, cycles: rest) }
    sums = windows.sums
  }

  private func read(_ block: TimelineBlock, of entry: TimelineSignal, by visitor: inout WindowSums) throws {
    guard let bytes = Self.read(handle, at: block.offset, Int(block.bytes)), visit(block, bytes, by: &visitor) else {
      throw ResultFault(
        .damaged, "'\(path)' is damaged: the block of \(entry.info.name) at byte \(block.offset) cannot be read")
    }
  }

  /// Leads the visitor through a block; false when it does not end where the index says.
  private func visit(_ block: TimelineBlock, _ bytes: [UInt8], by visitor: inout WindowSums) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var state = block.start
      var reader = SeriesReader(bytes)
      return reader.read(from: &state, through: block.endCycle, by: &visitor) && state.cycle == block.endCycle
    }
  }
}
