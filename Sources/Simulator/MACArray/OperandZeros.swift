/// Shares of zeros among operands, and of products that have none.
enum OperandZeros {
  /// Parts a multiply-accumulate is counted in when some have zero operands.
  static let parts = 256
  private static let whole: UInt64 = 65_535

  /// How many 256ths of the products have no zero operand, when the operands' zeros (in 65,535ths) are independent of each
  /// other; to the nearest.
  static func activeParts(_ zeros: UInt16, _ otherZeros: UInt16) -> Int64 {
    let products = (whole - UInt64(zeros)) * (whole - UInt64(otherZeros)) * UInt64(parts)
    return Int64((products + whole * whole / 2) / (whole * whole))
  }
}
