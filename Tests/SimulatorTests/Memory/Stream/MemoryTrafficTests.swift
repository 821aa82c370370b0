import Testing

@testable import Architecture
@testable import Simulator

@Suite("Made-up memory traffic")
struct MemoryTrafficTests {
  private func hbm() throws -> HBMSpec {
    try Configuration.loadMemory(text: "[hbm]\npreset = \"hbm2-2000\"\nchannels = 2\nrows = 64").hbm
  }

  private func locations(_ pattern: MemoryPattern, _ count: Int = 3000, stride: Int = 4096) throws -> [DRAMLocation] {
    let hbm = try hbm()
    var traffic = MemoryTraffic(pattern, memory: hbm, stride: stride)
    let decoder = AddressDecoder(map: hbm.addressMap, accessBytes: hbm.accessBytes)
    return traffic.next(count).map { request in
      #expect((0..<Int64(hbm.bytes)).contains(request.address))
      return decoder.location(of: decoder.line(of: request.address))
    }
  }

  @Test("Sequential accesses and strides wrap round at the end of the memory")
  func sequential() throws {
    let hbm = try hbm()
    var sequential = MemoryTraffic(.sequential, memory: hbm)
    #expect(sequential.next(4).map(\.address) == [0, 32, 64, 96])
    _ = sequential.next(hbm.bytes / 32 - 5)
    #expect(sequential.next(3).map(\.address) == [Int64(hbm.bytes) - 32, 0, 32])
    var stride = MemoryTraffic(.stride, memory: hbm, stride: hbm.bytes - 64)
    #expect(stride.next(3).map(\.address) == [0, Int64(hbm.bytes) - 64, Int64(hbm.bytes) - 128])
  }

  @Test("Random accesses reach every bank of every channel")
  func random() throws {
    let places = Set(try locations(.random).map { [$0.channel, $0.pseudoChannel, $0.bankGroup, $0.bank] })
    #expect(places.count == 2 * 2 * 16)
  }

  @Test("Patterns of one bank stay in it", arguments: [MemoryPattern.rowstride, .hotbank, .pingpong])
  func oneBank(pattern: MemoryPattern) throws {
    let locations = try locations(pattern)
    let places = Set(locations.map { [$0.channel, $0.pseudoChannel, $0.stackID, $0.bankGroup, $0.bank] })
    #expect(places.count == 1)
    let rows = Set(locations.map(\.row))
    #expect(rows.count == (pattern == .pingpong ? 2 : 64))
    let turns = zip(locations, locations.dropFirst()).filter { $0.row != $1.row }.count
    if pattern != .hotbank { #expect(turns == locations.count - 1) }
  }

  @Test("A hot channel is one channel, and all of it")
  func hotChannel() throws {
    let locations = try locations(.hotchannel)
    #expect(Set(locations.map(\.channel)) == [0])
    #expect(Set(locations.map { [$0.pseudoChannel, $0.bankGroup, $0.bank] }).count == 32)
  }

  @Test("Shares of reads and rates are met; the seed alone decides")
  func shares() throws {
    let hbm = try hbm()
    var mixed = MemoryTraffic(.random, memory: hbm, reads: 0.67, rate: 0.25, seed: 7)
    let requests = mixed.next(10_000)
    let reads = requests.filter { !$0.isWrite }.count
    #expect((6500...6900).contains(reads))
    #expect(requests[9999].cycle == 39_996 && requests[3].cycle == 12)
    var again = MemoryTraffic(.random, memory: hbm, reads: 0.67, rate: 0.25, seed: 7)
    #expect(again.next(4000) + again.next(6000) == requests)
    var other = MemoryTraffic(.random, memory: hbm, reads: 0.67, rate: 0.25, seed: 8)
    #expect(other.next(10_000) != requests)
    var writes = MemoryTraffic(.random, memory: hbm, reads: 0)
    #expect(writes.next(10).allSatisfy { $0.isWrite && $0.cycle == -1 })
  }
}
