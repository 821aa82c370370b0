import Architecture

/// One run of a memory: a device, its controllers, an address map and a stream of requests.
struct MemoryCase {
  var name: String
  var device: DRAMDevice
  var controller: MemoryControllerSpec
  var channels: Int
  var map: AddressMap
  var requests: [StreamLine]

  /// The case as text, readable by people and by a driver of another simulator.
  var text: String {
    let organisation = device.organisation
    let timings = device.timings.sorted { $0.key.rawValue < $1.key.rawValue }
    let slices = map.slices.map { "\($0.field.rawValue):\($0.bits)" }
    var lines = [
      "case \(name)",
      "device \(device.standard) pcs \(organisation.pseudoChannels) sids \(organisation.stackIDs)"
        + " groups \(organisation.bankGroups) banks \(organisation.banksPerGroup)"
        + " rows \(organisation.rows) columns \(organisation.columns)",
      "timing " + timings.map { "\($0.key.rawValue)=\($0.value)" }.joined(separator: " "),
      "controller " + controllerWords.joined(separator: " "),
      "channels \(channels)",
      "map " + slices.joined(separator: " "),
    ]
    lines += map.hashes.map {
      "hash \($0.target.rawValue) \($0.source.rawValue)" + ($0.shift > 0 ? " \($0.shift)" : "")
    }
    lines.append("stream")
    lines += requests.map(\.text)
    return (lines + ["end", ""]).joined(separator: "\n")
  }

  private var controllerWords: [String] {
    let row = controller.rowPolicy == .closed ? "closed:\(controller.rowAccesses)" : controller.rowPolicy.rawValue
    return [
      "scheduler=\(controller.scheduler.rawValue)", "read=\(controller.readQueue)", "write=\(controller.writeQueue)",
      "high=\(controller.writeHigh)", "low=\(controller.writeLow)", "row=\(row)",
      "refresh=\(controller.refresh.rawValue)",
    ] + (controller.refreshStagger > 0 ? ["stagger=\(controller.refreshStagger)"] : [])
  }
}

/// A line of a stream: `<cycle or -> R|W 0xADDRESS`.
struct StreamLine: Equatable {
  /// Cycle of CK before which it is not offered; nil: as early as accepted.
  var cycle: Int?
  var isWrite: Bool
  var address: UInt64

  var text: String {
    "\(cycle.map(String.init) ?? "-") \(isWrite ? "W" : "R") 0x\(String(address, radix: 16))"
  }

  /// nil for a line that is none.
  init?(line: Substring) {
    let words = line.split(separator: " ")
    guard words.count == 3, words[2].hasPrefix("0x"), let address = UInt64(words[2].dropFirst(2), radix: 16) else {
      return nil
    }
    self.init(cycle: Int(words[0]), isWrite: words[1] == "W", address: address)
  }

  init(cycle: Int?, isWrite: Bool, address: UInt64) {
    self.cycle = cycle
    self.isWrite = isWrite
    self.address = address
  }
}
