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
  /// All of the arrays.
  var whole: ArrayPart { ArrayPart(rows: array.rows, columns: array.columns, count: arrayCount) }

  /// Parts of the arrays that may do better than all of them, each line larger ones first: fewer arrays, rows, columns. A padded
  /// array takes as long for a part of its rows or columns as for all.
  var parts: [[ArrayPart]] {
    let counts = units > 1 ? Split.halves(arrayCount).dropFirst() : []
    let lines = [counts.map { ArrayPart(rows: array.rows, columns: array.columns, count: $0) }]
    guard array.edgeTiles == .trimmed else { return lines }
    let rows = Split.halves(array.rows).dropFirst()
    let columns = Split.halves(array.columns, granule: 8).dropFirst()
    return lines + [
      rows.map { ArrayPart(rows: $0, columns: array.columns, count: arrayCount) },
      columns.map { ArrayPart(rows: array.rows, columns: $0, count: arrayCount) },
    ]
  }

  /// The same machine with no more of its arrays than a part.
  func limited(to part: ArrayPart) -> Target {
    var target = self
    (target.array.rows, target.array.columns, target.arrayCount) = (part.rows, part.columns, part.count)
    return target
  }
}
