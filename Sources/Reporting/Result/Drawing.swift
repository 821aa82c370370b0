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

  /// A curve of the means of `width` equal stretches of `values`, over `peak`.
  static func curve(_ values: [Int64], peak: Double, width: Int) -> String {
    guard !values.isEmpty, peak > 0 else { return "" }
    let columns = min(width, values.count)
    return String(
      (0..<columns).map { column -> Character in
        let part = values[column * values.count / columns..<max((column + 1) * values.count / columns, 1)]
        let mean = part.reduce(0.0) { $0 + Double($1) } / Double(part.count)
        return heights[min(7, max(0, Int((mean / peak * 8).rounded(.up)) - 1))]
      })
  }
}
