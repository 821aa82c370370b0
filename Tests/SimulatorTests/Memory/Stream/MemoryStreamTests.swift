import Testing

@testable import Architecture
@testable import Simulator

private typealias Request = Simulator.StreamRequest

@Suite("Request streams")
struct MemoryStreamTests {
  private func parse(_ text: String) throws(MemoryStreamFault) -> [Request] {
    try MemoryStreamParser.parse(Array(text.utf8), name: "s", memoryBytes: 1 << 20)
  }

  @Test("Plain and unusual lines")
  func lines() throws {
    let text = "- R 0x0\n12 W 0xfFe0\n# a remark\n\n \t7\tr  0X1F40 \r\n0 w 0x00000000000000000020\n- W 0xfffff"
    #expect(
      try parse(text) == [
        Request(address: 0, isWrite: false), Request(cycle: 12, address: 0xffe0, isWrite: true),
        Request(cycle: 7, address: 0x1f40, isWrite: false), Request(cycle: 0, address: 0x20, isWrite: true),
        Request(address: 0xfffff, isWrite: true),
      ])
  }

  @Test("A written stream reads back", arguments: [UInt64(1), 2, 3])
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let requests = (0..<1000).map { _ in
      Request(
        cycle: Int64.random(in: -1...3, using: &random) * 1_000_000_007 >> Int64.random(in: 0...30, using: &random),
        address: Int64.random(in: 0..<1 << 20, using: &random) >> Int64.random(in: 0...20, using: &random),
        isWrite: Bool.random(using: &random))
    }
    var bytes: [UInt8] = []
    MemoryStreamText.append(requests, to: &bytes)
    let expected = requests.map { Request(cycle: max($0.cycle, -1), address: $0.address, isWrite: $0.isWrite) }
    #expect(try MemoryStreamParser.parse(bytes, name: "s", memoryBytes: 1 << 20) == expected, "seed \(seed)")
  }

  @Test(
    "A faulty line is named with what was found and expected",
    arguments: [
      ("- R", "s:2: found 2 words, '- R'; expected <cycle or -> R|W 0xADDRESS, such as \"- R 0x1f40\""),
      ("x R 0x0", "s:2: the cycle is 'x'; expected - or a whole number from 0 to 281474976710656"),
      ("-1 R 0x0", "s:2: the cycle is '-1'; expected - or a whole number from 0 to 281474976710656"),
      (
        "281474976710657 R 0x0",
        "s:2: the cycle is '281474976710657'; expected - or a whole number from 0 to 281474976710656"
      ),
      ("- X 0x0", "s:2: found 'X'; expected R or W"),
      ("- R 64", "s:2: the address is '64'; expected hexadecimal digits as in 0x1f40"),
      ("- R 0x", "s:2: the address is '0x'; expected hexadecimal digits as in 0x1f40"),
      ("- R 0x-4", "s:2: the address is '0x-4'; expected hexadecimal digits as in 0x1f40"),
      (
        "- R 0xffffffffffffFFFF",
        "s:2: the address 0xffffffffffffFFFF lies beyond the memory, which ends before 0x100000"
      ),
      (
        "- R 0xfffffffffffffffffff",
        "s:2: the address 0xfffffffffffffffffff lies beyond the memory, which ends before 0x100000"
      ),
      ("- R 0x１", "s:2: the address is '0x１'; expected hexadecimal digits as in 0x1f40"),
      ("- R 0x100000", "s:2: the address 0x100000 lies beyond the memory, which ends before 0x100000"),
    ])
  func faults(line: String, message: String) {
    let fault = #expect(throws: MemoryStreamFault.self) { try parse("- R 0x0\n\(line)\n- W 0x0") }
    #expect(fault?.description == message)
  }

  @Test("At most ten faults are shown; a stream without requests is one")
  func manyFaults() {
    let fault = #expect(throws: MemoryStreamFault.self) {
      try parse(String(repeating: "junk\n", count: 30))
    }
    #expect(fault?.description.split(separator: "\n").count == 11)
    #expect(fault?.description.hasSuffix("s: more faults follow; the first 10 are shown") == true)
    #expect(throws: MemoryStreamFault.self) { try parse("# nothing\n") }
  }

  @Test("No bytes break the parser", arguments: [UInt64(5), 6])
  func hostile(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let alphabet = Array("-RW0x19af \n\r\t#\u{0}é".utf8)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
      let requests = (try? MemoryStreamParser.parse(bytes, name: "s", memoryBytes: 1 << 20)) ?? []
      #expect(requests.allSatisfy { (0..<1 << 20).contains($0.address) && $0.cycle >= -1 }, "seed \(seed): \(bytes)")
    }
  }
}

@Suite("Addresses made and taken apart")
struct AddressEncodingTests {
  @Test("What is made of fields is taken apart into them", arguments: [UInt64(1), 2, 3, 4])
  func roundTrip(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for round in 0..<40 {
      let map = randomMap(&random)
      let decoder = AddressDecoder(map: map, accessBytes: 32)
      for _ in 0..<20 {
        var values: [AddressMap.Field: Int] = [:]
        for field in AddressMap.Field.allCases {
          values[field] = Int.random(in: 0..<1 << map.bits(of: field), using: &random)
        }
        let address = map.address(of: values, accessBytes: 32)
        #expect(address % 32 == 0)
        let location = decoder.location(of: decoder.line(of: Int64(address)))
        #expect(fields(of: location) == values, "seed \(seed), round \(round): \(map)")
      }
    }
  }

  private func randomMap(_ random: inout SplitMix64) -> AddressMap {
    var slices: [AddressMap.Slice] = []
    for field in AddressMap.Field.allCases {
      slices.append(AddressMap.Slice(field: field, bits: Int.random(in: 0...4, using: &random)))
      if Bool.random(using: &random) { slices.append(AddressMap.Slice(field: field, bits: 2)) }
    }
    slices.shuffle(using: &random)
    let hashes: [AddressMap.Hash] = [
      AddressMap.Hash(target: .bank, source: .row), AddressMap.Hash(target: .bankGroup, source: .row),
      AddressMap.Hash(target: .bank, source: .column),
    ]
    return AddressMap(slices: slices, hashes: Array(hashes.prefix(Int.random(in: 0...3, using: &random))))
  }

  private func fields(of location: DRAMLocation) -> [AddressMap.Field: Int] {
    [
      .channel: Int(location.channel), .pseudoChannel: Int(location.pseudoChannel), .stackID: Int(location.stackID),
      .bankGroup: Int(location.bankGroup), .bank: Int(location.bank), .row: Int(location.row),
      .column: Int(location.column),
    ]
  }
}
