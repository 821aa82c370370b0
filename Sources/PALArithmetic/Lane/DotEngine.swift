/// The dot product of any format, by the lane or reference that format has.
public struct DotEngine {
  /// An operand in the shape the engine works on.
  public enum Operand {
    /// Words as they are.
    case words(QuantizedVector)
    /// Words made ready for counting.
    case counted(LaneOperand)
  }

  private enum Implementation {
    case counting(MACLane, ProductHistogram)
    case lane(MACLane)
    case exact(ExactLane)
    case mdlns(MDLNSLane)
    case elma(ElmaLane)
    case reference(ReferenceDot)
  }
  private let implementation: Implementation
  /// Bins and partial sums saturated so far.
  public private(set) var overflows = 0

  /// The engine of a format: a PAL lane of `lane`'s widths (default: the model's), or the exact lane.
  ///
  /// - Throws: `FormatError` when the format cannot be computed with.
  public init(_ format: NumberFormat, lane: LaneConfiguration? = nil, exact: Bool = false) throws {
    switch format {
    case .pal(let member) where exact: implementation = .exact(ExactLane(member))
    case .pal(let member):
      let macLane = MACLane(try lane ?? LaneConfiguration(member))
      implementation = ProductHistogram(macLane).map { .counting(macLane, $0) } ?? .lane(macLane)
    case .mdlns(let member): implementation = .mdlns(try MDLNSLane(member))
    case .elma(let member): implementation = .elma(try ElmaLane(member))
    case .integer, .float: implementation = .reference(try ReferenceDot(format))
    }
  }

  /// Makes an operand ready, once for all the dot products it takes part in.
  public func operand(_ vector: QuantizedVector) -> Operand {
    guard case .counting(let lane, _) = implementation else { return .words(vector) }
    return .counted(LaneOperand(vector, format: lane.configuration.format))
  }

  /// The dot product of two operands of this engine.
  ///
  /// - Throws: `FormatError` when they do not fit each other.
  public mutating func dot(_ a: Operand, _ b: Operand) throws -> Double {
    switch (implementation, a, b) {
    case (.counting(let lane, let histogram), .counted(let a), .counted(let b)):
      drained(lane.drain(try histogram.accumulate(a, b)))
    case (.lane(let lane), .words(let a), .words(let b)): drained(try lane.dot(a, b))
    case (.exact(let lane), .words(let a), .words(let b)): try lane.dot(a, b).value
    case (.mdlns(let lane), .words(let a), .words(let b)): try lane.dot(a, b)
    case (.elma(let lane), .words(let a), .words(let b)):
      if let sum = try lane.dot(a, b) { drained(sum) } else { .nan }
    case (.reference(let reference), .words(let a), .words(let b)): try reference.dot(a, b)
    default: throw FormatError("the operands were made ready for another engine")
    }
  }

  private mutating func drained(_ sum: LinearSum) -> Double {
    overflows += sum.overflows
    return sum.value
  }
}
