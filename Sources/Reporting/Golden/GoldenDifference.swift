import Foundation

/// One figure that is not what a golden expects.
public struct GoldenDifference: Equatable, Sendable {
  public var name: String
  /// Nil: the golden does not have it.
  public var expected: String?
  /// Nil: the run does not have it any more.
  public var found: String?

  /// Every figure that moved, appeared or went, in the order of the golden and then of the run.
  static func between(_ expected: [Golden.Figure], _ found: [Golden.Figure]) -> [GoldenDifference] {
    let values = Dictionary(found.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    let known = Set(expected.map(\.name))
    let moved = expected.filter { values[$0.name] != $0.value }.map {
      GoldenDifference(name: $0.name, expected: $0.value, found: values[$0.name])
    }
    let new = found.filter { !known.contains($0.name) }.map {
      GoldenDifference(name: $0.name, expected: nil, found: $0.value)
    }
    return moved + new
  }

  /// Name, old, new and, of numbers, by how much.
  public var line: String {
    "\(name): \(expected ?? "(not there)") -> \(found ?? "(gone)")" + (percent.map { "  \($0)" } ?? "")
  }

  private var percent: String? {
    guard let old = expected.flatMap(Double.init), let new = found.flatMap(Double.init), old != 0 else { return nil }
    return String(format: "%+.3f %%", (new - old) / abs(old) * 100)
  }
}
