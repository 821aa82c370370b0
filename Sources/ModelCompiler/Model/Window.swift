/// A sliding window over an image: filters, depthwise filters and pools.
public struct Window: Equatable, Sendable {
  public var input: Shape
  public var kernelHeight: Int
  public var kernelWidth: Int
  public var strideY: Int
  public var strideX: Int
  public var paddingY: Int
  public var paddingX: Int
  /// SCALE-Sim's rule: a last window that sticks out of the input counts (and reads zeros). False: the true floor.
  public var roundsUp = false

  public init(
    input: Shape, kernelHeight: Int, kernelWidth: Int, strideY: Int, strideX: Int, paddingY: Int, paddingX: Int,
    roundsUp: Bool = false
  ) {
    self.input = input
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.strideY = strideY
    self.strideX = strideX
    self.paddingY = paddingY
    self.paddingX = paddingX
    self.roundsUp = roundsUp
  }

  /// ⌊(H + 2P − F) / S⌋ + 1, or the ceiling of the same quotient when `roundsUp`.
  public var outputHeight: Int { Self.steps(input.height + 2 * paddingY - kernelHeight, strideY, roundsUp) }
  public var outputWidth: Int { Self.steps(input.width + 2 * paddingX - kernelWidth, strideX, roundsUp) }
  public var taps: Int { kernelHeight * kernelWidth }
  /// Columns of an input row as it lies in the scratchpad, zeros included.
  var paddedWidth: Int { max(input.width + paddingX, (outputWidth - 1) * strideX + kernelWidth) }
  /// True when the window is one position wide and touches each input once: a plain matrix multiplication.
  var isPointwise: Bool {
    taps == 1 && strideX == 1 && strideY == 1 && paddingX == 0 && paddingY == 0
  }

  private static func steps(_ span: Int, _ stride: Int, _ roundsUp: Bool) -> Int {
    if span < 0 { return 0 }
    return (roundsUp ? (span + stride - 1) / stride : span / stride) + 1
  }
}
