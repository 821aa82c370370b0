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

/// How a DMA cuts its records: blocks of consecutive addresses go round the memory ports. Read in its place, by a pointer: it
/// would be copied for each train.
struct TrainShape: ~Copyable {
  let map: PortMap
  /// Blocks of one port that one train covers at most.
  let blocksPerTrain: Int64
  /// Logarithms of the bytes of a block and of an access.
  let blockShift: Int64
  let accessShift: Int64

  init(hbm: HBMSpec, requestBytes: Int) {
    map = PortMap(hbm)
    blocksPerTrain = map.blocksPerTrain(requestBytes: requestBytes)
    blockShift = Int64(map.interleave.trailingZeroBitCount)
    accessShift = Int64(map.access.trailingZeroBitCount)
  }

  /// Bytes that one train covers at most.
  var longestTrain: Int64 { blocksPerTrain * map.interleave }
}

/// Cuts the HBM side of a DMA record into trains, in address order of each window of `ports * blocksPerTrain` blocks: in
/// such a window each port's blocks are consecutive in the port, so they travel as one train.
struct TrainGenerator {
  private var view = StridedView.none
  private var tensorAddress: Int64 = 0
  /// Which run, its address, and how many of its bytes lie in windows already cut.
  private var run: Int64 = 0
  private var runs: Int64 = 0
  private var runStart: Int64 = 0
  private var done: Int64 = 0
  /// Position inside the current window: next block of the first round, and how many there are.
  private var block: Int64 = 0
  private var blocksInRound: Int64 = 0
  /// The window's bytes, and their first and last block.
  private var windowStart: Int64 = 0
  private var windowEnd: Int64 = 0
  private var firstBlock: Int64 = 0
  private var lastBlock: Int64 = 0
  private(set) var isFinished = true

  init() {}

  init(view: StridedView, tensorAddress: UInt64, shape: UnsafePointer<TrainShape>) {
    self.view = view
    self.tensorAddress = Int64(tensorAddress)
    runs = Int64(view.count1) * Int64(view.count2) * Int64(view.count3)
    isFinished = runs == 0 || view.run <= 0
    if !isFinished { openRun(shape) }
  }

  private mutating func openRun(_ shape: UnsafePointer<TrainShape>) {
    runStart = tensorAddress + view.address(ofByte: run * Int64(view.run))
    openWindow(shape)
  }

  private mutating func openWindow(_ shape: UnsafePointer<TrainShape>) {
    windowStart = runStart + done
    firstBlock = windowStart >> shape.pointee.blockShift
    let limit = (firstBlock + shape.pointee.map.ports * shape.pointee.blocksPerTrain) << shape.pointee.blockShift
    windowEnd = min(runStart + Int64(view.run), limit)
    lastBlock = (windowEnd - 1) >> shape.pointee.blockShift
    blocksInRound = min(shape.pointee.map.ports, lastBlock + 1 - firstBlock)
    block = 0
  }

  /// The next train. Precondition: not finished.
  mutating func next(_ shape: UnsafePointer<TrainShape>) -> Train {
    let train = cut(shape)
    block += 1
    if block == blocksInRound { advanceWindow(shape) }
    return train
  }

  @inline(__always)
  private mutating func cut(_ shape: UnsafePointer<TrainShape>) -> Train {
    let (blockShift, accessShift) = (shape.pointee.blockShift, shape.pointee.accessShift)
    let ports = shape.pointee.map.ports
    let first = firstBlock &+ block
    // The port's further blocks in the window, and the last of them.
    let further = lastBlock &- first < ports ? 0 : (lastBlock &- first) / ports
    let last = first &+ further &* ports
    let base = first &<< blockShift
    let start = max(windowStart, base)
    let end = min(windowEnd, (last &+ 1) &<< blockShift)
    // Bytes of the port's blocks between start and end; all but the first and last block are whole.
    let head = start &- base
    let bytes = (further &<< blockShift) &+ end &- (last &<< blockShift)
    let skipped = (head &>> accessShift) &<< accessShift
    return Train(
      port: shape.pointee.map.port(of: start), address: base &+ skipped,
      accesses: Int32((bytes &- skipped &+ shape.pointee.map.access &- 1) &>> accessShift), bytes: Int32(bytes &- head),
      streamOffset: run &* Int64(view.run) &+ (start &- runStart))
  }

  private mutating func advanceWindow(_ shape: UnsafePointer<TrainShape>) {
    done += windowEnd - windowStart
    if done < Int64(view.run) { return openWindow(shape) }
    done = 0
    run += 1
    if run == runs { isFinished = true } else { openRun(shape) }
  }
}

extension StridedView {
  /// Address of the byte at `offset` of the view's byte order.
  func address(ofByte offset: Int64) -> Int64 {
    let index = offset / Int64(run)
    let rest = offset - index * Int64(run)
    if index < Int64(count1) { return base + rest + index * stride1 }
    let inner = index % Int64(count1)
    let middle = index / Int64(count1) % Int64(count2)
    let outer = index / (Int64(count1) * Int64(count2))
    return base + rest + inner * stride1 + middle * stride2 + outer * stride3
  }
}
