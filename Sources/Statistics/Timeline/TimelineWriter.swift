import Simulator

/// Takes the recorder's pieces as they come, adds them up by window, and writes `timeline.paltl`: blocks first, index last.
final class TimelineWriter {
  /// nil: the timeline is not kept.
  private let file: OutputFile?
  private let windows: RunningWindows
  /// By signal index: blocks so far, and the state after the last.
  private var series: [(blocks: [TimelineBlock], state: SeriesState)] = []
  /// The first failure; the run goes on without results and `finish` throws it.
  private(set) var failure: ResultFault?

  /// - Parameters:
  ///   - path: nil keeps no file.
  ///   - hertz: clocks, by `ClockDomain.rawValue`.
  init(path: String?, hertz: [Int64]) throws {
    windows = RunningWindows(rows: WindowTable.rowLimit, hertz: hertz)
    file = try path.map(OutputFile.init(path:))
    var header = ByteWriter()
    header.unsigned(TimelineIndex.version)
    try file?.write(TimelineIndex.magic + header.bytes)
  }

  /// Writes one piece as a block.
  func append(_ signal: SignalID, _ info: SignalInfo, _ bytes: UnsafeRawBufferPointer) {
    guard failure == nil else { return }
    let index = Int(signal.index)
    while series.count <= index { series.append(([], SeriesState())) }
    let start = series[index].state
    let extent = advance(&series[index].state, through: bytes, of: info)
    series[index].blocks.append(
      TimelineBlock(
        offset: file?.size ?? 0, bytes: Int64(bytes.count), start: start, endCycle: series[index].state.cycle,
        extent: extent))
    do { try file?.write(bytes) } catch {
      failure = error as? ResultFault ?? ResultFault(.failed, "cannot write the timeline: \(error)")
    }
  }

  /// Moves a state through a block's events and returns what the block accounts for.
  private func advance(
    _ state: inout SeriesState, through bytes: UnsafeRawBufferPointer, of info: SignalInfo
  ) -> SeriesExtent {
    var sums = BlockSums(windows.cursor(of: info, from: state.cycle))
    var reader = SeriesReader(bytes)
    let isWhole = reader.read(from: &state, by: &sums)
    precondition(isWhole, "the recorder ends its pieces between two events")
    return sums.finish()
  }

  /// Sums by window, once `finish` has returned `index`.
  func sums(_ index: TimelineIndex) -> [RunningWindows.Key: [Int64]] {
    windows.finish(cycles: index.domain(.tile).cycles)
  }

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
    if rest > 0 {
      var sums = BlockSums(windows.cursor(of: result.signals[index], from: tail.cycle))
      sums.visit(tail, cycles: rest)
      whole.include(sums.finish())
    }
    if whole.cycles == 0 { whole = SeriesExtent(minimum: 0, maximum: 0, sum: 0, cycles: 0) }
    return TimelineSignal(
      info: result.signals[index], total: total, blocks: blocks, groups: groups, whole: whole, tail: tail)
  }
}
