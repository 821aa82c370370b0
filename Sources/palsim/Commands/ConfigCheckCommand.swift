import Architecture
import ArgumentParser
import EnergyModel

/// `palsim config check FILE...`: every fault of every file, or a short summary.
struct ConfigCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "List everything wrong with configurations, or say what each machine amounts to.",
    discussion: "Example: palsim config check configs/big.toml configs/tiny.toml"
  )

  @Argument(help: "Configuration files.")
  var files: [String]

  @Option(name: .customLong("set"), help: "Set a key, as tile.sram.banks=32; may be repeated.")
  var overrides: [String] = []

  func run() throws {
    var worst: Int32 = 0
    for file in files {
      do {
        print("\(file): ok\n\(try summary(of: file))", terminator: "")
      } catch {
        error.report()
        worst = max(worst, error.exitCode)
      }
    }
    if worst != 0 { throw ExitCode(worst) }
  }

  /// What a machine, or a part of one by itself, amounts to; its energy constants are resolved too.
  private func summary(of file: String) throws(ConfigurationError) -> String {
    let loaded = try Configuration.loadAny(path: file, overrides: overrides)
    try resolvingEnergy(of: file) {
      switch loaded {
      case .machine(let machine): try Self.resolveEnergy(of: machine)
      case .network(let network): _ = try NetworkEnergy(network)
      case .memory(let memory):
        _ = try MemoryEnergy.resolve(hbm: memory.hbm, clock: memory.clock, energy: memory.energy)
      }
    }
    return loaded.summary
  }

  private static func resolveEnergy(of machine: MachineSpec) throws {
    for tile in machine.tiles.indices where tile == 0 || machine.tiles[tile] != machine.tiles[tile - 1] {
      _ = try EnergyTable.resolve(machine: machine, tile: tile)
    }
  }

  /// Only the energy model knows the names of actions; what it refuses is a fault of the file.
  private func resolvingEnergy(of file: String, _ body: () throws -> Void) throws(ConfigurationError) {
    do {
      try body()
    } catch {
      throw ConfigurationError(faults: [Fault(origin: .file(name: file, line: 0), key: "", message: "\(error)")])
    }
  }
}
