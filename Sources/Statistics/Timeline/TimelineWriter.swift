import Simulator

/// Takes the recorder's pieces as they come, and writes `timeline.paltl`: blocks first, index last.
final class TimelineWriter {
  /// nil: the timeline is not kept.
  private let file: OutputFile?
  private let windows: GroupedWindows
  /// By signal index: blocks so far, and the state after the last.
  @exclusivity(unchecked) private var series: [(blocks: [TimelineBlock], state: SeriesState)] = []
  /// The first failure; the run goes on without results and `finish` throws it.
  @exclusivity(unchecked) private(set) var failure: ResultFault?

  /// - Parameters:
  ///   - path: nil keeps no file.
  ///   - hertz: clocks, by `ClockDomain.rawValue`.
  init(path: String?, hertz: [Int64]) throws {
    windows = GroupedWindows(rows: WindowTable.rowLimit, hertz: hertz)
    file = try path.map(OutputFile.init(path:))
    var header = ByteWriter()
    header.unsigned(TimelineIndex.version)
    try file?.write(TimelineIndex.magic + header.bytes)
  }

  /// What adds a signal up by window.
  func cursor(of info: SignalInfo) -> WindowCursor { windows.cursor(of: info) }

  /// Writes one piece as a block.
  func append(_ signal: SignalID, _ piece: SeriesPiece) {
    guard failure == nil else { return }
    let index = Int(signal.index)
    while series.count <= index { series.append(([], SeriesState())) }
    series[index].state = piece.end
    series[index].blocks.append(
      TimelineBlock(
        offset: file?.size ?? 0, bytes: Int64(piece.bytes.count), start: piece.start, endCycle: piece.end.cycle,
        extent: piece.extent))
    do { try file?.write(piece.bytes) } catch {
      failure = error as? ResultFault ?? ResultFault(.failed, "cannot write the timeline: \(error)")
    }
  }

  /// Sums by window and the width of a window, of a run of so many tile cycles whose recorder has finished.
  func sums(cycles: Int64) -> (sums: [WindowKey: [Int64]], width: Int64) { windows.finish(cycles: cycles) }

  /// Writes the index and the trailer, and returns the index.
  func finish(_ result: RunResult, totals: [Int64]) throws -> TimelineIndex {
    if let failure { throw failure }
    let domains = result.domains.sorted { $0.domain.rawValue < $1.domain.rawValue }
    let index = TimelineIndex(
      domains: domains.map { TimelineDomain(hertz: $0.hertz, cycles: $0.cycles) },
      signals: result.signals.indices.map {
        signal(at: $0, result, domains[Int(result.signals[$0].domain.rawValue)], totals[$0])
      },
      staticPower: result.staticPower.map { TimelineStaticPower(name: $0.name, microwatts: $0.microwatts) })
    if let file { try write(index, to: file) }
    return index
  }

  private func write(_ index: TimelineIndex, to file: OutputFile) throws {
    let raw = index.encoded()
    let place = file.size
    try file.write(Deflate.compress(raw))
    let trailer = [place, file.size - place, Int64(raw.count)].flatMap { number in
      withUnsafeBytes(of: number.littleEndian, Array.init)
    }
    try file.write(trailer + TimelineIndex.magic)
  }

  private func signal(at index: Int, _ result: RunResult, _ domain: RunResult.Domain, _ total: Int64) -> TimelineSignal
  {
    let (blocks, tail) = index < series.count ? series[index] : ([], SeriesState())
    var groups: [SeriesExtent] = []
    for (number, block) in blocks.enumerated() {
      if number % TimelineIndex.fanOut == 0 { groups.append(.none) }
      groups[groups.count - 1].include(block.extent)
    }
    var whole = groups.reduce(into: SeriesExtent.none) { $0.include($1) }
    let rest = domain.cycles - tail.cycle
    if rest > 0 { whole.include(SeriesExtent(from: tail, cycles: rest)) }
    if whole.cycles == 0 { whole = SeriesExtent(minimum: 0, maximum: 0, sum: 0, cycles: 0) }
    return TimelineSignal(
      info: result.signals[index], total: total, blocks: blocks, groups: groups, whole: whole, tail: tail)
  }
}
