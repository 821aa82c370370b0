/// Bars and curves from block characters.
enum Drawing {
  private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  private static let heights: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// A bar of `share` (0...1) of `width` characters, to the eighth, on a dotted ground.
  static func bar(_ share: Double, width: Int) -> String {
    let parts = Int((min(max(share, 0), 1) * Double(width * 8)).rounded())
    var text = String(repeating: "█", count: parts / 8)
    if parts % 8 > 0 { text.append(eighths[parts % 8 - 1]) }
    return text + String(repeating: "·", count: width - text.count)
  }

  /// The means of at most `width` equal stretches of `values`.
  static func means(_ values: [Int64], columns width: Int) -> [Double] {
    let columns = min(width, values.count)
    return (0..<columns).map { column in
      let part = values[column * values.count / columns..<(column + 1) * values.count / columns]
      return part.reduce(0.0) { $0 + Double($1) } / Double(part.count)
    }
  }

  /// A curve of values from 0 to `peak`, a character each.
  static func curve(_ values: [Double], peak: Double) -> String {
    guard peak > 0 else { return "" }
    return String(values.map { heights[min(7, max(0, Int(($0 / peak * 8).rounded(.up)) - 1))] })
  }
}
