/// Blocks of the memory's interleaving that transfers take from each memory port.
struct PortLoad {
  private let blockBytes: Int
  private let ports: Int
  private var blocks = 0
  /// Rounds over all ports.
  private var rounds = 0
  /// Blocks of a port beyond those rounds, less those of the port before it.
  private var changes: [Int]

  init(_ target: Target) {
    blockBytes = target.interleaveBytes
    ports = target.ports
    changes = [Int](repeating: 0, count: target.ports + 1)
  }

  /// Adds consecutive bytes.
  mutating func add(_ first: Int, _ bytes: Int) {
    let count = (bytes + blockBytes - 1) / blockBytes
    blocks += count
    rounds += count / ports
    let begin = first / blockBytes % ports
    let end = begin + count % ports
    changes[begin] += 1
    changes[min(end, ports)] -= 1
    if end > ports {
      changes[0] += 1
      changes[end - ports] -= 1
    }
  }

  /// Blocks of the busiest port over those of the mean one; 1 when there are none.
  var mostOverMean: Double {
    var (most, current) = (0, 0)
    for change in changes.dropLast() {
      current += change
      most = max(most, current)
    }
    return blocks == 0 ? 1 : Double((rounds + most) * ports) / Double(blocks)
  }
}
