/// A contiguous piece of local memory that the DMA moves, beat by beat.
struct Burst {
  var address: Int64
  var bytes: Int64
  /// Local cycle of its first beat.
  var start: Int64

  /// Aligned windows of `size` bytes the burst lies in: one beat each.
  func beats(of size: Int64) -> Int64 {
    (address + bytes - 1) / size - address / size + 1
  }
}
