import InstructionTrace

extension Tile {
  /// Who waits for whom, for the deadlock report: the tile's oldest records that have not completed.
  func waitingReport(board: inout SyncBoard) -> String {
    var lines = ["chip0.tile\(index): \(window.count) records in flight, next to dispatch is record \(window.next)"]
    var record = window.oldest
    while record < window.next, lines.count < 8 {
      if !window.isComplete(record) { lines.append("  " + waiting(record, board: &board)) }
      record += 1
    }
    return lines.joined(separator: "\n")
  }

  private func waiting(_ record: Int64, board: inout SyncBoard) -> String {
    let entry = window[record]
    let instruction = entry.pointee.instruction
    var text = "record \(record) (\(instruction.opcode)) of \(unitName(instruction))"
    if entry.pointee.unresolved > 0 {
      let producers = (0..<Int(instruction.dependencyCount)).map { record - Int64(instruction.dependencies[$0]) }
        .filter { $0 >= window.oldest && !window.isComplete($0) }
      text +=
        " waits for "
        + producers.map { "record \($0) (\(window[$0].pointee.instruction.opcode))" }
        .joined(separator: ", ")
    } else if instruction.opcode == .wait || instruction.opcode == .barrier {
      let isBarrier = instruction.opcode == .barrier
      let key = isBarrier ? SyncKey.barrier(instruction.token, set: instruction.tileSet) : .token(instruction.token)
      let state = board.progress(of: key)
      text += " waits for \(isBarrier ? "barrier" : "token") \(instruction.token):"
      text += " \(state.arrived) of \(state.needed) \(isBarrier ? "tiles arrived" : "signals came")"
    } else {
      text += " is queued behind earlier records of its unit"
    }
    return text
  }

  private func unitName(_ instruction: Instruction) -> String {
    switch instruction.opcode {
    case .load: "dma_load"
    case .store, .copy: "dma_store"
    case .preload, .matmul: "mac\(instruction.unit)"
    case .vector, .convert, .reduce: "vector"
    default: "sync"
    }
  }
}
