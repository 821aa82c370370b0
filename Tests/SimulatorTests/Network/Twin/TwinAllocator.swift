@testable import Architecture

/// A separable allocator over requests in a plain table.
struct TwinAllocator {
  /// `[input][output]`: priority of a request, nil without one.
  typealias Requests = [[Int?]]
  /// Whether an input that takes one output can take another in the same cycle.
  typealias Together = (_ input: Int, _ output: Int, _ other: Int) -> Bool

  let kind: NoCAllocator
  /// iSLIP: where each output starts to grant and each input to accept. Input first: each arbiter's round-robin pointer.
  var inputPointer: [Int]
  var outputPointer: [Int]

  init(kind: NoCAllocator, inputs: Int, outputs: Int) {
    self.kind = kind
    inputPointer = Array(repeating: 0, count: inputs)
    outputPointer = Array(repeating: 0, count: outputs)
  }

  /// The outputs each input got. The output's pointer moves to one past its input, the input's to one past the last of its
  /// outputs in turn; the pointers of the unmatched stay.
  mutating func allocate(_ requests: Requests, together: Together = { _, _, _ in false }) -> [[Int]] {
    let matches = kind == .islip ? islip(requests, together) : inputFirst(requests, together)
    for (input, outputs) in matches.enumerated() {
      for output in outputs { outputPointer[output] = (input + 1) % inputPointer.count }
      if let last = outputs.last { inputPointer[input] = (last + 1) % outputPointer.count }
    }
    return matches
  }

  /// Each output grants one input, each input accepts one grant and those that go with it; blind to priorities.
  private func islip(_ requests: Requests, _ together: Together) -> [[Int]] {
    let grants = outputPointer.indices.map { output in
      Self.around(outputPointer[output], of: inputPointer.count).first { requests[$0][output] != nil }
    }
    return inputPointer.indices.map { input in
      let offers = Self.around(inputPointer[input], of: outputPointer.count).filter { grants[$0] == input }
      return offers.filter { $0 == offers[0] || together(input, offers[0], $0) }
    }
  }

  /// Each input picks one output and those that go with it, then each output one input; the highest priority first, among
  /// equals in turn.
  private func inputFirst(_ requests: Requests, _ together: Together) -> [[Int]] {
    let picks = inputPointer.indices.map { input -> [Int] in
      guard let first = Self.best(from: inputPointer[input], requests[input]) else { return [] }
      return Self.around(inputPointer[input], of: outputPointer.count).filter {
        requests[input][$0] != nil && ($0 == first || together(input, first, $0))
      }
    }
    let winners = outputPointer.indices.map { output in
      Self.best(
        from: outputPointer[output], picks.indices.map { picks[$0].contains(output) ? requests[$0][output] : nil })
    }
    return picks.indices.map { input in picks[input].filter { winners[$0] == input } }
  }

  private static func best(from pointer: Int, _ priorities: [Int?]) -> Int? {
    guard let highest = priorities.compactMap({ $0 }).max() else { return nil }
    return around(pointer, of: priorities.count).first { priorities[$0] == highest }
  }

  /// All indices, from `pointer` on and around.
  static func around(_ pointer: Int, of count: Int) -> [Int] { (0..<count).map { (pointer + $0) % count } }
}
