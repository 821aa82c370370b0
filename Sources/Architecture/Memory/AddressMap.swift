/// How byte addresses spread over a memory: fields from the least significant bit up, above the bytes of one access.
public struct AddressMap: Equatable, Sendable {
  public enum Field: String, CaseIterable, Equatable, Hashable, Sendable {
    case channel
    case pseudoChannel = "pseudo_channel"
    case stackID = "stack_id"
    case bankGroup = "bank_group"
    case bank
    case row
    case column
  }
  /// Some bits of a field; a field may be split over several slices, whose bits count up from the lowest slice.
  public struct Slice: Equatable, Sendable {
    public var field: Field
    public var bits: Int
    public init(field: Field, bits: Int) {
      self.field = field
      self.bits = bits
    }
  }
  /// The bits of `target` are those of the address exclusive-or as many bits of `source`, from bit `shift` of it up.
  public struct Hash: Equatable, Sendable {
    public var target: Field
    public var source: Field
    public var shift: Int
    public init(target: Field, source: Field, shift: Int = 0) {
      self.target = target
      self.source = source
      self.shift = shift
    }
  }
  /// Least significant first.
  public var slices: [Slice]
  public var hashes: [Hash]
  public init(slices: [Slice], hashes: [Hash] = []) {
    self.slices = slices
    self.hashes = hashes
  }
}
