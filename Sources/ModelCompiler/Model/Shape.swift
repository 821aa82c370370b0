/// Shape of one image or sequence, channels innermost: a sequence of t tokens is t x 1 x hidden.
public struct Shape: Equatable, Sendable, CustomStringConvertible {
  public var height: Int
  public var width: Int
  public var channels: Int
  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }
  /// Positions: height x width.
  public var rows: Int { height * width }
  public var elements: Int { rows * channels }
  public var description: String { "\(height)x\(width)x\(channels)" }
}
