/// A named set of HBM values: one standard at one speed. `hbm.preset` lays it under a configuration's own keys.
public struct HBMPreset: Sendable {
  /// "hbm2-2000": the standard and its megabits a second and pin.
  public let name: String
  public let standard: DRAMStandard
  public let bin: DRAMStandard.SpeedBin

  /// All presets, in order.
  public static let all = DRAMStandard.all.flatMap { standard in
    standard.bins.map { HBMPreset(name: "\(standard.name.lowercased())-\($0.rate)", standard: standard, bin: $0) }
  }

  static func named(_ name: String) -> HBMPreset? { all.first { $0.name == name.lowercased() } }

  /// What it stands for, at its default density.
  public var meaning: String {
    var memory = HBMSpec.blank
    memory.channelCount = standard.channelsPerStack
    if let device = standard.device(rate: bin.rate) { memory.device = device }
    let bandwidth = standard.channelsPerStack * memory.accessBytes * memory.device.organisation.pseudoChannels
    let gigabytes = Int64(bandwidth) * bin.clock.hertz / Int64(max(1, memory.nBL)) / 100_000_000
    return
      "\(standard.meaning); \(gigabytes / 10).\(gigabytes % 10) GB/s and \(Dimension.bytes.text(Int64(memory.bytes))) "
      + "a stack of \(standard.defaultDensity)"
  }

  /// Names of the densities of all standards, each once.
  static let densities = DRAMStandard.all.flatMap(\.densities).map(\.name).reduce(into: [String]()) { names, name in
    if !names.contains(name) { names.append(name) }
  }

  static let maximumStacks: Int64 = 32

  /// What a layer of a configuration asks of its preset.
  struct Choice: Equatable {
    /// The layer names the preset itself: all its values; else just what depends on stacks or density.
    var isWhole: Bool
    var stacks: Int64?
    var density: String?
  }

  /// The preset's keys as a tree. A density the standard does not have counts as its default here; a check reports it.
  func node(_ choice: Choice) -> Node {
    var memory = deviceKeys(choice)
    var sections: [String: Node] = [:]
    if choice.isWhole {
      sections["clocks"] = section(["hbm": .string(Dimension.frequency.text(bin.clock.hertz))])
      memory["standard"] = .string(standard.name)
    }
    if choice.isWhole || choice.stacks != nil {
      let stacks = min(max(choice.stacks ?? 1, 1), Self.maximumStacks)
      memory["channels"] = .integer(Int64(standard.channelsPerStack) * stacks)
    }
    sections["hbm"] = section(memory)
    return Node(origin: .preset(name), content: .table(sections))
  }

  private func section(_ keys: [String: Node.Scalar]) -> Node {
    Node(
      origin: .preset(name),
      content: .table(keys.mapValues { Node(origin: .preset(name), content: .scalar($0)) }))
  }

  private func deviceKeys(_ choice: Choice) -> [String: Node.Scalar] {
    guard choice.isWhole || choice.density != nil,
      let device = standard.device(rate: bin.rate, density: choice.density) ?? standard.device(rate: bin.rate)
    else { return [:] }
    var keys: [String: Node.Scalar] = [
      "rows": .integer(Int64(device.organisation.rows)), "stack_ids": .integer(Int64(device.organisation.stackIDs)),
    ]
    let timings = choice.isWhole ? DRAMTiming.allCases.filter { $0 != .nREFISB } : [.nRFC, .nRFCSB]
    for timing in timings { keys[timing.rawValue] = device.timings[timing].map { .integer(Int64($0)) } }
    return keys
  }
}
