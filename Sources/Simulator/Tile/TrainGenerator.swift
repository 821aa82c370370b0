import Architecture
import InstructionTrace

/// One train of accesses that a DMA record needs: consecutive bytes of one HBM channel.
struct Train {
  var channel: Int32
  /// Channel-local address of the first access, aligned down, and how many accesses cover the bytes.
  var address: Int64
  var accesses: Int32
  /// Bytes the record asked for in this train.
  var bytes: Int32
  /// Offset of the train's first byte in the record's byte order.
  var streamOffset: Int64
}

/// How HBM addresses spread over channels: blocks of `interleave` bytes go round the channels.
struct ChannelMap {
  let channels: Int64
  let interleave: Int64
  let access: Int64
  /// Blocks of one channel that one train covers at most.
  let blocksPerTrain: Int64

  init(hbm: HBMSpec, requestBytes: Int) {
    channels = Int64(hbm.channels)
    interleave = Int64(hbm.interleaveBytes)
    access = Int64(hbm.accessBytes)
    blocksPerTrain = max(1, Int64(requestBytes) / Int64(hbm.interleaveBytes))
  }
}

/// Cuts the HBM side of a DMA record into trains, in address order of each window of `channels * blocksPerTrain` blocks:
/// in such a window each channel's blocks are consecutive in the channel, so they travel as one train.
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

  init(view: StridedView, tensorAddress: UInt64, map: ChannelMap) {
    self.view = view
    self.tensorAddress = Int64(tensorAddress)
    runs = Int64(view.count1) * Int64(view.count2) * Int64(view.count3)
    isFinished = runs == 0 || view.run <= 0
    if !isFinished { openWindow(map) }
  }

  private var runAddress: Int64 {
    let inner = run % Int64(view.count1)
    let middle = run / Int64(view.count1) % Int64(view.count2)
    let outer = run / (Int64(view.count1) * Int64(view.count2))
    return tensorAddress + view.base + inner * view.stride1 + middle * view.stride2 + outer * view.stride3
  }

  private mutating func openWindow(_ map: ChannelMap) {
    let start = runAddress + done
    let firstBlock = start / map.interleave
    let limit = (firstBlock + map.channels * map.blocksPerTrain) * map.interleave
    windowStart = start
    windowEnd = min(runAddress + Int64(view.run), limit)
    blocksInRound = min(map.channels, (windowEnd + map.interleave - 1) / map.interleave - firstBlock)
    block = 0
  }

  /// The next train. Precondition: not finished.
  mutating func next(_ map: ChannelMap) -> Train {
    let train = cut(map)
    block += 1
    if block == blocksInRound { advanceWindow(map) }
    return train
  }

  private func cut(_ map: ChannelMap) -> Train {
    let first = windowStart / map.interleave + block
    let last = (windowEnd - 1) / map.interleave
    let count = (last - first) / map.channels + 1
    let start = max(windowStart, first * map.interleave)
    let end = min(windowEnd, (first + (count - 1) * map.channels + 1) * map.interleave)
    // Bytes of the channel's blocks between start and end; all but the first and last block are whole.
    let head = start - first * map.interleave
    let tail = end - (first + (count - 1) * map.channels) * map.interleave
    let local = first / map.channels * map.interleave
    let from = (local + head) / map.access * map.access
    let to = local + (count - 1) * map.interleave + tail
    return Train(
      channel: Int32(first % map.channels), address: from, accesses: Int32((to - from + map.access - 1) / map.access),
      bytes: Int32(to - local - head),
      streamOffset: run * Int64(view.run) + (start - runAddress))
  }

  private mutating func advanceWindow(_ map: ChannelMap) {
    done += windowEnd - windowStart
    if done == Int64(view.run) {
      done = 0
      run += 1
    }
    if run == runs { isFinished = true } else { openWindow(map) }
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
