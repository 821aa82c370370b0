import Testing

@testable import Simulator

@Suite("Packet lists")
struct PacketListTests {
  private func parse(_ text: String, nodes: Int = 64) throws -> PacketList {
    try PacketListParser.parse(Array(text.utf8), name: "p.csv", nodes: nodes)
  }

  private func fault(_ text: String, nodes: Int = 64) -> String? {
    do {
      _ = try parse(text, nodes: nodes)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("Comments, a header, empty lines, blanks, other line ends and a missing last line end are no matter")
  func layout() throws {
    let plain = try parse("0,1,2,3\n4,5,6,7\n")
    #expect(plain.entries.map(\.cycle) == [0, 4] && plain.entries.map(\.flits) == [3, 7])
    #expect(plain.entries.map(\.source) == [1, 5] && plain.entries.map(\.destination) == [2, 6])
    for text in [
      "0,1,2,3\n4,5,6,7", "cycle,src,dst,size\n0,1,2,3\n4,5,6,7\n", "# a\n0,1,2,3\n\n#b\n4,5,6,7\n\n",
      "0,1,2,3\r\n4,5,6,7\r\n", " 0, 1 ,2,3 \n4,\t5,6,7\n", "#c\nCycle, Src, Dst, Size\n0,1,2,3\n4,5,6,7",
      "000,01,2,3\n4,5,6,0007\n",
    ] {
      #expect(try parse(text) == plain, "\(text)")
    }
    #expect(try parse("").entries.isEmpty)
  }

  @Test("Packets are ordered by cycle, those of one cycle as in the file")
  func order() throws {
    let list = try parse("5,0,1,1\n3,0,2,1\n5,0,3,1\n3,0,4,1\n")
    #expect(list.entries.map(\.destination) == [2, 4, 1, 3])
    #expect(list.entries.map(\.index) == [1, 3, 0, 2])
  }

  @Test("Sets are multicasts and reductions; equal sets are one")
  func sets() throws {
    let list = try parse("0,1,4+2+3,2\n0,2+3+4,7,1\n1,5,2+4+3,1\n2,1,6,1\n")
    #expect(list.sets == [[2, 3, 4]])
    #expect(list.entries.map(\.kind) == [.multicast, .reduction, .multicast, .unicast])
    #expect(list.entries[0].destination == 0 && list.entries[1].source == 0 && list.entries[1].destination == 7)
    #expect(list.virtualNetworks == [.unicast, .multicast, .reduction])
    #expect(try parse("0,1,2,3").virtualNetworks == [.unicast])
  }

  static let faults: [(text: String, message: String)] = [
    ("0,1,2", "p.csv:1: found 3 fields, '0,1,2'; expected cycle,src,dst,size"),
    ("hello", "p.csv:1: found the columns 'hello'; expected cycle,src,dst,size"),
    ("0,1,2,3,4", "p.csv:1: found 5 fields, '0,1,2,3,4'; expected cycle,src,dst,size"),
    ("0,1,2,3\nx,1,2,3", "p.csv:2: cycle is 'x'; expected a whole number from 0 to 281474976710656"),
    ("-1,1,2,3", "p.csv:1: cycle is '-1'; expected a whole number from 0 to 281474976710656"),
    ("1e3,1,2,3", "p.csv:1: cycle is '1e3'; expected a whole number from 0 to 281474976710656"),
    (
      "99999999999999999999,1,2,3",
      "p.csv:1: cycle is '99999999999999999999'; expected a whole number from 0 to 281474976710656"
    ),
    ("0,64,2,3", "p.csv:1: source is '64'; the nodes of this network are 0 to 63"),
    ("0,1,-2,3", "p.csv:1: destination is '-2'; the nodes of this network are 0 to 63"),
    ("0,1,,3", "p.csv:1: destination is ''; the nodes of this network are 0 to 63"),
    ("0,1,2,0", "p.csv:1: size is '0'; expected a whole number from 1 to 1048576"),
    ("0,1,2,1048577", "p.csv:1: size is '1048577'; expected a whole number from 1 to 1048576"),
    ("0,1,2+2,1", "p.csv:1: destination names node 2 twice"),
    ("0,1,2+,1", "p.csv:1: destination is '2+'; the nodes of this network are 0 to 63"),
    ("0,1+2,3+4,1", "p.csv:1: source and destination are both sets; one of them must be a single node"),
    (
      "#\n\n0,1,2,3\ncycle,src,dst,size", "p.csv:4: cycle is 'cycle'; expected a whole number from 0 to 281474976710656"
    ),
  ]

  @Test("A fault names its line, what was found and what is expected", arguments: faults)
  func fault(text: String, message: String) {
    #expect(fault(text)?.split(separator: "\n").first.map(String.init) == message)
  }

  @Test("All faults at once, at most ten lines of them")
  func manyFaults() {
    #expect(fault("1,99,2,0\n0,1,2,3\n0,2\n")?.split(separator: "\n").count == 3)
    let many = fault(String(repeating: "0,99,0,1\n", count: 1000))
    #expect(many?.split(separator: "\n").count == 11 && many?.contains("more faults follow") == true)
  }

  @Test("No bytes break the parser", arguments: [UInt64(1), 2, 3])
  func robustness(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let alphabet = Array("0123456789,,,\n\n+#- x\r\u{0}".utf8) + [0xFF, 0xC3]
    for _ in 0..<2000 {
      let bytes = (0..<random.below(60)).map { _ in alphabet[random.below(alphabet.count)] }
      guard let list = try? PacketListParser.parse(bytes, name: "r", nodes: 9) else { continue }
      for entry in list.entries where entry.kind == .unicast {
        #expect((0..<9).contains(entry.source) && (0..<9).contains(entry.destination), "seed \(seed)")
        #expect(entry.flits >= 1 && entry.cycle >= 0, "seed \(seed)")
      }
    }
  }
}
