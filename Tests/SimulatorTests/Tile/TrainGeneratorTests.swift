import InstructionTrace
import Testing

@testable import Architecture
@testable import Simulator

@Suite struct TrainGeneratorTests {
  /// The slow twin: byte by byte, what a record touches.
  func touched(_ view: StridedView, tensor: Int64) -> [Int64] {
    var bytes: [Int64] = []
    for outer in 0..<Int64(view.count3) {
      for middle in 0..<Int64(view.count2) {
        for inner in 0..<Int64(view.count1) {
          let run = tensor + view.base + inner * view.stride1 + middle * view.stride2 + outer * view.stride3
          bytes += run..<run + Int64(view.run)
        }
      }
    }
    return bytes
  }

  func hbm(channels: Int, interleave: Int, access: Int, hash: AddressMap.Hash? = nil) -> HBMSpec {
    var spec = TestMachine.hbm
    spec.channelCount = channels
    spec.device.organisation.accessBytes = access
    spec.interleave(interleave)
    if let hash { spec.addressMap.hashes = [hash] }
    return spec
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func trainsTouchEachByteOnce(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let access = [16, 32, 64].randomElement(using: &random)!
    let interleave = access * [1, 2, 8].randomElement(using: &random)!
    let hashes: [AddressMap.Hash?] = [
      nil, .init(target: .channel, source: .row), .init(target: .pseudoChannel, source: .row, shift: 3),
      .init(target: .bank, source: .row),
    ]
    let spec = hbm(
      channels: 1 << Int.random(in: 0...3, using: &random), interleave: interleave, access: access,
      hash: hashes.randomElement(using: &random)!)
    let shape = shape(hbm: spec, requestBytes: interleave * Int.random(in: 1...4, using: &random))
    defer { shape.deinitialize(count: 1).deallocate() }
    let view = StridedView(
      base: Int64.random(in: 0..<300, using: &random), run: Int32.random(in: 1...2000, using: &random),
      count1: Int32.random(in: 1...3, using: &random), stride1: Int64.random(in: 0...5000, using: &random),
      count2: Int32.random(in: 1...3, using: &random), stride2: Int64.random(in: 0...5000, using: &random))
    var generator = TrainGenerator(view: view, tensorAddress: 4096, shape: shape)
    var bytes: Int64 = 0
    var covered: Set<Int64> = []
    while !generator.isFinished {
      let train = generator.next(shape)
      bytes += Int64(train.bytes)
      #expect(train.address % Int64(access) == 0 && train.accesses > 0, "seed \(seed)")
      #expect(Int64(train.bytes) <= shape.pointee.blocksPerTrain * shape.pointee.map.interleave, "seed \(seed)")
      var address = train.address
      for _ in 0..<train.accesses {
        #expect(shape.pointee.map.port(of: address) == train.port, "seed \(seed)")
        let place = shape.pointee.map.location(of: address)
        let port = shape.pointee.map.port(ofChannel: place.channel, pseudoChannel: place.pseudoChannel)
        #expect(port == train.port, "seed \(seed)")
        covered.formUnion(address..<address + Int64(access))
        address = shape.pointee.map.address(after: address)
      }
    }
    #expect(bytes == view.bytes, "seed \(seed)")
    #expect(covered.isSuperset(of: touched(view, tensor: 4096)), "seed \(seed)")
  }

  private func shape(hbm: HBMSpec, requestBytes: Int) -> UnsafeMutablePointer<TrainShape> {
    let shape = UnsafeMutablePointer<TrainShape>.allocate(capacity: 1)
    shape.initialize(to: TrainShape(hbm: hbm, requestBytes: requestBytes))
    return shape
  }

  @Test func aContiguousRecordIsOneTrainAPort() {
    let shape = shape(hbm: hbm(channels: 2, interleave: 256, access: 32), requestBytes: 2048)
    defer { shape.deinitialize(count: 1).deallocate() }
    var generator = TrainGenerator(view: .contiguous(0, 4096), tensorAddress: 0, shape: shape)
    var trains: [Train] = []
    while !generator.isFinished { trains.append(generator.next(shape)) }
    #expect(trains.map(\.port) == [0, 1, 2, 3])
    #expect(trains.map(\.bytes) == [1024, 1024, 1024, 1024])
    #expect(trains.map(\.accesses) == [32, 32, 32, 32])
    #expect(trains.map(\.streamOffset) == [0, 256, 512, 768])
  }
}
