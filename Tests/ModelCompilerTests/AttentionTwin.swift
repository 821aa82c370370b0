@testable import ModelCompiler

/// Attention by its definition, on integers, with the stand-ins of `Pseudo`.
struct AttentionTwin {
  let heads: Int
  let size: Int
  let query: Int
  let positions: Int
  /// [heads][positions][size] each; nil when all positions are new.
  let caches: (keys: [Int], values: [Int])?

  /// Element of part 0 (query), 1 (key) or 2 (value) at a new position.
  private func new(_ part: Int, _ head: Int, _ position: Int, _ at: Int, _ input: [Int]) -> Int {
    input[position * 3 * heads * size + (part * heads + head) * size + at]
  }

  private func past(_ part: Int, _ head: Int, _ position: Int, _ at: Int, _ input: [Int]) -> Int {
    let cached = positions - query
    if position >= cached { return new(part, head, position - cached, at, input) }
    let cache = part == 1 ? caches!.keys : caches!.values
    return cache[(head * positions + position) * size + at]
  }

  func output(_ input: [Int]) -> [Int] {
    var output = Array(repeating: 0, count: query * heads * size)
    for head in 0..<heads {
      for row in 0..<query {
        let scores = (0..<positions).map { position in
          (0..<size).reduce(0) { $0 + new(0, head, row, $1, input) * past(1, head, position, $1, input) }
        }
        let weights = Reference.softmax(scores).map(Reference.byte)
        for at in 0..<size {
          let sum = (0..<positions).reduce(0) { $0 + weights[$1] * past(2, head, $1, at, input) }
          output[row * heads * size + head * size + at] = Reference.byte(sum)
        }
      }
    }
    return output
  }

  /// A cache after the step.
  func cache(_ part: Int, _ input: [Int]) -> [Int] {
    (0..<heads).flatMap { head in
      (0..<positions).flatMap { position in (0..<size).map { past(part, head, position, $0, input) } }
    }
  }
}
