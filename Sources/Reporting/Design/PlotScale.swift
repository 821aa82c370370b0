import Foundation

/// One axis of a plot: where a value lies between its ends, and which values are marked.
struct PlotScale {
  struct Tick: Equatable {
    /// 0 at one end, 1 at the other.
    var place: Double
    var label: String
  }

  /// What is drawn, and in which unit.
  let title: String
  private(set) var ticks: [Tick] = []
  private let low: Double
  private let high: Double
  private let isLogarithmic: Bool
  /// Values further apart than this are placed by their logarithm.
  private static let wide = 30.0

  func place(_ value: Double) -> Double {
    if high <= low { return 0.5 }
    return isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
  }

  /// Of the values of a statistic: ends and marks are round numbers.
  init(_ statistic: DesignTable.Statistic, _ values: [Double]) {
    let (least, most) = (values.min() ?? 0, values.max() ?? 1)
    let prefix = Prefix(unit: statistic.unit, largest: max(abs(least), abs(most)))
    title = prefix.unit.isEmpty ? statistic.name : "\(statistic.name), \(prefix.unit)"
    isLogarithmic = least > 0 && most / least > Self.wide
    let marks = isLogarithmic ? Self.decades(least, most) : Self.steps(least, most)
    (low, high) = (marks.first!, marks.last!)
    ticks = marks.map { Tick(place: place($0), label: prefix.text($0)) }
  }

  /// Of an axis of the space: marks are its own levels where these are few. `isInset` leaves room beside the first and last.
  init(_ axis: DesignTable.Axis, isInset: Bool = false) {
    title = axis.title
    let numbers = axis.numbers.map { numbers in axis.levels.map { numbers[$0] ?? 0 } }
    let values = numbers ?? axis.levels.indices.map(Double.init)
    let room = isInset ? 0.5 : 0
    (low, high) = ((values.min() ?? 0) - room, (values.max() ?? 1) + room)
    isLogarithmic = numbers != nil && !isInset && low > 0 && (high / low > Self.wide || Self.isGeometric(values))
    let marks = zip(values, axis.levels).sorted { $0.0 < $1.0 }
    let every = max(1, marks.count / 12)
    ticks = marks.indices.filter { $0 % every == 0 }
      .map { Tick(place: place(marks[$0].0), label: axis.short(marks[$0].1)) }
  }

  /// Those ticks whose labels do not touch, on an axis of so many pixels with labels of so many a letter.
  func ticks(in length: Double, letter: Double) -> [Tick] {
    var kept: [Tick] = []
    for tick in ticks {
      guard let last = kept.last else {
        kept = [tick]
        continue
      }
      let room = Double(tick.label.count + last.label.count) / 2 * letter + letter
      if (tick.place - last.place) * length >= room { kept.append(tick) }
    }
    return kept
  }

  /// Whether each number is the same multiple of the one before it.
  private static func isGeometric(_ values: [Double]) -> Bool {
    let sorted = Set(values).sorted()
    guard sorted.count > 2, sorted[0] > 0 else { return false }
    let ratio = sorted[1] / sorted[0]
    return zip(sorted.dropFirst(), sorted).allSatisfy { abs($0 / $1 / ratio - 1) < 0.01 }
  }

  /// 1, 2, 2.5 or 5 times a power of ten apart, about five of them, around the values.
  private static func steps(_ least: Double, _ most: Double) -> [Double] {
    let span = most > least ? most - least : max(abs(most), 1e-30) * 0.1
    let power = pow(10, floor(log10(span / 4)))
    let step = ([1, 2, 2.5, 5, 10].first { $0 * power >= span / 4 * 0.9999 } ?? 10) * power
    let first = floor(least / step + 1e-9)
    let last = max(ceil(most / step - 1e-9), first + 1)
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// 1, 2 and 5 times the powers of ten around the values; the powers alone where they are many.
  private static func decades(_ least: Double, _ most: Double) -> [Double] {
    let (first, last) = (Int(floor(log10(least) + 1e-9)), Int(ceil(log10(most) - 1e-9)))
    let multiples: [Double] = last - first > 3 ? [1] : [1, 2, 5]
    let marks = (first...last).flatMap { power in multiples.map { $0 * pow(10, Double(power)) } }
    let from = marks.last { $0 <= least * 1.0001 } ?? marks[0]
    let to = marks.first { $0 >= most * 0.9999 } ?? marks[marks.count - 1]
    return marks.filter { $0 >= from && $0 <= to }
  }
}

/// A unit with the SI prefix that suits all values of a plot; of a count, the values carry it.
private struct Prefix {
  let unit: String
  private let scale: Double
  private static let scalable: Set<String> = ["s", "J", "W"]
  private static let prefixes: [(scale: Double, name: String)] = [
    (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"), (1e-15, "f"),
  ]

  init(unit: String, largest: Double) {
    guard Self.scalable.contains(unit), largest > 0,
      let prefix = Self.prefixes.first(where: { largest >= $0.scale }) ?? Self.prefixes.last
    else {
      (self.unit, scale) = (unit, 1)
      return
    }
    (self.unit, scale) = (prefix.name + unit, prefix.scale)
  }

  func text(_ value: Double) -> String {
    let number = value / scale
    let letters: [(scale: Double, name: String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")]
    for letter in letters where abs(number) >= letter.scale {
      let divisor = letter.name == "k" ? 1e3 : letter.scale
      return String(format: "%.4g", number / divisor) + letter.name
    }
    return String(format: "%.4g", number)
  }
}
