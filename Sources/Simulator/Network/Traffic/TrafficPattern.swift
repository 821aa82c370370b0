/// Where generated packets go. The names are the field's.
public enum TrafficPattern: String, CaseIterable, Sendable {
  /// Any node with the same probability, the source itself included.
  case uniform
  /// The two halves of the node's bits swapped: row and column of a square mesh.
  case transpose
  /// Every bit of the node complemented.
  case bitcomp
  /// The node's bits in reverse order.
  case bitrev
  /// The node's bits rotated left by one.
  case shuffle
  /// Nearly half way round in each dimension: coordinate + ceil(k / 2) - 1.
  case tornado
  /// The next node in each dimension: coordinate + 1, from the last to the first.
  case neighbor
  /// Any node, some of them with a higher weight.
  case hotspot
  /// One permutation of the nodes, drawn from the seed.
  case randperm
}

/// A node that draws more traffic than the others, whose weight is 1.
public struct Hotspot: Equatable, Sendable {
  public var node: Int
  public var weight: Int

  public init(node: Int, weight: Int) {
    self.node = node
    self.weight = weight
  }
}

/// Traffic that a network cannot carry, in words.
public struct TrafficFault: Error, Equatable, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }
}
