import InstructionTrace

/// One operation of the vector unit: an element-wise function, a conversion or a reduction, as plain data.
public struct VectorOperation: Sendable {
  /// Index into the unit's cost table: the raw value of a `VectorFunction`, or that of a conversion.
  public var costIndex: UInt8
  /// Number format of the elements (of a conversion: the one it reads), as `VectorUnit.formatIndex` numbers it.
  public var format: UInt8 = 0
  /// Elements read from `source` (a reduction: elements a group times groups).
  public var elements: Int64
  public var source: StridedView
  /// Second source; `.none` when there is none.
  public var source2: StridedView
  /// Written as the elements come: after e of `elements` elements, ⌊e/elements of its bytes⌋ are written.
  public var destination: StridedView

  /// Cost index of a conversion between two logarithmic formats, or between two others.
  public static let convertCost = UInt8(VectorFunction.allCases.count)
  /// Cost index of a conversion into a logarithmic format: leading one, look-up.
  static let encodeCost = convertCost + 1
  /// Cost index of a conversion out of a logarithmic format: look-up, shift.
  static let decodeCost = convertCost + 2

  /// Cost index of a conversion between formats as `VectorUnit.formatIndex` numbers them.
  static func conversionCost(from source: UInt8, to destination: UInt8) -> UInt8 {
    switch (VectorUnit.isLogarithmic(source), VectorUnit.isLogarithmic(destination)) {
    case (false, true): encodeCost
    case (true, false): decodeCost
    default: convertCost
    }
  }

  /// An element-wise function, or a reduction with `elements` over all groups.
  public static func function(
    _ function: VectorFunction, elements: Int64, source: StridedView, source2: StridedView = .none,
    destination: StridedView
  ) -> VectorOperation {
    VectorOperation(
      costIndex: function.rawValue, elements: elements, source: source, source2: source2, destination: destination)
  }

  /// A number format conversion.
  public static func convert(elements: Int64, source: StridedView, destination: StridedView) -> VectorOperation {
    VectorOperation(
      costIndex: convertCost, elements: elements, source: source, source2: .none, destination: destination)
  }
}

extension VectorOperation {
  /// Why no vector unit can do this operation, in words; nil when it can be done.
  public var fault: String? {
    if elements < 1 || elements > Int64(Int32.max) {
      return "elements is \(elements), but must be in 1...\(Int32.max)"
    }
    return source.emptyDimension("the source") ?? source2.emptyDimension("the second source")
      ?? destination.emptyDimension("the destination")
  }
}

extension StridedView {
  /// Says, of a view that is given (its run is not 0), that it has no bytes.
  func emptyDimension(_ name: String) -> String? {
    if run == 0 { return nil }
    return run < 0 || min(count1, count2, count3) < 1 ? "\(name) has an empty dimension" : nil
  }
}
