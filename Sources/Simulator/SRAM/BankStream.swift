import InstructionTrace

/// A sequence of steps that each touch some bytes of the scratchpad: one operand of one operation, as plain data.
///
/// A step touches `runs` runs of `run` bytes, `runStride` apart, from `address`; what lies outside `low..<high` is left
/// out. A vector operand that cannot be put so is walked by `walk`.
struct BankStream {
  /// Steps made, and steps left; none left: the stream is over.
  private(set) var done: Int64 = 0
  private(set) var remaining: Int64 = 0
  /// Local cycle of the next step, and from step to step.
  private(set) var next: Int64 = 0
  private(set) var interval: Int64 = 1
  /// Address of the first run of the next step.
  private(set) var address: Int64 = 0
  /// Steps left in which the address steps evenly, this one included.
  private(set) var linear: Int64 = 0
  private(set) var isWrite = false
  /// The last step may need more than the others: part of a word, read before it is written.
  private var endsWithRead = false
  /// No step needs a bank twice.
  private(set) var isSelfFree = false
  /// Local cycles after which the banks of a linear stretch repeat.
  private(set) var period: Int64 = 1
  private var run: Int64 = 0
  /// 0 when walked.
  private var runs: Int64 = 1
  private var runStride: Int64 = 0
  private var low: Int64 = 0
  private var high: Int64 = .max
  private var loops = StepLoops()
  private var walk: ChunkWalk?

  /// A stream without steps.
  init() {}
}

extension BankStream {
  /// The moving operand of a matmul: each step reads the `count1` runs of the view; steps count over `count2`, `count3`.
  static func moving(_ view: StridedView, steps: Int64, at local: Int64, _ geometry: BankGeometry) -> BankStream {
    var stream = BankStream()
    stream.run = Int64(view.run)
    stream.runs = Int64(view.count1)
    stream.runStride = view.stride1
    stream.loops = StepLoops(
      base: view.base, count1: Int64(view.count2), stride1: view.stride2, count2: Int64(view.count3),
      stride2: view.stride3)
    stream.begin(min(steps, Int64(view.count2) * Int64(view.count3)), at: local, geometry)
    return stream
  }

  /// A stationary block: each step reads one row of it (`StridedView.runsOfRow`).
  static func block(_ view: StridedView, rows: Int64, at local: Int64, _ geometry: BankGeometry) -> BankStream {
    if view.runsOfRow(rows) > 1 { return moving(view, steps: rows, at: local, geometry) }
    var stream = BankStream()
    stream.run = Int64(view.run)
    stream.loops = StepLoops(
      base: view.base, count1: Int64(view.count1), stride1: view.stride1, count2: Int64(view.count2),
      stride2: view.stride2, count3: Int64(view.count3), stride3: view.stride3)
    let runs = Int64(view.count1) * Int64(view.count2) * Int64(view.count3)
    stream.begin(min(rows, runs), at: local, geometry)
    return stream
  }

  /// A burst: each step is the part of it inside one aligned window of `beat` bytes.
  static func burst(
    _ burst: Burst, isWrite: Bool, beat: Int64, at local: Int64, _ geometry: BankGeometry
  ) -> BankStream {
    var stream = BankStream()
    stream.isWrite = isWrite
    stream.run = beat
    stream.low = burst.address
    stream.high = burst.address + burst.bytes
    stream.loops = StepLoops(base: burst.address / beat * beat, count1: burst.beats, stride1: beat)
    stream.begin(burst.beats, at: local, geometry)
    return stream
  }

  /// A vector operand: each step touches the bytes of its elements.
  static func elements(
    _ walk: ChunkWalk, isWrite: Bool, steps: Int64, at local: Int64, interval: Int64, _ geometry: BankGeometry
  ) -> BankStream {
    var stream = BankStream()
    stream.isWrite = isWrite
    stream.interval = interval
    if walk.isRegular, let chunk = walk.evenChunk {
      stream.run = chunk
      stream.high = walk.view.base + walk.bytes
      stream.loops = StepLoops(base: walk.view.base, count1: steps, stride1: chunk)
    } else {
      stream.walk = walk
      stream.runs = 0
    }
    stream.begin(steps, at: local, geometry)
    return stream
  }

  private mutating func begin(_ steps: Int64, at local: Int64, _ geometry: BankGeometry) {
    remaining = steps
    endsWithRead = isWrite && geometry.readsBeforePartialWrite
    next = local
    address = loops.base
    linear = loops.count1
    period = geometry.span / greatestCommonDivisor(loops.stride1, geometry.span) * interval
    isSelfFree = walk == nil && needsNoBankTwice(geometry)
  }

