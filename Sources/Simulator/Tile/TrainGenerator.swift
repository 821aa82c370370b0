import Architecture
import InstructionTrace

/// One train of accesses that a DMA record needs: consecutive bytes of one memory port.
struct Train {
  var port: Int32
  /// Address of the first access, aligned down, and how many accesses cover the bytes.
  var address: Int64
  var accesses: Int32
  /// Bytes the record asked for in this train.
  var bytes: Int32
  /// Offset of the train's first byte in the record's byte order.
  var streamOffset: Int64
}

/// How a DMA cuts its records: blocks of consecutive addresses go round the memory ports.
struct TrainShape: ~Copyable {
  let map: PortMap
  /// Blocks of one port that one train covers at most.
  let blocksPerTrain: Int64

  init(hbm: HBMSpec, requestBytes: Int) {
    map = PortMap(hbm)
    blocksPerTrain = map.blocksPerTrain(requestBytes: requestBytes)
  }

  /// Bytes that one train covers at most.
  var longestTrain: Int64 { blocksPerTrain * map.interleave }
}

/// Cuts the HBM side of a DMA record into trains, in address order of each window of `ports * blocksPerTrain` blocks: in
/// such a window each port's blocks are consecutive in the port, so they travel as one train.
struct TrainGenerator {
  private var view = StridedView.none
  private var tensorAddress: Int64 = 0
  /// Which run, and how many of its bytes lie in windows already cut.
  private var run: Int64 = 0
  private var runs: Int64 = 0
  private var done: Int64 = 0
  /// Position inside the current window: next block of the first round, and how many there are.
  private var block: Int64 = 0
  private var blocksInRound: Int64 = 0
  private var windowStart: Int64 = 0
  private var windowEnd: Int64 = 0
  private(set) var isFinished = true

  init() {}

  init(view: StridedView, tensorAddress: UInt64, shape: borrowing TrainShape) {
    self.view = view
    self.tensorAddress = Int64(tensorAddress)
    runs = Int64(view.count1) * Int64(view.count2) * Int64(view.count3)
    isFinished = runs == 0 || view.run <= 0
    if !isFinished { openWindow(shape) }
  }

  private var runAddress: Int64 {
    let inner = run % Int64(view.count1)
    let middle = run / Int64(view.count1) % Int64(view.count2)
    let outer = run / (Int64(view.count1) * Int64(view.count2))
    return tensorAddress + view.base + inner * view.stride1 + middle * view.stride2 + outer * view.stride3
  }

  private mutating func openWindow(_ shape: borrowing TrainShape) {
    let (ports, interleave) = (shape.map.ports, shape.map.interleave)
    let start = runAddress + done
    let firstBlock = start / interleave
    let limit = (firstBlock + ports * shape.blocksPerTrain) * interleave
    windowStart = start
    windowEnd = min(runAddress + Int64(view.run), limit)
    blocksInRound = min(ports, (windowEnd + interleave - 1) / interleave - firstBlock)
    block = 0
  }

  /// The next train. Precondition: not finished.
  mutating func next(_ shape: borrowing TrainShape) -> Train {
    let train = cut(shape.map)
    block += 1
    if block == blocksInRound { advanceWindow(shape) }
    return train
  }

  private func cut(_ map: borrowing PortMap) -> Train {
    let first = windowStart / map.interleave + block
    let last = (windowEnd - 1) / map.interleave
    let count = (last - first) / map.ports + 1
    let start = max(windowStart, first * map.interleave)
    let end = min(windowEnd, (first + (count - 1) * map.ports + 1) * map.interleave)
    // Bytes of the port's blocks between start and end; all but the first and last block are whole.
    let head = start - first * map.interleave
    let tail = end - (first + (count - 1) * map.ports) * map.interleave
    let skipped = head / map.access * map.access
    let bytes = (count - 1) * map.interleave + tail
    return Train(
      port: map.port(of: start), address: first * map.interleave + skipped,
      accesses: Int32((bytes - skipped + map.access - 1) / map.access), bytes: Int32(bytes - head),
      streamOffset: run * Int64(view.run) + (start - runAddress))
  }

  private mutating func advanceWindow(_ shape: borrowing TrainShape) {
    done += windowEnd - windowStart
    if done == Int64(view.run) {
      done = 0
      run += 1
    }
    if run == runs { isFinished = true } else { openWindow(shape) }
  }
}

extension StridedView {
  /// Address of the byte at `offset` of the view's byte order.
  func address(ofByte offset: Int64) -> Int64 {
    let index = offset / Int64(run)
    let inner = index % Int64(count1)
    let middle = index / Int64(count1) % Int64(count2)
    let outer = index / (Int64(count1) * Int64(count2))
    return base + offset % Int64(run) + inner * stride1 + middle * stride2 + outer * stride3
  }
}
