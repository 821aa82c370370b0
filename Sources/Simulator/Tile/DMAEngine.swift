import InstructionTrace

/// A DMA record whose trains are on their way.
struct Transfer {
  var record: Int64 = -1
  /// Trains sent and not yet complete.
  var trainsLeft: Int32 = 0
  /// Multicast destinations that have not reported yet.
  var destinationsLeft: Int32 = 0
  /// All trains have been sent.
  var isSent = false
  var isLoad = false
  var blame = Blame()

  var isComplete: Bool { isSent && trainsLeft == 0 && destinationsLeft == 0 }
}

/// One DMA engine: cuts the record it holds into trains and sends them; free again when the last is sent.
struct DMAEngine {
  /// Transfer slot it works on, -1 when free.
  var transfer: Int32 = -1
  var opcode = Opcode.load
  var generator = TrainGenerator()
  /// Copies are cut by local bytes: how many are sent, of how many.
  var copied: Int64 = 0
  var copyBytes: Int64 = 0

  var isSent: Bool {
    @inline(__always) get { opcode == .copy ? copied == copyBytes : generator.isFinished }
  }
}
