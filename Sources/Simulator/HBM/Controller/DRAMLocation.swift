/// Where one access goes inside a memory: all indices from 0, each within its parent level.
public struct DRAMLocation: Equatable, BitwiseCopyable, Sendable {
  public var channel: Int32
  public var pseudoChannel: Int32
  public var stackID: Int32
  public var bankGroup: Int32
  public var bank: Int32
  public var row: Int32
  public var column: Int32

  public init(
    channel: Int32 = 0, pseudoChannel: Int32 = 0, stackID: Int32 = 0, bankGroup: Int32 = 0, bank: Int32 = 0,
    row: Int32 = 0, column: Int32 = 0
  ) {
    self.channel = channel
    self.pseudoChannel = pseudoChannel
    self.stackID = stackID
    self.bankGroup = bankGroup
    self.bank = bank
    self.row = row
    self.column = column
  }
}
