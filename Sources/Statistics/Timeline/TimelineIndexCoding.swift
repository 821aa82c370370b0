import Simulator

/// The index as bytes (`docs/statistics.md`, timeline.paltl).
extension TimelineIndex {
  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.unsigned(domains.count)
    for domain in domains {
      writer.unsigned(domain.hertz)
      writer.unsigned(domain.cycles)
    }
    writer.unsigned(staticPower.count)
    for power in staticPower {
      writer.string(power.name)
      writer.unsigned(power.microwatts)
    }
    writer.unsigned(signals.count)
    for signal in signals { signal.encode(to: &writer) }
    return writer.bytes
  }

  init?(decoding bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let domainCount = reader.count() else { return nil }
    domains = []
    for _ in 0..<domainCount {
      guard let hertz = reader.natural(), hertz > 0, let cycles = reader.natural() else { return nil }
      domains.append(TimelineDomain(hertz: hertz, cycles: cycles))
    }
    guard domains.count == ClockDomain.allCases.count, let powerCount = reader.count() else { return nil }
    staticPower = []
    for _ in 0..<powerCount {
      guard let name = reader.string(), let microwatts = reader.natural() else { return nil }
      staticPower.append(TimelineStaticPower(name: name, microwatts: microwatts))
    }
    guard let signalCount = reader.count() else { return nil }
    signals = []
    for _ in 0..<signalCount {
      guard let signal = TimelineSignal(decoding: &reader) else { return nil }
      signals.append(signal)
    }
  }
}

extension TimelineSignal {
  func encode(to writer: inout ByteWriter) {
    for text in [info.name, info.unit, info.definition] { writer.string(text) }
    writer.unsigned(info.kind.rawValue)
    writer.unsigned(info.domain.rawValue)
    writer.unsigned(info.attojoules)
    writer.signed(total)
    tail.encode(to: &writer)
    whole.encode(to: &writer)
    writer.unsigned(groups.count)
    for group in groups { group.encode(to: &writer) }
    writer.unsigned(blocks.count)
    for block in blocks {
      for number in [block.offset, block.bytes, block.endCycle] { writer.unsigned(number) }
      block.start.encode(to: &writer)
      block.extent.encode(to: &writer)
    }
  }

  init?(decoding reader: inout ByteReader) {
    guard let name = reader.string(), let unit = reader.string(), let definition = reader.string(),
      let kind = reader.unsigned().flatMap({ SignalInfo.Kind(rawValue: UInt8(truncatingIfNeeded: $0)) }),
      let domain = reader.unsigned().flatMap({ ClockDomain(rawValue: UInt8(truncatingIfNeeded: $0)) }),
      let attojoules = reader.natural(), let total = reader.signed(), let tail = SeriesState(decoding: &reader),
      let whole = SeriesExtent(decoding: &reader), let groupCount = reader.count()
    else { return nil }
    info = SignalInfo(
      name: name, unit: unit, definition: definition, kind: kind, domain: domain, attojoules: attojoules)
    self.total = total
    self.tail = tail
    self.whole = whole
    groups = []
    for _ in 0..<groupCount {
      guard let group = SeriesExtent(decoding: &reader) else { return nil }
      groups.append(group)
    }
    guard let blockCount = reader.count() else { return nil }
    blocks = []
    for _ in 0..<blockCount {
      guard let block = TimelineBlock(decoding: &reader) else { return nil }
      blocks.append(block)
    }
  }
}

extension TimelineBlock {
  fileprivate init?(decoding reader: inout ByteReader) {
    guard let offset = reader.natural(), let bytes = reader.natural(), let end = reader.natural(),
      let start = SeriesState(decoding: &reader), let extent = SeriesExtent(decoding: &reader)
    else { return nil }
    self.init(offset: offset, bytes: bytes, start: start, endCycle: end, extent: extent)
  }
}

extension SeriesState {
  fileprivate func encode(to writer: inout ByteWriter) {
    for number in [cycle, value, slope, curvature] { writer.signed(number) }
  }

  fileprivate init?(decoding reader: inout ByteReader) {
    guard let cycle = reader.signed(), let value = reader.signed(), let slope = reader.signed(),
      let curvature = reader.signed()
    else { return nil }
    self.init()
    (self.cycle, self.value, self.slope, self.curvature) = (cycle, value, slope, curvature)
  }
}

extension SeriesExtent {
  fileprivate func encode(to writer: inout ByteWriter) {
    for number in [minimum, maximum, sum, cycles] { writer.signed(number) }
  }

  fileprivate init?(decoding reader: inout ByteReader) {
    guard let minimum = reader.signed(), let maximum = reader.signed(), let sum = reader.signed(),
      let cycles = reader.signed()
    else { return nil }
    self.init(minimum: minimum, maximum: maximum, sum: sum, cycles: cycles)
  }
}
