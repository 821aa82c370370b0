/// Checks of the header by itself, and of the streams against it.
enum HeaderRules {
  struct Fault {
    var kind: TraceFinding.Kind
    var message: String
  }

  static func faults(of file: TraceFile) -> [Fault] {
    let (header, needs) = (file.header, file.header.requirements)
    let strangers = file.streams.filter { $0.key.chip >= needs.chips || $0.key.tile >= needs.tiles }
    return strangers.map {
      Fault(
        kind: .index,
        message: "a stream of chip \($0.key.chip) tile \($0.key.tile), but the header requires \(needs.chips) "
          + "chips of \(needs.tiles) tiles")
    } + faults(ofTileSets: header) + header.tensors.flatMap { faults(of: $0, header) }
  }

  private static func faults(ofTileSets header: TraceHeader) -> [Fault] {
    let tiles = header.requirements.tiles
    var faults: [Fault] = []
    for (index, set) in header.tileSets.enumerated() {
      if let tile = set.tiles.first(where: { $0 >= tiles }) {
        faults.append(
          Fault(
            kind: .index, message: "tile set \(index) names tile \(tile), but the header requires \(tiles) tiles"))
      }
      if zip(set.tiles, set.tiles.dropFirst()).contains(where: { $0 >= $1 }) {
        faults.append(Fault(kind: .index, message: "tile set \(index) is not in ascending order"))
      }
    }
    return faults
  }

  private static func faults(of tensor: TensorEntry, _ header: TraceHeader) -> [Fault] {
    var faults: [Fault] = []
    if Int(tensor.format) >= header.formats.count {
      faults.append(
        Fault(
          kind: .index,
          message: "tensor \(tensor.name) has format \(tensor.format): the header has \(header.formats.count)"))
    }
    let hbmBytes = header.requirements.hbmBytes
    let (end, overflow) = tensor.address.addingReportingOverflow(tensor.bytes)
    if overflow || end > min(hbmBytes, MachineRules.addressLimit) {
      faults.append(
        Fault(
          kind: .address,
          message: "tensor \(tensor.name) lies at \(tensor.address) with \(tensor.bytes) bytes, but the header "
            + "requires \(hbmBytes) bytes of HBM"))
    }
    return faults
  }
}

extension TraceFile {
  /// Refuses a trace whose header contradicts itself or its streams: no machine can be built for it.
  ///
  /// - Throws: `TraceError` of kind `.damaged`, with the first contradiction.
  public func checkHeader() throws(TraceError) {
    if let fault = HeaderRules.faults(of: self).first { throw TraceError(.damaged, fault.message, path: path) }
  }
}
