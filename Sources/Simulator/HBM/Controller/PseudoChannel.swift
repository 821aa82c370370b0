/// A pseudo channel: its banks, and which of them have something to do.
struct PseudoChannel: BitwiseCopyable {
  /// By direction, at the front: `masks` finds them there.
  var masksByDirection = (CandidateMasks(), CandidateMasks())
  /// Banks with an open row.
  var open: UInt64 = 0
  /// Banks to be closed because their row has had its accesses, and no forced precharge waits yet.
  var spent: UInt64 = 0
  /// The requests of the direction served whose bank is ripe for the command they need.
  let ready: ReadyRequests
  /// Banks that were ready for their row command, ACT or PRE, when last looked at; the gate not counted. All other banks with a
  /// request that needs one stand in the wheel.
  var ripe: UInt64 = 0
  /// Banks whose requests wait until the bank has been refreshed.
  var heldBack: UInt64 = 0
  /// The direction its queue pair serves: 1 for writes.
  var mode = 0
  /// Since when a bank has been open.
  var openSince: Int64 = 0
  let banks: UnsafeMutablePointer<Bank>
  /// [direction][bank].
  let queues: UnsafeMutablePointer<BankQueue>
  let bankCount: Int
  let entries: UnsafeMutablePointer<QueueEntry>
  let times: PseudoChannelTimes
  /// The queue pair and the line of maintenance that it uses.
  let pair: UnsafeMutablePointer<QueuePair>
  let line: Int
  let index: Int

  @inline(__always)
  func queue(_ bank: Int, _ direction: Int) -> UnsafeMutablePointer<BankQueue> {
    queues + (direction == 0 ? bank : bankCount &+ bank)
  }
}

extension UnsafeMutablePointer<PseudoChannel> {
  /// By direction.
  var masks: UnsafeMutablePointer<CandidateMasks> {
    @inline(__always) get { UnsafeMutableRawPointer(self).assumingMemoryBound(to: CandidateMasks.self) }
  }

  /// Banks with an activated request of either direction.
  var active: UInt64 { @inline(__always) get { masks[0].active | masks[1].active } }

  /// Those that were ready for their column command when last looked at.
  @inline(__always)
  func ripeActives(_ direction: Int) -> UInt64 { masks[direction].active & masks[direction].ripe }

  /// Banks with a hit that may be served.
  var hitBanks: UInt64 {
    @inline(__always) get { masks[pointee.mode].column & ~(masks[pointee.mode].capped | pointee.heldBack) }
  }

  /// Closed banks that may be opened for an ordinary request.
  var openable: UInt64 { @inline(__always) get { masks[pointee.mode].activate & ~pointee.heldBack } }

  /// Banks whose row may be closed for an ordinary request: no active entry needs it, nor a hit that protects it.
  var closable: UInt64 {
    @inline(__always) get {
      masks[pointee.mode].precharge & ~(active | masks[pointee.mode].held | pointee.heldBack)
    }
  }
}

/// Of a pseudo channel, by the command they need.
struct ReadyRequests: BitwiseCopyable {
  /// Words of each set.
  let words: Int
  let activates: PlaceSet
  let precharges: PlaceSet
  let hits: PlaceSet

  init(words: Int, in block: UnsafeMutablePointer<UInt64>) {
    self.words = words
    activates = PlaceSet(words: block)
    precharges = PlaceSet(words: block + words)
    hits = PlaceSet(words: block + 2 * words)
  }

  func removeAll() {
    activates.removeAll(words)
    precharges.removeAll(words)
    hits.removeAll(words)
  }
}

typealias PseudoChannelPointer = UnsafeMutablePointer<PseudoChannel>

/// The bit of a bank of 0..<64 in masks of a pseudo channel.
@inline(__always)
func bankBit(_ bank: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: bank) }

