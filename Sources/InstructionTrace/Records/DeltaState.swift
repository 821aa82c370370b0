/// What the encoder remembers of earlier records, and the decoder likewise (`DecoderMemory`): empty at the start of each block and
/// of each time round of a repeat's body, so that a body decodes alike every time.
///
/// Remembered per opcode: its parameters, and each operand view as it was stored (before strides are applied).
struct DeltaState: ~Copyable {
  /// A record's scalar parameters, in the order in which they are stored.
  struct Parameters: Equatable {
    var bytes = SIMD4<UInt8>()
    var words = SIMD4<UInt32>()
    var wide: UInt64 = 0
  }

  static let slots = 4
  private let views: UnsafeMutablePointer<StridedView>
  private let parameters: UnsafeMutablePointer<Parameters>
  /// Bit per (operation, slot): the view is known.
  private var knownViews: UInt32 = 0
  private var knownParameters: UInt8 = 0
  /// Token of the latest signal, wait or barrier.
  var token: UInt64 = 0

  init() {
    views = .allocate(capacity: 8 * Self.slots)
    views.initialize(repeating: .none, count: 8 * Self.slots)
    parameters = .allocate(capacity: 8)
    parameters.initialize(repeating: Parameters(), count: 8)
  }

  deinit {
    views.deallocate()
    parameters.deallocate()
  }

  @inline(__always) mutating func reset() {
    knownViews = 0
    knownParameters = 0
    token = 0
  }

  @inline(__always) func view(_ operation: Int, _ slot: Int) -> StridedView? {
    let index = operation * Self.slots + slot
    return knownViews & (1 << UInt32(index)) != 0 ? views[index] : nil
  }

  @inline(__always) mutating func remember(_ view: StridedView, _ operation: Int, _ slot: Int) {
    let index = operation * Self.slots + slot
    knownViews |= 1 << UInt32(index)
    views[index] = view
  }

  @inline(__always) func parameters(_ operation: Int) -> Parameters? {
    knownParameters & (1 << UInt8(operation)) != 0 ? parameters[operation] : nil
  }

  @inline(__always) mutating func remember(_ value: Parameters, _ operation: Int) {
    knownParameters |= 1 << UInt8(operation)
    parameters[operation] = value
  }
}

/// Bits of a record's second byte.
enum RecordFlags {
  static let dependencyMask: UInt8 = 0x0F
  static let strides: UInt8 = 0x10
  static let statistics: UInt8 = 0x20
  static let accumulate: UInt8 = 0x40
  /// The parameters are those of the previous record of this opcode, and are not stored.
  static let sameParameters: UInt8 = 0x80
}

/// Bits of the byte before an operand view.
enum ViewShape {
  /// Counted dimensions stored, 0...3.
  static let dimensionMask: UInt8 = 0x03
  /// Run, counts and strides are those of the previous such view: only the base follows.
  static let same: UInt8 = 0x04
  /// The record has no such operand: nothing follows.
  static let none: UInt8 = 0x08
}

/// The operations that carry operands, in opcode order: index of their remembered state.
enum OperationIndex {
  static let load = 0
  static let store = 1
  static let copy = 2
  static let preload = 3
  static let matmul = 4
  static let vector = 5
  static let convert = 6
  static let reduce = 7
}

enum ViewSlot {
  static let source = 0
  static let source2 = 1
  static let destination = 2
  static let hbm = 3
}
