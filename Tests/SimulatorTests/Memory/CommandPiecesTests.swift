import Architecture
import Simulator
import Testing

/// Commands taken piece by piece while a stream is replayed are those given whole at its end.
struct CommandPiecesTests {
  @Test(arguments: 1...60)
  func piecesMakeTheWhole(_ seed: Int) {
    let memory = MemoryCaseGenerator.make(seed: seed, family: seed % 3 == 0 ? .open : .palsim)
    let requests = memory.requests.map(\.request)
    func replay() -> MemoryStreamReplay {
      MemoryStreamReplay(
        device: memory.device, channels: memory.channels, map: memory.map, controller: memory.controller,
        detail: .commands)
    }
    let (whole, parted) = (replay(), replay())
    whole.feed(requests)
    var expected = whole.finish()
    var random = SplitMix64(seed: UInt64(seed))
    var (start, pieces) = (0, [[IssuedCommand]]())
    while start < requests.count {
      let end = min(requests.count, start + 1 + Int(random.next() % 40))
      parted.feed(Array(requests[start..<end]))
      pieces.append(inOrder(parted.takeCommands()))
      start = end
    }
    var result = parted.finish()
    pieces.append(inOrder(result.commands))
    #expect(Array(pieces.joined()) == inOrder(expected.commands), "seed \(seed)")
    #expect(pieces.dropLast().contains { !$0.isEmpty }, "seed \(seed)")
    (result.commands, expected.commands) = ([], [])
    #expect(result == expected, "seed \(seed)")
  }

  /// By tick; a tick's commands channel after channel.
  private func inOrder(_ commands: [IssuedCommand]) -> [IssuedCommand] {
    commands.enumerated().sorted { ($0.element.clock, $0.offset) < ($1.element.clock, $1.offset) }.map(\.element)
  }
}
