/// What a channel is asked for: one access (burst), `DRAMOrganisation.accessBytes` to or from one column, or several of consecutive
/// columns of a row.
public struct ChannelRequest: Equatable, BitwiseCopyable, Sendable {
  /// Chosen by the sender; comes back in the completion of each access.
  public var id: Int32
  /// Of the first access.
  public var location: DRAMLocation
  /// How many accesses, at least 1; their columns and lines follow each other.
  public var accesses: Int32 = 1
  /// Address of the first, in accesses. Accesses of equal line are the same bytes: writes merge, reads are forwarded from writes.
  public var line: Int64
  public var isWrite: Bool

  public init(id: Int32, location: DRAMLocation, line: Int64, isWrite: Bool) {
    self.id = id
    self.location = location
    self.line = line
    self.isWrite = isWrite
  }
}
