/// A value for reads (0) and one for writes (1).
struct ByDirection<Value: BitwiseCopyable & Sendable>: BitwiseCopyable, Sendable {
  let reads: Value
  let writes: Value

  @inline(__always)
  subscript(_ direction: Int) -> Value { direction == 0 ? reads : writes }
}
