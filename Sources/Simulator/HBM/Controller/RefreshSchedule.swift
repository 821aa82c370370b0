import Architecture

/// When refreshes fall due, and of which banks.
///
/// All-bank: every nREFI, all pseudo channels in the same tick, or one after the other `refreshStagger` apart. Per-bank: every
/// nREFISB one bank, round all banks of the channel; where commands start on both clock edges, one bank of each pseudo channel,
/// in consecutive ticks, bank groups before banks and stack ID after stack ID, and a stack ID's next round begins no earlier
/// than nRFCSB after its last bank fell due.
struct RefreshSchedule: ~Copyable {
  private let mode: MemoryControllerSpec.Refresh
  private let isPaired: Bool
  private let interval: Int64
  /// Between the all-bank refreshes of pseudo channels; 0: all fall due together.
  private let stagger: Int64
  private let setPause: Int64
  private let pseudoChannels: Int
  private let banks: Int
  private let banksPerStack: Int
  /// Next tick at which a refresh falls due; `.max` without refresh.
  private(set) var due: Int64
  /// When the next group of refreshes falls due; differs from `due` while a pair is handed out.
  private var nextGroup: Int64
  private var bank = 0
  private var pseudoChannel = 0
  /// By stack ID: its next round may begin.
  private let nextRound: UnsafeMutablePointer<Int64>
  private let stacks: Int
  /// Times every bank has had its turn.
  private(set) var rounds: Int64 = 0

  init(device: DRAMDevice, spec: MemoryControllerSpec) {
    mode = spec.refresh
    let ticks = Int64(device.ticksPerClock)
    isPaired = device.ticksPerClock > 1
    interval = Int64(mode == .perBank ? device[.nREFISB] : device[.nREFI]) * ticks
    setPause = Int64(device[.nRFCSB]) * ticks
    pseudoChannels = device.organisation.pseudoChannels
    banks = device.organisation.banks
    stacks = device.organisation.stackIDs
    banksPerStack = banks / max(stacks, 1)
    stagger = mode == .allBank ? Int64(spec.refreshStagger) * ticks : 0
    nextGroup = mode == .none ? .max : stagger > 0 ? stagger : interval
    due = nextGroup
    nextRound = .allocate(capacity: stacks)
    nextRound.initialize(repeating: 0, count: stacks)
  }

  deinit { nextRound.deallocate() }

  /// Length of a round when nothing postpones it.
  var roundTicks: Int64 {
    switch mode {
    case .none: .max
    case .allBank: interval
    case .perBank: interval * Int64(isPaired ? banks : banks * pseudoChannels)
    }
  }

  /// What falls due in tick `now`, which is `due`; then `due` is the next such tick.
  mutating func advance(at now: Int64, take: (MaintenanceJob) -> Void) {
    if stagger > 0 {
      take(MaintenanceJob(kind: .refreshAll, pseudoChannel: pseudoChannel, bank: 0))
      return stepStaggered()
    }
    if mode == .allBank {
      for channel in 0..<pseudoChannels {
        take(MaintenanceJob(kind: .refreshAll, pseudoChannel: channel, bank: 0))
      }
      rounds += 1
      nextGroup += interval
      due = nextGroup
      return
    }
    take(MaintenanceJob(kind: .refreshBank, pseudoChannel: pseudoChannel, bank: bank))
    if isPaired { stepPair(now) } else { stepSingle() }
  }

  /// The next pseudo channel's turn; after the last, the first one's, nREFI after its last.
  private mutating func stepStaggered() {
    nextGroup += stagger
    pseudoChannel += 1
    if pseudoChannel == pseudoChannels {
      pseudoChannel = 0
      rounds += 1
      nextGroup += interval - stagger * Int64(pseudoChannels)
    }
    due = nextGroup
  }

  private mutating func stepSingle() {
    bank += 1
    if bank == banks {
      bank = 0
      pseudoChannel += 1
    }
    if pseudoChannel == pseudoChannels {
      pseudoChannel = 0
      rounds += 1
    }
    nextGroup += interval
    due = nextGroup
  }

  private mutating func stepPair(_ now: Int64) {
    if pseudoChannel == 0 { nextGroup += interval }
    if bank % banksPerStack == banksPerStack - 1 { nextRound[bank / banksPerStack] = now + setPause }
    pseudoChannel += 1
    if pseudoChannel < pseudoChannels {
      due = now + 1
      return
    }
    pseudoChannel = 0
    bank += 1
    if bank == banks {
      bank = 0
      rounds += 1
    }
    nextGroup = max(nextGroup, now + 1, nextRound[bank / banksPerStack])
    due = nextGroup
  }

  /// Moves everything that lies ahead by `ticks`.
  mutating func shift(by ticks: Int64, rounds passed: Int64) {
    nextGroup += ticks
    due += ticks
    rounds += passed
    for stack in 0..<stacks { nextRound[stack] += ticks }
  }

  /// What decides which refreshes fall due when, from `due` on and relative to it.
  var outlook: [Int64] {
    [nextGroup - due, Int64(bank), Int64(pseudoChannel)] + (0..<stacks).map { max(nextRound[$0] - due, 0) }
  }
}
