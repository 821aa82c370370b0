import Testing

@testable import DesignSpace

@Suite struct SamplingTests {
  private func points(_ search: String, axes: Int = 2, condition: String = "") throws -> [[Int]] {
    let names = ["noc.link_latency", "noc.credit_delay", "noc.terminal_latency"]
    let lines = names.prefix(axes).map { "[[axis]]\nkey = \"\($0)\"\nrange = { from = 1, to = 20, step = 1 }\n" }
    return try Sampling(Spaces.trace("\(condition)\n\(lines.joined())[search]\n\(search)")).points()
  }

  @Test func randomPointsAreDifferentAndComeBack() throws {
    let some = try points("method = \"random\"\npoints = 50\nseed = 7")
    #expect(Set(some).count == 50)
    #expect(try points("method = \"random\"\npoints = 50\nseed = 7") == some)
    #expect(try points("method = \"random\"\npoints = 50\nseed = 8") != some)
    #expect(try points("method = \"random\"\npoints = 5000").count == 400, "no more than there are")
  }

  @Test func latinHypercubesUseEveryLevelEvenly() throws {
    let some = try points("method = \"latin-hypercube\"\npoints = 20\nseed = 3", axes: 3)
    for axis in 2...4 { #expect(Set(some.map { $0[axis] }) == Set(0..<20)) }
    let few = try points("method = \"latin-hypercube\"\npoints = 5", axes: 3)
    for axis in 2...4 { #expect(few.map { $0[axis] / 4 }.sorted() == [0, 1, 2, 3, 4]) }
  }

  @Test(arguments: ["random", "latin-hypercube"])
  func conditionsHoldForSamples(_ method: String) throws {
    let some = try points(
      "method = \"\(method)\"\npoints = 30", condition: "where = \"noc.link_latency + noc.credit_delay <= 12\"")
    #expect(some.count == 30)
    #expect(some.allSatisfy { $0[2] + $0[3] + 2 <= 12 })
  }
}
