/// A contiguous piece of local memory that the DMA moves, beat by beat.
struct Burst {
  var address: Int64
  var bytes: Int64
  /// Local cycle of its first beat.
  var start: Int64
  /// Aligned windows of a beat's size the burst lies in: one beat each; 1 when bursts take one cycle whatever their size.
  var beats: Int64
}
