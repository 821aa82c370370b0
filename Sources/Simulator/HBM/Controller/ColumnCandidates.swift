/// The requests of a pseudo channel that are ripe for their column commands, and when those may come.
struct ColumnCandidates: BitwiseCopyable {
  /// Banks with an activated request.
  let actives: ByDirection<UInt64>
  /// Places of hits in the queue served, which is that of direction `mode`.
  let hits: UInt64
  let mode: Int

  @inline(__always)
  init(_ pseudo: PseudoChannelPointer) {
    actives = ByDirection(reads: pseudo.ripeActives(0), writes: pseudo.ripeActives(1))
    hits = pseudo.pointee.ready.hits.words[0]
    mode = pseudo.pointee.mode
  }

  var isEmpty: Bool { @inline(__always) get { actives.reads | actives.writes | hits == 0 } }

  @inline(__always)
  func has(_ direction: Int) -> Bool { actives[direction] | (mode == direction ? hits : 0) != 0 }

  /// The direction that goes first, by its gate if there are requests of both.
  @inline(__always)
  func direction(_ gates: ByDirection<Int64>) -> Int {
    !has(0) || has(1) && gates.writes < gates.reads ? 1 : 0
  }

  /// Whether in a tick either direction could go. Else each command of the first keeps the other's from coming next.
  @inline(__always)
  func areContested(at tick: Int64, _ gates: ByDirection<Int64>) -> Bool {
    has(0) && has(1) && max(gates.reads, gates.writes) <= tick
  }
}
