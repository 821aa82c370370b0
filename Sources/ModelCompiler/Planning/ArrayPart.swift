import Architecture

/// What a matrix product uses of a tile's arrays.
///
/// A product may leave rows, columns or whole arrays idle where smaller blocks fit better or meet less in the banks. So a machine
/// with twice as many has all the cuts of the one with half of them.
struct ArrayPart: Equatable {
  var rows: Int
  var columns: Int
  var count: Int
}

extension Target {
  /// Parts of the arrays that may do better than all of them. A padded array takes as long for a part of its rows or columns as
  /// for all.
  var parts: [ArrayPart] {
    let whole = ArrayPart(rows: array.rows, columns: array.columns, count: arrayCount)
    var parts: [ArrayPart] = []
    if units > 1 { parts.append(ArrayPart(rows: whole.rows, columns: whole.columns, count: (whole.count + 1) / 2)) }
    guard array.edgeTiles == .trimmed else { return parts }
    parts += Split.halves(whole.rows).dropFirst().prefix(2).map {
      ArrayPart(rows: $0, columns: whole.columns, count: whole.count)
    }
    if whole.columns >= 16 { parts.append(ArrayPart(rows: whole.rows, columns: whole.columns / 2, count: whole.count)) }
    return parts
  }

  /// The same machine with no more of its arrays than a part.
  func limited(to part: ArrayPart) -> Target {
    var target = self
    (target.array.rows, target.array.columns, target.arrayCount) = (part.rows, part.columns, part.count)
    return target
  }
}
