@testable import Architecture

/// A separable allocator over requests in a plain table.
struct TwinAllocator {
  /// `[input][output]`: priority of a request, nil without one.
  typealias Requests = [[Int?]]

  let kind: NoCAllocator
  /// iSLIP: where each output starts to grant and each input to accept. Input first: each arbiter's round-robin pointer.
  var inputPointer: [Int]
  var outputPointer: [Int]

  init(kind: NoCAllocator, inputs: Int, outputs: Int) {
    self.kind = kind
    inputPointer = Array(repeating: 0, count: inputs)
    outputPointer = Array(repeating: 0, count: outputs)
  }

  /// The output each input got, nil for none. Both pointers of a matched pair move to one past the match, no others.
  mutating func allocate(_ requests: Requests) -> [Int?] {
    let matches = kind == .islip ? islip(requests) : inputFirst(requests)
    for case (let input, let output?) in matches.enumerated() {
      inputPointer[input] = (output + 1) % outputPointer.count
      outputPointer[output] = (input + 1) % inputPointer.count
    }
    return matches
  }

  /// Each output grants one input, each input accepts one grant; blind to priorities.
  private func islip(_ requests: Requests) -> [Int?] {
    let grants = outputPointer.indices.map { output in
      Self.first(from: outputPointer[output], of: inputPointer.count) { requests[$0][output] != nil }
    }
    return inputPointer.indices.map { input in
      Self.first(from: inputPointer[input], of: outputPointer.count) { grants[$0] == input }
    }
  }

  /// Each input picks one output, then each output one input; the highest priority first, among equals in turn.
  private func inputFirst(_ requests: Requests) -> [Int?] {
    let picks = inputPointer.indices.map { input in
      Self.best(from: inputPointer[input], requests[input])
    }
    var matches = [Int?](repeating: nil, count: inputPointer.count)
    for output in outputPointer.indices {
      let forwarded = picks.indices.map { picks[$0] == output ? requests[$0][output] : nil }
      if let input = Self.best(from: outputPointer[output], forwarded) { matches[input] = output }
    }
    return matches
  }

  private static func best(from pointer: Int, _ priorities: [Int?]) -> Int? {
    guard let highest = priorities.compactMap({ $0 }).max() else { return nil }
    return first(from: pointer, of: priorities.count) { priorities[$0] == highest }
  }

  /// The first index at or after `pointer`, cyclically, that satisfies the condition.
  static func first(from pointer: Int, of count: Int, where condition: (Int) -> Bool) -> Int? {
    (0..<count).map { (pointer + $0) % count }.first(where: condition)
  }
}
