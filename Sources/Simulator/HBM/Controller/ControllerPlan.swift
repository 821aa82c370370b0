import Architecture

/// What the channels of a memory have in common: its device, its rules, and the device's constraints compiled for them.
public final class ControllerPlan: Sendable {
  public let device: DRAMDevice
  public let spec: MemoryControllerSpec
  let effects: CommandEffects
  let pace: ColumnPace
  /// Column command to the last of its data, in ticks, through the PHY.
  let readLatency: Int64
  let writeLatency: Int64

  /// - Precondition: `controllerProblem(device:spec:)` finds none.
  public init(device: DRAMDevice, spec: MemoryControllerSpec) {
    if let problem = controllerProblem(device: device, spec: spec) { preconditionFailure(problem) }
    self.device = device
    self.spec = spec
    effects = CommandEffects(TimingPlan(device: device, spec: spec))
    pace = ColumnPace(device)
    let ticks = Int64(device.ticksPerClock)
    readLatency = Int64(device[.nCL] + device[.nBL] + spec.phyLatency) * ticks
    writeLatency = Int64(device[.nCWL] + device[.nBL] + spec.phyLatency) * ticks
  }

  /// The `AccessOrder` for which the channels are compiled.
  enum Order {
    case plain, plainPair, firstReady, inOrder

    init(_ device: DRAMDevice, _ spec: MemoryControllerSpec) {
      let channels = device.organisation.pseudoChannels
      switch (spec.scheduler, channels) {
      case (.fcfs, _): self = .inOrder
      case (.frfcfs, 1...2) where Self.isPlain(spec, channels): self = channels == 1 ? .plain : .plainPair
      default: self = .firstReady
      }
    }

    /// Rows are left open, no hit is weighed against other requests, and there is one pair of queues of at most 32 entries.
    private static func isPlain(_ spec: MemoryControllerSpec, _ channels: Int) -> Bool {
      spec.rowPolicy == .open && spec.rowHitCap == 0 && (channels == 1 || !spec.queuesPerPseudoChannel)
        && AgeLine.words(max(spec.readQueue, spec.writeQueue)) == 1
    }
  }
}

/// 1 for commands that start on rising edges (odd ticks) only, else 0.
struct CommandEdges: BitwiseCopyable {
  let column: Int64
  let activate: Int64
  let precharge: Int64
  private let refresh: Int64
  private let bankRefresh: Int64
  private let prechargeAll: Int64

  init(_ plan: TimingPlan) {
    func edge(_ command: EngineCommand) -> Int64 { plan.edge[command.rawValue] }
    column = edge(.RD) | edge(.WR)
    activate = edge(.ACT)
    precharge = edge(.PREpb)
    refresh = edge(.REFab)
    bankRefresh = edge(.REFpb)
    prechargeAll = edge(.PREab)
  }

  subscript(_ command: EngineCommand) -> Int64 {
    switch command {
    case .ACT: activate
    case .PREpb: precharge
    case .PREab: prechargeAll
    case .REFab: refresh
    case .REFpb: bankRefresh
    case .RD, .RDA, .WR, .WRA: column
    }
  }
}

/// What makes a controller impossible, as a sentence; nil if nothing does.
public func controllerProblem(device: DRAMDevice, spec: MemoryControllerSpec) -> String? {
  let organisation = device.organisation
  if organisation.pseudoChannels < 1 || organisation.banks < 1 { return "a memory channel has no banks" }
  if organisation.banks > 64 {
    return "a pseudo channel has \(organisation.banks) banks over all stack IDs; at most 64 can be modelled"
  }
  if device.ticksPerClock != 1 && device.ticksPerClock != 2 {
    return "a cycle of CK has \(device.ticksPerClock) scheduling ticks; 1 and 2 can be modelled"
  }
  if let rule = device.constraints.first(where: {
    $0.window > 1 && !$0.isSibling && $0.scope != .pseudoChannel && $0.scope != .bank
  }) {
    return
      "a window of \(rule.window) commands is kept for a pseudo channel or a bank, not for a scope like \(rule.scope)"
  }
  if spec.readQueue < 1 || spec.writeQueue < 1 { return "a memory controller's queues have at least one entry" }
  if spec.writeLow > spec.writeHigh {
    return "writes are drained from above \(spec.writeHigh) percent to below \(spec.writeLow) percent, which is more"
  }
  if spec.refresh == .allBank && device[.nREFI] < 1 { return "all-bank refresh needs an interval, nREFI" }
  if spec.refreshStagger < 0 || spec.refreshStagger * organisation.pseudoChannels > max(0, device[.nREFI]) {
    return
      "refreshes of \(organisation.pseudoChannels) pseudo channels, \(spec.refreshStagger) cycles apart, do not fit nREFI"
  }
  if spec.refresh == .perBank && device[.nREFISB] < 1 { return "per-bank refresh needs an interval, nREFISB" }
  return nil
}
