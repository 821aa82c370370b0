import Foundation
import Simulator

/// A timeline file opened for reading: the index in memory, blocks inflated when asked for.
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
    guard head[TimelineIndex.magic.count] <= UInt8(TimelineIndex.version) else {
      throw ResultFault(.damaged, "'\(path)' is of timeline version \(head[8]); this palsim reads version 1")
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
    var windows = WindowSums(edges: edges)
    for block in entry.blocks where block.endCycle > first && block.start.cycle < last {
      try visit(block, of: entry) { windows.add($0, cycles: $1, to: &sums) }
    }
    let rest = index.domain(entry.info.domain).cycles - entry.tail.cycle
    if rest > 0 { windows.add(entry.tail, cycles: rest, to: &sums) }
  }

  /// Calls `body` with each stretch of a block between two events: the state at its start, and its length in cycles.
  private func visit(_ block: TimelineBlock, of entry: TimelineSignal, _ body: (SeriesState, Int64) -> Void) throws {
    guard let compressed = Self.read(handle, at: block.offset, Int(block.compressed)),
      let raw = compressed.withUnsafeBytes({ Deflate.expand($0, size: Int(block.inflated)) })
    else {
      throw ResultFault(
        .damaged, "'\(path)' is damaged: the block of \(entry.info.name) at byte \(block.offset) cannot be read")
    }
    raw.withUnsafeBytes { bytes in
      var state = block.start
      var offset = 0
      while let event = SeriesCodec.decode(bytes, at: &offset) {
        if event.delay > 0 { body(state, event.delay) }
        _ = state.apply(event)
      }
    }
  }
}
