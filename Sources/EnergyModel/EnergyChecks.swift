import Architecture

/// What the resolvers refuse.
enum EnergyChecks {
  static func operatingPoint(_ energy: EnergySpec) throws(EnergyFault) {
    guard NodeScaling.nanometreRange.contains(energy.nodeNanometres) else {
      throw EnergyFault(
        description: "energy: a node of \(energy.nodeNanometres) nm is outside what the scaling covers, "
          + "\(NodeScaling.nanometreRange.lowerBound) to \(NodeScaling.nanometreRange.upperBound) nm")
    }
    guard NodeScaling.millivoltRange.contains(energy.millivolts) else {
      throw EnergyFault(
        description: "energy: a supply of \(energy.millivolts) mV is outside what the scaling covers, "
          + "\(NodeScaling.millivoltRange.lowerBound) to \(NodeScaling.millivoltRange.upperBound) mV")
    }
  }

  /// Overrides in the order of their names, so that the first fault is always the same. `formats`: number formats whose
  /// MACs may be stated beside the known ones; nil: any.
  static func overrides(_ energy: EnergySpec, formats: [String]?) throws(EnergyFault) {
    let legal = EnergyModel.actionNames + (formats ?? []).map { EnergyAction.macPrefix + $0.lowercased() }
    for (name, value) in energy.overrides.sorted(by: { $0.key < $1.key }) {
      guard legal.contains(name) || (formats == nil && name.hasPrefix(EnergyAction.macPrefix)) else {
        let nearest = NearestName.of(name, among: legal).map { "; did you mean '\($0)'?" } ?? ""
        throw EnergyFault(description: "energy: '\(name)' is not an action that costs energy\(nearest)")
      }
      guard value.value >= 0 else {
        throw EnergyFault(description: "energy: '\(name)' is \(value.value); energies are 0 or more")
      }
    }
  }

  static func unknownFormat(_ format: String, _ macs: [String: GradedValue]) -> EnergyFault {
    let nearest = NearestName.of(format.lowercased(), among: macs.keys.sorted()).map { " (nearest: '\($0)')" } ?? ""
    return EnergyFault(
      description: "energy: the format '\(format)' of a MAC array has no known energy\(nearest); "
        + "state it as 'mac.\(format.lowercased())'")
  }
}
