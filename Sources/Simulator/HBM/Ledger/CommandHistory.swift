import Architecture

/// The last commands at each place of a channel, and what the device's constraints make of them; see `LedgerPlan`.
struct CommandHistory: ~Copyable {
  private static let never = Int64.min / 2
  private static let scopes = DRAMScope.allCases.count

  private let plan: LedgerPlan
  private let bounds: PlainLists<LedgerPlan.Bound>
  private let marks: PlainLists<LedgerPlan.Mark>
  private let siblingMarks: PlainLists<LedgerPlan.Mark>
  private let windows: PlainLists<LedgerPlan.Window>
  private let stackIDs: Int
  private let banks: Int
  private let banksPerStack: Int
  /// [pseudo channel][bank][scope]: the first word of the place.
  private let places: UnsafeMutablePointer<Int>
  private let words: UnsafeMutablePointer<Int64>

  init(_ plan: LedgerPlan) {
    self.plan = plan
    (bounds, marks) = (plan.bounds, plan.marks)
    (siblingMarks, windows) = (plan.siblingMarks, plan.windows)
    let organisation = plan.organisation
    stackIDs = organisation.stackIDs
    banks = organisation.banks
    banksPerStack = organisation.bankGroups * organisation.banksPerGroup
    let numbers = Self.placeNumbers(organisation)
    places = .copy(numbers.map { $0 * plan.blankPlace.count })
    words = .copy(Array(repeating: plan.blankPlace, count: (numbers.max() ?? 0) + 1).flatMap(\.self))
  }

  deinit {
    places.deallocate()
    words.deallocate()
  }

  /// [pseudo channel][bank][scope], the places numbered level by level.
  private static func placeNumbers(_ organisation: DRAMOrganisation) -> [Int] {
    let groups = organisation.stackIDs * organisation.bankGroups
    let (channels, banks) = (organisation.pseudoChannels, organisation.banks)
    let bankGroups = 1 + channels + channels * organisation.stackIDs
    return (0..<channels).flatMap { channel in
      (0..<banks).flatMap { bank in
        let group = bank / organisation.banksPerGroup
        return [
          0, 1 + channel, 1 + channels + channel * organisation.stackIDs + group / organisation.bankGroups,
          bankGroups + channel * groups + group, bankGroups + channels * groups + channel * banks + bank,
        ]
      }
    }
  }

  /// The first words of the places of a bank, by scope.
  @inline(__always)
  private func places(_ pseudoChannel: Int, _ bank: Int) -> UnsafeMutablePointer<Int> {
    places + (pseudoChannel &* banks &+ bank) &* Self.scopes
  }

  /// The first tick at which what is asked for lets a command to a bank be issued; early when nothing binds.
  @inline(__always)
  mutating func earliest(
    _ question: LedgerPlan.Question, _ command: EngineCommand, _ pseudoChannel: Int, _ bank: Int
  ) -> Int64 {
    let places = places(pseudoChannel, bank)
    var tick = Self.never
    for bound in bounds[command.rawValue &* LedgerPlan.Question.count &+ question.rawValue] {
      tick = max(tick, words[places[bound.scope] &+ bound.word] &+ bound.ticks)
    }
    return tick
  }

  /// `bank` is 0 for commands to all banks, which have no place below their pseudo channel.
  @inline(__always)
  mutating func note(_ command: EngineCommand, _ pseudoChannel: Int, _ bank: Int, at tick: Int64) {
    let places = places(pseudoChannel, bank)
    for mark in marks[command.rawValue] { words[places[mark.scope] &+ mark.word] = tick }
    for window in windows[command.rawValue] { slide(window, words + places[window.scope] + window.word, tick) }
    for mark in siblingMarks[command.rawValue] { noteAtSiblings(mark, pseudoChannel, bank, tick) }
  }

  @inline(__always)
  private mutating func slide(_ window: LedgerPlan.Window, _ word: UnsafeMutablePointer<Int64>, _ tick: Int64) {
    let (ring, position) = (word + 1, word + (1 &+ window.size))
    let place = Int(position.pointee)
    ring[place] = tick
    let next = place &+ 1 == window.size ? 0 : place &+ 1
    position.pointee = Int64(next)
    word.pointee = ring[next]
  }

  @inline(never)
  private mutating func noteAtSiblings(_ mark: LedgerPlan.Mark, _ pseudoChannel: Int, _ bank: Int, _ tick: Int64) {
    for stack in 0..<stackIDs where stack != bank / banksPerStack {
      words[places(pseudoChannel, stack * banksPerStack)[mark.scope] + mark.word] = tick
    }
  }
}
