/// A train of accesses to one memory port (pseudo channel), in the order of their addresses.
struct MemoryTrain: BitwiseCopyable {
  /// Chosen by the sender; comes back in the completion.
  var id: Int32
  /// NoC node that asks: with `id` it orders trains that arrive at a port in the same cycle.
  var source: Int32
  var port: Int32
  /// Byte address of the first access, aligned to an access; the others follow on the same port (`HBMSpec.addressMap`).
  var address: Int64
  /// How many, at least 1.
  var accesses: Int32
  var isWrite: Bool
}

/// How a train was served, in cycles of CK: arrived <= started <= firstData <= lastData.
struct TrainCompletion: BitwiseCopyable {
  var id: Int32
  var port: Int32
  /// Entered its port's queue.
  var arrived: Int64
  /// First command on behalf of any of its accesses.
  var started: Int64
  /// First and last data have crossed the bus.
  var firstData: Int64
  var lastData: Int64
  /// Cycle of the last column command: from then on all this is known.
  var known: Int64
}

/// A train on its way to its channel.
struct ComingTrain: HeapOrdered {
  var cycle: Int64
  var train: MemoryTrain
  /// In the channel's pool.
  var slot: Int32 = -1

  func precedes(_ other: ComingTrain) -> Bool {
    if cycle != other.cycle { return cycle < other.cycle }
    if train.port != other.train.port { return train.port < other.train.port }
    if train.source != other.train.source { return train.source < other.train.source }
    return train.id < other.train.id
  }
}

/// A train that its channel works on, or that is on its way to it.
struct TrainInside: BitwiseCopyable {
  var train: MemoryTrain
  /// Accesses not served yet.
  var unserved: Int32
  /// Its port in the channel.
  let pseudoChannel: Int32
  let span: TrainOverlaps.Span
  /// A train of the other direction that came before may share bytes with it.
  let mayOverlap: Bool
  /// Cycle of CK; the others are ticks of completions so far.
  var arrived: Int64
  var started = Int64.max
  var firstData = Int64.max
  var lastData: Int64 = 0

  init(
    _ train: MemoryTrain, pseudoChannel: Int32, span: TrainOverlaps.Span, mayOverlap: Bool, at cycle: Int64
  ) {
    self.train = train
    self.pseudoChannel = pseudoChannel
    self.span = span
    self.mayOverlap = mayOverlap
    unserved = train.accesses
    arrived = cycle
  }
}
