import Architecture
import ArgumentParser
import EnergyModel

/// `palsim pal energy`: what a multiply-accumulate costs in arrays of lanes of different width.
struct PalEnergyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "energy",
    abstract: "Energy and wires of a multiply-accumulate by lane width, stationary weights against stationary results.",
    discussion: """
      All arrays do the same number of multiply-accumulates a cycle: with lanes of V products they have 1/V as many rows. \
      Energies are those of the configuration's node, voltage and overrides. docs/models/energy.md says what is added up.

      Example:
        palsim pal energy --formats pal8,int8 --widths 1,8,32
      """)

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The machine whose node, voltage and sums hold.", valueName: "file.toml"))
  var config = "configs/big.toml"

  @Option(help: "Formats, separated by commas.") var formats = "pal8,int8"
  @Option(help: "Products of a lane (V), separated by commas.") var widths = "1,8,32"
  @Option(help: "Reduction elements and columns of the array.") var size = 128

  func validate() throws {
    if !(1...4096).contains(size) { throw ValidationError("--size is \(size), expected 1 to 4096") }
    for width in try numbers() where size % width != 0 {
      throw ValidationError("--widths: \(width) does not divide \(size)")
    }
  }

  func run() throws {
    try reporting {
      let machine = try Configuration.load(path: config)
      var table = PalTextTable([
        "format", "V", "PEs", "lane", "conversion", "wire", "WS pJ/MAC", "OS pJ/MAC", "sums moved/MAC",
        "wire bit mm/MAC",
      ])
      for format in formats.split(separator: ",").map(String.init) {
        for width in try numbers() { table.add(try row(format, width, machine)) }
      }
      print(table.text)
    }
  }

  private func numbers() throws -> [Int] {
    try widths.split(separator: ",").map { word in
      guard let width = Int(word), (1...1024).contains(width) else {
        throw ValidationError("--widths: '\(word)' is not a whole number from 1 to 1024")
      }
      return width
    }
  }

  private func row(_ format: String, _ width: Int, _ machine: MachineSpec) throws -> [String] {
    var array = machine.tiles[0].arrays[0]
    (array.rows, array.columns, array.vectorWidth) = (size / width, size, width)
    array.formats = [format.uppercased()]
    array.dataflow = .weightStationary
    let moving = try EnergyModel.laneEnergy(format: format, array: array, machine: machine, tile: 0)
    array.dataflow = .outputStationary
    let resting = try EnergyModel.laneEnergy(format: format, array: array, machine: machine, tile: 0)
    let bits = Double(moving.partialSumBits) / Double(width)
    return [format, "\(width)", "\(array.rows)x\(size)"]
      + [moving.lane, moving.conversion, moving.wire, moving.total, resting.total].map { PalNumber.fixed($0, 4) }
      + [PalNumber.fixed(1 / Double(width), 3), PalNumber.fixed(bits * moving.pitch, 4)]
  }
}
