/// What the operations of an array moved, counted as each starts.
public struct ArrayTraffic: Equatable, Sendable {
  public var matmuls: Int64 = 0
  /// Elements read into stationary blocks; of sparse ones those that are kept.
  public var preloadElements: Int64 = 0
  /// Bytes read for stationary blocks, for the moving operand, and for the second one of output-stationary products.
  public var preloadBytes: Int64 = 0
  public var movingBytes: Int64 = 0
  public var secondMovingBytes: Int64 = 0
  /// Results handed to the accumulator.
  public var results: Int64 = 0
  /// Processing elements (of stationary arrays: lanes) with work, added up over matmuls.
  public var mappedElements: Int64 = 0
}
