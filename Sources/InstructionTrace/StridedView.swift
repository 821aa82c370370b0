/// Which bytes an operand touches: a contiguous run, repeated over up to three counted dimensions.
///
/// Address of run (i1, i2, i3): `base + i1*stride1 + i2*stride2 + i3*stride3`, `0 <= ij < countj`; each run is `run`
/// bytes. Unused dimensions have count 1 and stride 0. HBM views leave dimension 3 unused (DMA is at most 3-D).
public struct StridedView: BitwiseCopyable, Equatable, Sendable {
  /// First byte: an offset inside the tensor (HBM) or a local address (`LocalAddress`).
  public var base: Int64
  /// Contiguous bytes of each run, at least 1.
  public var run: Int32
  public var count1: Int32
  public var count2: Int32
  public var count3: Int32
  public var stride1: Int64
  public var stride2: Int64
  public var stride3: Int64

  public init(
    base: Int64, run: Int32, count1: Int32 = 1, stride1: Int64 = 0, count2: Int32 = 1, stride2: Int64 = 0,
    count3: Int32 = 1, stride3: Int64 = 0
  ) {
    self.base = base
    self.run = run
    self.count1 = count1
    self.count2 = count2
    self.count3 = count3
    self.stride1 = stride1
    self.stride2 = stride2
    self.stride3 = stride3
  }

  /// The view of an operand that a record does not have.
  public static let none = StridedView(base: 0, run: 0)

  /// Bytes touched, runs times run length (overlapping runs count each time).
  public var bytes: Int64 { Int64(run) * Int64(count1) * Int64(count2) * Int64(count3) }

  /// One contiguous piece.
  public static func contiguous(_ base: Int64, _ bytes: Int32) -> StridedView { StridedView(base: base, run: bytes) }
}

/// A tile's local address space: the scratchpad SRAM from 0, the accumulator from `accumulatorBase`.
public enum LocalAddress {
  /// First byte of the accumulator, 2^31: scratchpad addresses are below it.
  public static let accumulatorBase: Int64 = 1 << 31
}
