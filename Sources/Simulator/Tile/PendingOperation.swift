/// An operation under way in one pipeline of a unit.
struct PendingOperation: BitwiseCopyable {
  var tag: Int32
  var kind: DatapathCompletion.Kind
  /// Local cycle from which on its result is there.
  var end: Int64
}

extension FIFORing where Element == PendingOperation {
  /// Local cycle at which the oldest ends (operations of a pipeline end in order); `Int64.max` when there is none.
  @inline(__always)
  var firstEnd: Int64 { isEmpty ? .max : self[0].end }
}
