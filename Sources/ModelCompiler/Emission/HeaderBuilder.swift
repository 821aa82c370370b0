import InstructionTrace

/// The header of a compiled trace.
struct HeaderBuilder {
  let plan: NetworkPlan
  let options: CompileOptions
  let tileSets: [TileSet]

  var header: TraceHeader {
    var header = TraceHeader()
    header.producer = "palsim compile"
    header.command = options.command
    header.formats = plan.formats.entries
    header.tensors = plan.tensors.entries
    header.tileSets = tileSets
    header.regions = regions
    header.requirements = requirements
    header.metadata = metadata
    return header
  }

  private var regions: [RegionEntry] {
    plan.model.layers.indices.map { index in
      let layer = plan.model.layers[index]
      return RegionEntry(
        name: layer.name, kind: layer.operation.name, macs: UInt64(layer.macs),
        compulsoryBytes: plan.compulsoryBytes(index))
    }
  }

  private var requirements: MachineRequirements {
    let extent = LocalExtent(plan)
    let array = plan.target.array
    var needs = MachineRequirements()
    needs.tiles = (plan.target.tiles.last ?? 0) + 1
    needs.sramBytes = UInt64(extent.sramBytes)
    needs.accumulatorBytes = UInt64(extent.accumulatorBytes)
    needs.hbmBytes = plan.tensors.bytes
    let entry = ArrayRequirement(
      rows: UInt32(array.rows), columns: UInt32(array.columns), vectorWidth: UInt32(array.vectorWidth),
      dataflow: array.dataflow.rawValue, formats: usedFormats)
    needs.arrays = Array(repeating: entry, count: plan.target.units)
    return needs
  }

  /// Formats that operands of array operations have: all but the accumulator's.
  private var usedFormats: [String] {
    let operandFormats = Set(plan.operands.map(\.format)).sorted()
    return operandFormats.map { plan.formats.entries[Int($0)].name }
  }

  private var metadata: [Metadata] {
    [
      Metadata(key: "model", value: plan.model.name),
      Metadata(key: "model.digest", value: plan.model.digest),
      Metadata(key: "model.macs", value: String(plan.model.macs)),
      Metadata(key: "batch", value: String(options.batch)),
    ]
  }
}

extension Model {
  /// FNV-1a over what the layers say, 16 hexadecimal digits: the same for tables that differ in spaces only.
  var digest: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for layer in layers {
      let text =
        "\(layer.name)|\(layer.operation)|\(layer.inputs)|\(layer.epilogue)|\(layer.batch)|\(layer.format ?? "")\n"
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return TraceDigest(value: hash).description
  }
}
