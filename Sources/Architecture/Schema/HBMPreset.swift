/// A named set of HBM values: one standard at one speed. `hbm.preset` lays it under a configuration's own keys.
public struct HBMPreset: Sendable {
  public let name: String
  /// What it stands for and where its values come from.
  public let meaning: String
  let clock: String
  /// Pseudo channels and GiB of one stack.
  let channelsPerStack: Int64
  let gibibytesPerStack: Int64
  /// The other keys of `[hbm]`, as TOML.
  let body: String

  /// All presets, in order.
  public static let all = [hbm2At2000, hbm2At2400, hbm3At6400]

  static func named(_ name: String) -> HBMPreset? { all.first { $0.name == name } }

  /// The preset as a tree for a number of stacks. `sizesOnly`: just what depends on the number of stacks.
  func node(stacks: Int64, sizesOnly: Bool) -> Node {
    let stacks = min(max(stacks, 1), Self.maximumStacks)
    var text = sizesOnly ? "" : "[clocks]\nhbm = \"\(clock)\"\n"
    text += "[hbm]\nchannels = \(channelsPerStack * stacks)\nbytes = \"\(gibibytesPerStack * stacks) GiB\"\n"
    if !sizesOnly { text += body }
    var node = SourceText(text, named: name).root
    node.setOrigin(.preset(name))
    return node
  }

  static let maximumStacks: Int64 = 32

  private static let hbm2At2000 = HBMPreset(
    name: "hbm2-2000",
    meaning: "HBM2 at 2.0 Gb/s a pin in pseudo-channel mode, 256 GB/s and 8 GiB a stack; values of Ramulator 2.1",
    clock: "1 GHz", channelsPerStack: 16, gibibytesPerStack: 8,
    body: """
      standard = "HBM2"
      access_bytes = "32 B"
      nBL = 2
      banks = 16
      row_bytes = "1 KiB"
      nCL = 14
      nCWL = 5
      nRCDRD = 14
      nRCDWR = 12
      nRP = 14
      nREFI = 3900
      nRFC = 260
      """)

  private static let hbm2At2400 = HBMPreset(
    name: "hbm2-2400",
    meaning: "HBM2 at 2.4 Gb/s a pin in pseudo-channel mode, 307.2 GB/s and 8 GiB a stack; values of Ramulator 2.1",
    clock: "1.2 GHz", channelsPerStack: 16, gibibytesPerStack: 8,
    body: """
      standard = "HBM2"
      access_bytes = "32 B"
      nBL = 2
      banks = 16
      row_bytes = "1 KiB"
      nCL = 17
      nCWL = 6
      nRCDRD = 17
      nRCDWR = 14
      nRP = 17
      nREFI = 4682
      nRFC = 312
      """)

  private static let hbm3At6400 = HBMPreset(
    name: "hbm3-6400",
    meaning: "HBM3 at 6.4 Gb/s a pin, 819.2 GB/s and 32 GiB a stack (16 Gb dies, 4 stack ids, whose banks are counted "
      + "together); values of Ramulator 2.1",
    clock: "1.6 GHz", channelsPerStack: 32, gibibytesPerStack: 32,
    body: """
      standard = "HBM3"
      access_bytes = "32 B"
      nBL = 2
      banks = 64
      row_bytes = "1 KiB"
      nCL = 20
      nCWL = 10
      nRCDRD = 31
      nRCDWR = 15
      nRP = 26
      nREFI = 6240
      nRFC = 720
      """)
}
