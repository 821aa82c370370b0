/// The trains inside a channel, those on their way to it as well, and how far each has been served.
struct TrainTable: ~Copyable {
  var trains = SlotPool<TrainInside>(capacity: 8)
  var unserved = UnservedTally()
  /// Slots of trains that have been wholly served, since the channel last looked.
  var served = GrowingBuffer<Int32>(capacity: 8)
  /// Accesses served, while the channel wants to know each.
  var watched = GrowingBuffer<AccessCompletion>(capacity: 1)
  var isWatched = false

  /// An access of a train has had its column command, or needs none.
  @inline(__always)
  mutating func serve(_ access: AccessCompletion) {
    serve(1, of: access.id, started: access.started, first: access.finished, last: access.finished)
    if isWatched { watched.append(access) }
  }

  /// So many accesses of a train have had their column commands: ticks of the first command on their behalf, of the end of the first's
  /// data and of the last's.
  @inline(__always)
  mutating func serve(_ accesses: Int64, of slot: Int32, started: Int64, first: Int64, last: Int64) {
    let train = trains.place(of: slot)
    let count = Int32(truncatingIfNeeded: accesses)
    let left = train.pointee.unserved
    unserved.serve(count, of: left)
    train.pointee.unserved = left &- count
    train.pointee.started = min(train.pointee.started, started)
    train.pointee.firstData = min(train.pointee.firstData, first)
    train.pointee.lastData = max(train.pointee.lastData, last)
    if left == count { served.append(slot) }
  }
}

/// Takes completions where the trains are.
struct TrainSink: CompletionSink {
  let table: UnsafeMutablePointer<TrainTable>

  @inline(__always)
  mutating func complete(_ access: AccessCompletion) { table.pointee.serve(access) }
}
