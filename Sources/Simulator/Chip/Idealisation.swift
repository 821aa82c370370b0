/// Parts of the machine made free of cost, for closed-form tests and to find the bottleneck (`--ideal hbm,noc,...`).
public struct Idealisation: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Memory answers in one cycle at unlimited bandwidth.
  public static let hbm = Idealisation(rawValue: 1)
  /// Packets arrive in the next cycle, links have unlimited bandwidth.
  public static let noc = Idealisation(rawValue: 2)
  /// No bank conflicts; DMA bursts are written and read in the cycle they are ready.
  public static let sram = Idealisation(rawValue: 4)
  /// Unlimited dispatch width, window, queues and outstanding requests.
  public static let dispatch = Idealisation(rawValue: 8)
  /// Array operations take one cycle.
  public static let mac = Idealisation(rawValue: 16)
  /// Vector operations take one cycle.
  public static let vector = Idealisation(rawValue: 32)
  /// Tokens and barriers are seen at once (the next cycle).
  public static let sync = Idealisation(rawValue: 64)
  /// All parts by name, in the order they are documented.
  public static let names: [(name: String, part: Idealisation)] = [
    ("hbm", .hbm), ("noc", .noc), ("sram", .sram), ("dispatch", .dispatch), ("mac", .mac), ("vector", .vector),
    ("sync", .sync),
  ]
}