  /// True only if no step can touch a bank twice: by the width of its run, or because all steps look like the first.
  private func needsNoBankTwice(_ geometry: BankGeometry) -> Bool {
    if isWrite && geometry.readsBeforePartialWrite { return false }
    if runs == 1 && mostWords(geometry) <= wordsWithoutConflict(geometry) { return true }
    let strides = loops.stride1 | loops.stride2 | loops.stride3
    guard hasSamePattern(shiftedBy: strides, geometry) else { return false }
    var seen: UInt64 = 0
    var isFree = true
    forEachPiece { from, to in
      let first = geometry.word(at: from)
      geometry.forEachGroup(firstWord: first, count: geometry.word(at: to - 1) - first + 1) { mask, times in
        if seen & mask != 0 || times > 1 { isFree = false }
        seen |= mask
      }
    }
    return isFree
  }

  /// Words a run may touch, wherever its step begins.
  private func mostWords(_ geometry: BankGeometry) -> Int64 {
    let origins = loops.base | loops.stride1 | loops.stride2 | loops.stride3
    if run.isPowerOfTwo && geometry.width % run == 0 && origins & (run - 1) == 0 { return 1 }
    return (run + geometry.width - 2) / geometry.width + 1
  }

  /// Consecutive words that are in different banks, wherever they begin.
  private func wordsWithoutConflict(_ geometry: BankGeometry) -> Int64 {
    geometry.interleave == .lowOrder ? geometry.banks : 1
  }

  /// Two steps whose addresses differ by multiples of these strides (their bits ored) need banks in the same pattern.
  private func hasSamePattern(shiftedBy strides: Int64, _ geometry: BankGeometry) -> Bool {
    if strides == 0 { return true }
    let unit = geometry.interleave == .lowOrder ? geometry.width : geometry.span
    return unit.isPowerOfTwo && strides & (unit - 1) == 0
  }
}

extension StridedView {
  /// Runs that are one row of a stationary block of `rows` rows: its innermost runs where there is one set of them for each
  /// row (elements that lie apart), else one.
  func runsOfRow(_ rows: Int64) -> Int64 {
    count1 > 1 && Int64(count2) * Int64(count3) == rows ? Int64(count1) : 1
  }
}

extension BankStream {
  /// Steps left that need no more than those before them.
  var evenSteps: Int64 { endsWithRead ? remaining - 1 : remaining }

  /// A step touches the bytes `runStart..<runEnd` only; none if that is empty.
  @inline(__always)
  var isOneRun: Bool { runs == 1 }
  @inline(__always)
  var runStart: Int64 { max(address, low) }
  @inline(__always)
  var runEnd: Int64 { min(address &+ run, high) }

  /// Hands each contiguous piece the next step touches to `body`: its first byte and the one after its last.
  func forEachPiece(_ body: (_ from: Int64, _ to: Int64) -> Void) {
    if walk != nil { return forEachWalkedPiece(body) }
    for index in 0..<runs {
      let start = address + index * runStride
      body(start, start + run)
    }
  }

  private func forEachWalkedPiece(_ body: (Int64, Int64) -> Void) {
    guard let walk else { return }
    var position = walk.boundary(done)
    let end = walk.boundary(done + 1)
    let length = Int64(walk.view.run)
    while position < end {
      let offset = position % length
      let bytes = min(length - offset, end - position)
      let from = walk.address(ofRun: position / length) + offset
      body(from, from + bytes)
      position += bytes
    }
  }

  /// Steps this stream makes in the `count` local cycles from `local` on.
  @inline(__always)
  func steps(from local: Int64, cycles count: Int64) -> Int64 {
    let end = local &+ count
    if next >= end { return 0 }
    if interval == 1 { return min(remaining, end &- next) }
    return min(remaining, (end &- 1 &- next) / interval &+ 1)
  }

  /// Goes to the next step; true when this was the first, or the next is not one even step of the address away, or there
  /// is none.
  @inline(__always)
  mutating func advance() -> Bool {
    done &+= 1
    remaining &-= 1
    next &+= interval
    linear &-= 1
    if linear > 0 && remaining > 0 {
      address &+= loops.stride1
      return done == 1
    }
    linear = loops.count1
    address = loops.address(ofStep: done)
    return true
  }

  /// Goes on by any number of steps that are left; true when the first was among them, or the address did not step
  /// evenly all the way, or no step is left.
  mutating func skip(_ steps: Int64) -> Bool {
    let turned = done == 0 || steps >= min(linear, remaining)
    done += steps
    remaining -= steps
    next += steps * interval
    linear = loops.count1 - done % loops.count1
    address = loops.address(ofStep: done)
    return turned
  }
}

extension Int64 {
  fileprivate var isPowerOfTwo: Bool { self > 0 && self & (self - 1) == 0 }
}

/// The greatest common divisor of a and a positive b, which is nearly always a power of two; of 0 and b: b.
func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
  if b & (b &- 1) == 0 { return a == 0 ? b : min(b, a & -a) }
  var (a, b) = (abs(a), b)
  while a != 0 { (a, b) = (b % a, a) }
  return b
}

/// The least common multiple of two positive numbers.
@inline(__always)
func leastCommonMultiple(_ a: Int64, _ b: Int64) -> Int64 {
  if a == b || a == 1 { return b }
  return a / greatestCommonDivisor(a, b) * b
}
