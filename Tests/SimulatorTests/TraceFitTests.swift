import Architecture
import InstructionTrace
import Simulator
import Testing

/// What is said when a trace was compiled for another machine.
@Suite struct TraceFitTests {
  private func machine() throws -> MachineSpec {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try Configuration.load(path: "/\(root)/configs/tiny.toml")
  }

  private func header(_ machine: MachineSpec) -> TraceHeader {
    var header = TraceHeader()
    header.command = "palsim compile net.csv --config other.toml"
    header.requirements.tiles = UInt32(machine.tiles.count)
    header.requirements.sramBytes = UInt64(machine.tiles[0].sram.bytes)
    header.requirements.arrays = machine.tiles[0].arrays.map {
      ArrayRequirement(
        rows: UInt32($0.rows), columns: UInt32($0.columns), vectorWidth: UInt32($0.vectorWidth),
        dataflow: $0.dataflow.rawValue, formats: [$0.formats[0]])
    }
    return header
  }

  @Test func theSameMachineFits() throws {
    let machine = try machine()
    #expect(checkFit(header: header(machine), machine: machine) == [])
  }

  @Test func everyMisfitIsNamedOnceAndTheCommandLast() throws {
    let machine = try machine()
    var header = header(machine)
    header.requirements.tiles += 1
    header.requirements.sramBytes += 1
    header.requirements.arrays[0].columns += 1
    let faults = checkFit(header: header, machine: machine)
    #expect(faults.count == 4)
    #expect(faults[0].contains("needs 5 tiles, 'tiny' has 4"))
    #expect(faults[1].hasPrefix("tile 0: the trace needs 65537 bytes of scratchpad"))
    #expect(faults[2].contains("MAC array 0 to be 16x17"))
    #expect(faults[3].contains("palsim compile") && faults[3].contains("other.toml"))
  }

  @Test func idleTilesMayLackArrays() throws {
    var machine = try machine()
    let header = header(machine)
    machine.tiles[0].arrays = []
    #expect(checkFit(header: header, machine: machine).first == "tile 0: the trace needs MAC array 0, there are 0")
    #expect(checkFit(header: header, machine: machine, tiles: [1, 2, 3]) == [])
  }

  @Test func aForeignFormatIsNamed() throws {
    let machine = try machine()
    var header = header(machine)
    header.requirements.arrays[0].formats = ["BF16"]
    #expect(checkFit(header: header, machine: machine)[0].contains("computes in BF16"))
  }
}
