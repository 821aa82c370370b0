/// What a specialisation of the engine can do beside plain unicast. Constants, so that what is off costs nothing.
protocol FeaturePolicy {
  /// Speculation, held switches, waiting for the tail's credit: as the fabric's options say.
  static var hasOptions: Bool { get }
  /// Multicast and reduction networks.
  static var hasCollectives: Bool { get }
}

extension FeaturePolicy {
  /// Each switch grant moves one flit out of a buffer, in the cycle of the grant: they are counted together.
  @inline(__always) static var countsPasses: Bool { !hasOptions && !hasCollectives }
}

enum PlainFeatures: FeaturePolicy {
  static var hasOptions: Bool { @inline(__always) get { false } }
  static var hasCollectives: Bool { @inline(__always) get { false } }
}

enum OptionFeatures: FeaturePolicy {
  static var hasOptions: Bool { @inline(__always) get { true } }
  static var hasCollectives: Bool { @inline(__always) get { false } }
}

enum CollectiveFeatures: FeaturePolicy {
  static var hasOptions: Bool { @inline(__always) get { false } }
  static var hasCollectives: Bool { @inline(__always) get { true } }
}
