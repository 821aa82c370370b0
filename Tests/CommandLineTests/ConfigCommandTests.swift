import Testing

@Suite("palsim config")
struct ConfigCommandTests {
  @Test("check says what a machine amounts to")
  func check() throws {
    let outcome = try Binary.run("config", "check", "configs/tpu-v4.toml", "configs/big.toml")
    #expect(outcome.code == 0 && outcome.errors == "")
    #expect(outcome.output.hasPrefix("configs/tpu-v4.toml: ok\n  tiles        2 x 1 at 1.05 GHz\n"))
    #expect(outcome.output.contains("configs/big.toml: ok\n"))
  }

  @Test("A memory's file is checked and shown as a memory, with its energy and a preset's timings")
  func memories() throws {
    let outcome = try Binary.run(
      "config", "check", "configs/reference/hbm2_1pc.toml", "configs/reference/hbm3_16ch.toml")
    #expect(
      outcome.code == 0 && outcome.output.contains("hbm3_16ch.toml: ok\n  memory       HBM3 at 1.6 GHz, by itself\n"))
    let shown = try Binary.run("config", "show", "configs/reference/hbm2_1pc.toml", "--set", "hbm.density=8Gb")
    #expect(shown.code == 0 && shown.output.contains("\nnRFC = \"350 cycles\"\n"), "\(shown.errors)")
    let settings = ["value=1 pJ", "grade=assumed", "source=test"].flatMap {
      ["--set", "energy.override.\"hbm.red\".\($0)"]
    }
    let faulty = try Binary.run(["config", "check", "configs/reference/hbm2_1pc.toml"] + settings)
    #expect(faulty.code == 78 && faulty.errors.contains("did you mean 'hbm.read'?"), "\(faulty.errors)")
  }

  @Test("check lists every fault of every file and ends with 78")
  func faults() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("[grid]\ncolums = 3\nrows = 0\n", to: "bad.toml")
    let outcome = try Binary.run("config", "check", file, "configs/tiny.toml", "--set", "tile.sram.banks=3")
    #expect(outcome.code == 78 && outcome.output == "")
    #expect(outcome.errors.contains("\(file):2: grid.colums: unknown key; did you mean \"columns\"?\n"))
    #expect(outcome.errors.contains("\(file):3: grid.rows: found 0; allowed: a whole number from 1 to 64\n"))
    #expect(
      outcome.errors.hasSuffix(
        "--set tile.sram.banks=3: tile.sram.banks: found 3; allowed: a power of two from 1 to 64\n"))
  }

  @Test("check knows the names of energies")
  func energies() throws {
    let settings = ["value=1 pJ", "grade=assumed", "source=test"].flatMap {
      ["--set", "energy.override.\"sram.read_bite\".\($0)"]
    }
    let outcome = try Binary.run(["config", "check", "configs/tiny.toml"] + settings)
    #expect(outcome.code == 78)
    #expect(
      outcome.errors.contains("'sram.read_bite' is not an action that costs energy; did you mean 'sram.read_byte'?"))
  }

  @Test("A missing file ends with 66")
  func missing() throws {
    let outcome = try Binary.run("config", "show", "configs/none.toml")
    #expect(outcome.code == 66)
    #expect(outcome.errors == "configs/none.toml: cannot be read: No such file or directory\n")
  }

  @Test("show prints a configuration that shows the same again, and --diff only what differs")
  func show() throws {
    let directory = try TemporaryDirectory()
    let first = try Binary.run("config", "show", "configs/edge.toml")
    let file = try directory.write(first.output, to: "resolved.toml")
    #expect(try Binary.run("config", "show", file).output == first.output)
    let changed = try Binary.run("config", "show", file, "--diff", "configs/edge.toml", "--set", "tile.vector.lanes=8")
    #expect(changed.output == "- tile.vector.lanes = 64\n+ tile.vector.lanes = 8\n")
  }

  @Test("explain and docs")
  func explain() throws {
    #expect(try Binary.run("config", "explain", "noc.flit_bytes").output.contains("Default: \"64 B\"."))
    let unknown = try Binary.run("config", "explain", "flit_byte")
    #expect(unknown.code == 64 && unknown.errors == "flit_byte: no such key; did you mean noc.flit_bytes?\n")
    #expect(try Binary.run("config", "docs").output.hasPrefix("# Configuration\n"))
  }
}
