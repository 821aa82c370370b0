/// A contiguous piece of local memory that the DMA moves, beat by beat.
struct Burst {
  var address: Int64
  var bytes: Int64
  /// Local cycle of its first beat.
  var start: Int64
  /// Cycles it takes: one for each aligned window of a beat's size that it lies in, if it does not share cycles.
  var beats: Int64
  /// Bytes of its first beat; those between the first and the last are whole.
  var first: Int64
}
