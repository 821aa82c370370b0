/// A matrix product C = A B: A is m x k, B is k x n.
public struct GEMMShape: Equatable, Sendable {
  public var m: Int64
  public var n: Int64
  public var k: Int64

  public init(m: Int64, n: Int64, k: Int64) {
    self.m = m
    self.n = n
    self.k = k
  }

  /// Multiply-accumulates: m n k.
  public var macs: Int64 { m * n * k }
}
