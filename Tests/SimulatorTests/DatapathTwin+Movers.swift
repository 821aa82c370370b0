import Architecture
import InstructionTrace

@testable import Simulator

/// The vector unit and the DMA.
extension DatapathTwin {
  func tryStartVector(_ operation: VectorOperation, cost: Int, tag: Int32) -> Bool {
    let unit = units[2]
    if unit.local < unit.free { return false }
    let lanes = spec.vector.lanes
    let isIdeal = ideal.contains(.vector)
    let steps = (Int(operation.elements) + lanes - 1) / lanes
    for element in 0..<Int(operation.elements) {
      for cycle in 0..<cost {
        add(unit, "t.vector.element_cycles", unit.local + (isIdeal ? 0 : element / lanes * cost + cycle), 1)
      }
    }
    stream(unit, operation.source, operation, cost, "t.vector.sram_read_bytes")
    stream(unit, operation.source2, operation, cost, "t.vector.sram_read_bytes")
    stream(unit, operation.destination, operation, cost, "t.vector.sram_write_bytes")
    unit.free = unit.local + (isIdeal ? 1 : steps * cost)
    let isSlow = operation.costIndex == VectorFunction.gelu.rawValue
    let extra = isSlow ? spec.vector.extraLatency["gelu"] ?? 0 : 0
    let end = max(unit.drained, unit.free + (isIdeal ? 0 : spec.vector.latency + extra + latency))
    unit.drained = end
    unit.busy.formUnion(unit.local..<end)
    finish(unit, tag, .vector, end)
    return true
  }

  /// Byte b of an operand belongs to the step after which more than b bytes are due.
  private func stream(
    _ unit: Unit, _ view: StridedView, _ operation: VectorOperation, _ cost: Int, _ scratchpadSignal: String
  ) {
    if view.run == 0 { return }
    let (lanes, elements) = (Int64(spec.vector.lanes), operation.elements)
    let addresses = runs(view)
    let isIdeal = ideal.contains(.vector)
    var position: Int64 = 0
    var step: Int64 = 0
    for address in addresses {
      var first = address
      for byte in 0..<Int64(view.run) {
        while position >= view.bytes * min((step + 1) * lanes, elements) / elements {
          touchPiece(first, upTo: address + byte)
          first = address + byte
          step += 1
        }
        let signal = isScratchpad(view) ? scratchpadSignal : "t.vector.accumulator_bytes"
        add(unit, signal, isIdeal ? unit.local : unit.local + Int(step) * cost, 1)
        position += 1
      }
      touchPiece(first, upTo: address + Int64(view.run))
    }

    func touchPiece(_ first: Int64, upTo end: Int64) {
      if isIdeal || !isScratchpad(view) || end <= first { return }
      let isWrite = scratchpadSignal.hasSuffix("sram_write_bytes")
      touch(unit, unit.local + Int(step) * cost, first, end - first, isWrite: isWrite)
    }
  }

  func startDMA(write: Bool, tag: Int32, address: Int64, bytes: Int64) {
    let unit = units[write ? 0 : 1]
    let beat = Int64(spec.dma.sramBytesPerCycle)
    let isScratchpad = address < LocalAddress.accumulatorBase
    let name = write ? "t.dma_write" : "t.dma_read"
    let signal = "\(name).\(isScratchpad ? (write ? "sram_write_bytes" : "sram_read_bytes") : "accumulator_bytes")"
    var local = ideal.contains(.sram) ? unit.local : max(unit.local, unit.free)
    if spec.sram.ports == .unlimited && !ideal.contains(.sram) {
      return moveByBytes(unit, tag: tag, write: write, bytes: bytes, signal: signal)
    }
    let start = local
    var position = address
    while position < address + bytes {
      let end = ideal.contains(.sram) ? address + bytes : min(address + bytes, (position / beat + 1) * beat)
      add(unit, signal, local, end - position)
      if isScratchpad { touch(unit, local, position, end - position, isWrite: write) }
      position = end
      local += 1
    }
    unit.free = local
    let end = local + (write ? 0 : latency)
    unit.busy.formUnion(start..<end)
    finish(unit, tag, write ? .dmaWrite : .dmaRead, end)
  }

  /// Nothing is refused: so many bytes a cycle, of one burst after the other.
  private func moveByBytes(_ unit: Unit, tag: Int32, write: Bool, bytes: Int64, signal: String) {
    if unit.free < unit.local { (unit.free, unit.moved) = (unit.local, 0) }
    let start = unit.moved < spec.dma.sramBytesPerCycle ? unit.free : unit.free + 1
    for _ in 0..<bytes {
      if unit.moved == spec.dma.sramBytesPerCycle { (unit.free, unit.moved) = (unit.free + 1, 0) }
      add(unit, signal, unit.free, 1)
      unit.moved += 1
    }
    let end = unit.free + 1 + (write ? 0 : latency)
    unit.busy.formUnion(start..<end)
    finish(unit, tag, write ? .dmaWrite : .dmaRead, end)
  }
}
