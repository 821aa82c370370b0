/// Requests as the lines of a stream file.
public enum MemoryStreamText {
  private static let digits = Array("0123456789abcdef".utf8)

  /// `- R 0x1f40`, one line a request.
  public static func bytes(_ requests: [StreamRequest]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16 * requests.count)
    for request in requests {
      if request.cycle < 0 { bytes.append(0x2D) } else { bytes += Array(String(request.cycle).utf8) }
      bytes += [0x20, request.isWrite ? 0x57 : 0x52, 0x20, 0x30, 0x78]
      let width = max(1, (67 - request.address.leadingZeroBitCount) / 4)
      for place in (0..<width).reversed() { bytes.append(digits[Int(request.address >> (4 * Int64(place)) & 15)]) }
      bytes.append(0x0A)
    }
    return bytes
  }
}
