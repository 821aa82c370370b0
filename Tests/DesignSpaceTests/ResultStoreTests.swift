import Testing

@testable import DesignSpace

@Suite struct LogLineTests {
  @Test func fieldsComeBackWhateverIsInThem() {
    let fields = ["point", "", "a\tb", "c\\d\n", "ü\r", "7"]
    let line = LogLine.bytes(fields)
    #expect(line.last == UInt8(ascii: "\n"))
    #expect(line.dropLast().withUnsafeBytes(LogLine.fields) == fields)
  }

  @Test func everyChangedByteIsNoticed() {
    let line = Array(LogLine.bytes(["point", "12", "completed"]).dropLast())
    for index in line.indices {
      var damaged = line
      damaged[index] ^= 4
      #expect(damaged.withUnsafeBytes(LogLine.fields) == nil)
    }
  }
}
