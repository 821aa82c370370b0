/// The names a timeline knows, for people.
extension Timeline {
  /// Every name a pattern can mean, with unit and definition: the chip's power and energy, groups, signals.
  public var names: [(name: String, unit: String, definition: String)] { TimelineColumn.names(of: index) }
}