/// Banks of a pseudo channel that have a candidate of one direction: one bit a bank.
struct CandidateMasks: BitwiseCopyable {
  /// With a request.
  var waiting: UInt64 = 0
  /// Closed, with a request.
  var activate: UInt64 = 0
  /// Open, with a request to another row.
  var precharge: UInt64 = 0
  /// Open, with a request to the open row.
  var column: UInt64 = 0
  /// With an active entry.
  var active: UInt64 = 0
  /// Ready for the direction's column command when last looked at, the gate not counted. All other banks of `column` and `active`
  /// stand in the wheel.
  var ripe: UInt64 = 0
  /// Of `precharge`, kept open for a queued hit.
  var held: UInt64 = 0
  /// Of `column`, passed over: the row has had its share of hits and an older request waits for another row.
  var capped: UInt64 = 0
}

/// A cache line: what is needed of a bank for most commands.
struct Bank: BitwiseCopyable {
  /// First ticks of ACT, PREpb, RD, WR.
  var times: (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
  /// -1 when closed.
  var openRow: Int32 = -1
  /// The entry whose ACT opened the row and whose column command is to come; -1: none.
  var active: Int32 = -1
  /// Column commands since the row was opened.
  var accesses: Int32 = 0
  /// Its bank group in the pseudo channel.
  let group: Int32
  /// Tick of the last ACT or column command.
  var lastUse: Int64 = 0
  /// What orders the active entry among active entries.
  var activeKey: Int64 = 0
}

extension UnsafeMutablePointer<Bank> {
  /// The ticks at the front.
  var words: UnsafeMutablePointer<Int64> {
    @inline(__always) get { UnsafeMutableRawPointer(self).assumingMemoryBound(to: Int64.self) }
  }
}

/// Requests of one direction that wait for a bank, oldest first; -1: none.
struct BankQueue: BitwiseCopyable {
  var head: Int32 = -1
  var tail: Int32 = -1
  /// Oldest that hits the open row.
  var hit: Int32 = -1
  /// Oldest that needs another row than the open one.
  var miss: Int32 = -1
}

/// A request in a queue, or on its way from ACT to its column command; what is needed more rarely stands in `EntryDetails`.
struct QueueEntry: BitwiseCopyable {
  var arrived: Int64 = 0
  var row: Int32 = 0
  var id: Int32 = 0
  /// Neighbours in the bank's list, by age; `next` also links free entries.
  var previous: Int32 = -1
  var next: Int32 = -1
  /// In its queue's `AgeLine`.
  var place: Int32 = 0
  /// Not served yet.
  var accesses: Int16 = 1
  var bank: Int8 = 0
  var pseudoChannel: Int8 = 0
}

/// By entry.
struct EntryDetails: BitwiseCopyable {
  /// Tick of the first command on behalf of its next access, 0 before.
  let started: UnsafeMutablePointer<Int64>
  /// How many requests had been accepted before it.
  let ages: UnsafeMutablePointer<Int64>
  /// Of writes: address of the next access, in accesses.
  let lines: UnsafeMutablePointer<Int64>
  /// Of the next access; kept when commands are watched.
  let columns: UnsafeMutablePointer<Int32>

  init(count: Int) {
    started = .copy([Int64](repeating: 0, count: count))
    ages = .copy([Int64](repeating: 0, count: count))
    lines = .copy([Int64](repeating: 0, count: count))
    columns = .copy([Int32](repeating: 0, count: count))
  }

  func deallocate() {
    started.deallocate()
    ages.deallocate()
    lines.deallocate()
    columns.deallocate()
  }
}

/// How many requests a read and a write queue hold, and which of the two is served.
struct QueuePair: BitwiseCopyable {
  var reads = 0
  var writes = 0
  /// 1 while writes are served.
  var mode = 0
  /// Of reads, of writes.
  let lines: UnsafeMutablePointer<AgeLine>
  let firstChannel: Int
  let channelCount: Int

  /// The pseudo channels that share it.
  var channels: Range<Int> { @inline(__always) get { firstChannel..<firstChannel &+ channelCount } }
}
