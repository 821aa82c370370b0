@testable import Simulator

/// The slowest twin: an array of processing elements with registers, one cycle at a time, multiplying numbers.
///
/// Operands move one element a cycle, to the right along rows and down along columns. Nothing here knows a closed form.
struct ProcessingElementTwin {
  /// One operation: a moving operand of `steps` steps, against a second one, or against a stationary block.
  struct Operation {
    var start: Int
    /// [row][step], entering at the left edge, row r in cycle start + r + step.
    var moving: [[Int]]
    /// Output-stationary: [column][step], entering at the top edge. Stationary: unused.
    var second: [[Int]] = []
    /// Stationary: [row][column], written to the shadow registers a row a cycle from `blockStart` on, the column skewed as the
    /// operands are; nil keeps the block in use.
    var block: [[Int]]?
    var blockStart = 0
    var steps: Int { moving[0].count }
    /// Rows and columns in use.
    var rows: Int { moving.count }
    var columns: Int { second.isEmpty ? .max : second.count }
  }

  /// What went wrong, or came out.
  struct Outcome {
    /// Two results, or two blocks, met in one register.
    var collisions = 0
    /// By operation: output-stationary [row][column], stationary [column][step].
    var results: [[[Int]]]
    /// Processing elements at work, by cycle.
    var active: [Int: Int] = [:]
  }

  let rows: Int
  let columns: Int

  /// The operation and step that row r, column c works on in a cycle; nil when idle.
  private func work(_ operations: [Operation], _ cycle: Int, _ r: Int, _ c: Int) -> (operation: Int, step: Int)? {
    for (index, operation) in operations.enumerated().reversed() {
      let step = cycle - operation.start - r - c
      if step >= 0 {
        return step < operation.steps && r < operation.rows && c < operation.columns ? (index, step) : nil
      }
    }
    return nil
  }

  private func end(_ operations: [Operation]) -> Int {
    (operations.map { $0.start + $0.steps }.max() ?? 0) + 2 * rows + columns + 2
  }

  // MARK: Output-stationary

  /// Sums stay; a finished one waits in its element's drain register. When the lowest one of a column is there the column
  /// shifts down, a row a cycle: row r as often as it takes to pass on its own sum and the r above. Below the rows in use a bus takes
  /// them out, one a cycle.
  func outputStationary(_ operations: [Operation]) -> Outcome {
    var outcome = Outcome(results: operations.map { Array(repeating: [], count: $0.rows) })
    var sums = Array(repeating: Array(repeating: 0, count: columns), count: rows)
    var drains: [[(operation: Int, row: Int, sum: Int)?]] = Array(
      repeating: Array(repeating: nil, count: columns), count: rows)
    var shifts = Array(repeating: Array(repeating: 0, count: columns), count: rows)
    for cycle in 0..<end(operations) {
      for c in 0..<columns {
        var isBusTaken = false
        for r in stride(from: rows - 1, through: 0, by: -1) where shifts[r][c] > 0 {
          if let left = drains[r][c], r == operations[left.operation].rows - 1 {
            if isBusTaken { outcome.collisions += 1 }
            isBusTaken = true
            outcome.results[left.operation][left.row].append(left.sum)
            drains[r][c] = nil
          }
          drains[r][c] =
            r > 0 && shifts[r - 1][c] > 0 ? drains[r - 1][c].flatMap { stays($0, at: r - 1, operations) } : nil
          shifts[r][c] -= 1
        }
      }
      for r in 0..<rows {
        for c in 0..<columns {
          guard let (index, step) = work(operations, cycle, r, c) else { continue }
          let operation = operations[index]
          outcome.active[cycle, default: 0] += 1
          sums[r][c] = (step == 0 ? 0 : sums[r][c]) + operation.moving[r][step] * operation.second[c][step]
          guard step == operation.steps - 1 else { continue }
          if drains[r][c] != nil { outcome.collisions += 1 }
          drains[r][c] = (index, r, sums[r][c])
          if r == operation.rows - 1 { for row in 0...r { shifts[row][c] += row + 1 } }
        }
      }
    }
    return outcome
  }

  /// A sum that goes on to the row below; nil when the bus takes it out of its row.
  private func stays(
    _ sum: (operation: Int, row: Int, sum: Int), at row: Int, _ operations: [Operation]
  ) -> (operation: Int, row: Int, sum: Int)? {
    row == operations[sum.operation].rows - 1 ? nil : sum
  }

  // MARK: Stationary

  /// Blocks stay; partial sums move down. The first operand of an operation carries the sign to take the shadow registers over.
  func stationary(_ operations: [Operation]) -> Outcome {
    var outcome = Outcome(
      results: operations.map { Array(repeating: Array(repeating: 0, count: $0.steps), count: columns) })
    let empty = Array(repeating: Array(repeating: 0, count: columns), count: rows)
    var (blocks, shadows) = (empty, empty)
    var isFull = Array(repeating: Array(repeating: false, count: columns), count: rows)
    for cycle in 0..<end(operations) {
      for r in 0..<rows {
        for c in 0..<columns {
          if let (index, step) = work(operations, cycle, r, c) {
            if step == 0, operations[index].block != nil {
              if !isFull[r][c] { outcome.collisions += 1 }
              blocks[r][c] = shadows[r][c]
              isFull[r][c] = false
            }
            outcome.active[cycle, default: 0] += 1
            outcome.results[index][c][step] += operations[index].moving[r][step] * blocks[r][c]
          }
          for operation in operations where operation.blockStart + r + c == cycle {
            guard let block = operation.block, r < block.count else { continue }
            if isFull[r][c] { outcome.collisions += 1 }
            shadows[r][c] = block[r][c]
            isFull[r][c] = true
          }
        }
      }
    }
    return outcome
  }
}
