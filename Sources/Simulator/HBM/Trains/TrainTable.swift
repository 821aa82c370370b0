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
    let train = trains.place(of: access.id)
    let left = train.pointee.unserved
    unserved.serve(1, of: left)
    train.pointee.unserved = left &- 1
    train.pointee.started = min(train.pointee.started, access.started)
    train.pointee.firstData = min(train.pointee.firstData, access.finished)
    train.pointee.lastData = max(train.pointee.lastData, access.finished)
    if left == 1 { served.append(access.id) }
    if isWatched { watched.append(access) }
  }
}

/// Takes completions where the trains are.
struct TrainSink: CompletionSink {
  let table: UnsafeMutablePointer<TrainTable>

  @inline(__always)
  mutating func complete(_ access: AccessCompletion) { table.pointee.serve(access) }
}
