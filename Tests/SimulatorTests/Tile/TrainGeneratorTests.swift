import Architecture
import InstructionTrace
import Testing

@testable import Simulator

@Suite struct TrainGeneratorTests {
  /// The slow twin: byte by byte, which (channel, channel-local byte) a record touches.
  func touched(_ view: StridedView, tensor: Int64, map: ChannelMap) -> [SIMD2<Int64>] {
    var bytes: [SIMD2<Int64>] = []
    for outer in 0..<Int64(view.count3) {
      for middle in 0..<Int64(view.count2) {
        for inner in 0..<Int64(view.count1) {
          let run = tensor + view.base + inner * view.stride1 + middle * view.stride2 + outer * view.stride3
          for byte in run..<run + Int64(view.run) {
            let block = byte / map.interleave
            bytes.append([block % map.channels, block / map.channels * map.interleave + byte % map.interleave])
          }
        }
      }
    }
    return bytes
  }

  func hbm(channels: Int, interleave: Int, access: Int) -> HBMSpec {
    var spec = TestMachine.hbm
    spec.channelCount = channels
    spec.interleaveBytes = interleave
    spec.device.organisation.accessBytes = access
    return spec
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func trainsTouchEachByteOnce(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let access = [16, 32, 64].randomElement(using: &random)!
    let interleave = access * [1, 2, 8].randomElement(using: &random)!
    let spec = hbm(channels: Int.random(in: 1...7, using: &random), interleave: interleave, access: access)
    let map = ChannelMap(hbm: spec, requestBytes: interleave * Int.random(in: 1...4, using: &random))
    let view = StridedView(
      base: Int64.random(in: 0..<300, using: &random), run: Int32.random(in: 1...2000, using: &random),
      count1: Int32.random(in: 1...3, using: &random), stride1: Int64.random(in: 0...5000, using: &random),
      count2: Int32.random(in: 1...3, using: &random), stride2: Int64.random(in: 0...5000, using: &random))
    var generator = TrainGenerator(view: view, tensorAddress: 4096, map: map)
    var bytes: Int64 = 0
    var covered: [SIMD2<Int64>: Int] = [:]
    while !generator.isFinished {
      let train = generator.next(map)
      bytes += Int64(train.bytes)
      #expect(train.address % Int64(access) == 0 && train.accesses > 0, "seed \(seed)")
      #expect(Int64(train.bytes) <= map.blocksPerTrain * map.interleave, "seed \(seed)")
      for byte in train.address..<train.address + Int64(train.accesses) * Int64(access) {
        covered[[Int64(train.channel), byte], default: 0] += 1
      }
    }
    #expect(bytes == view.bytes, "seed \(seed)")
    for byte in touched(view, tensor: 4096, map: map) { #expect(covered[byte] != nil, "seed \(seed)") }
  }

  @Test func aContiguousRecordIsOneTrainAChannel() {
    let map = ChannelMap(hbm: hbm(channels: 4, interleave: 256, access: 32), requestBytes: 2048)
    var generator = TrainGenerator(view: .contiguous(0, 4096), tensorAddress: 0, map: map)
    var trains: [Train] = []
    while !generator.isFinished { trains.append(generator.next(map)) }
    #expect(trains.map(\.channel) == [0, 1, 2, 3])
    #expect(trains.map(\.bytes) == [1024, 1024, 1024, 1024])
    #expect(trains.map(\.accesses) == [32, 32, 32, 32])
    #expect(trains.map(\.streamOffset) == [0, 256, 512, 768])
  }
}
