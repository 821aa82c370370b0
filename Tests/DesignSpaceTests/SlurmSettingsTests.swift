import Architecture
import Testing

@testable import DesignSpace

@Suite struct SlurmSettingsTests {
  private func settings(_ text: String) throws -> SlurmSettings {
    try SlurmSettings(SourceText(text, named: "space.toml").root["slurm"])
  }

  @Test func everythingIsOptional() throws {
    #expect(try settings("") == SlurmSettings())
    let all = try settings(
      """
      [slurm]
      partition = "short"
      account = "chips"
      time = "00:30:00"
      memory = "2G"
      options = ["--qos=low", "-C skylake"]
      tasks = 40
      chunk_seconds = 5
      """)
    #expect(
      all.submitOptions
        == ["--partition=short", "--account=chips", "--time=00:30:00", "--mem=2G", "--qos=low", "-C skylake"])
    #expect(all.tasks == 40 && all.chunkSeconds == 5)
  }

  @Test(arguments: [
    ("partitoin = \"a\"", "space.toml:2: slurm.partitoin: unknown key; did you mean \"partition\"?"),
    ("time = 30", "space.toml:2: slurm.time: found 30"),
    ("tasks = 0", "space.toml:2: slurm.tasks: found 0, expected a whole number from 1 to 1000"),
    ("options = [\"qos=low\"]", "space.toml:2: slurm.options: found \"qos=low\", expected options of sbatch"),
  ])
  func faultsNameTheirLine(_ line: String, _ message: String) {
    let fault = #expect(throws: SweepFault.self) { try settings("[slurm]\n" + line) }
    #expect(fault?.description.hasPrefix(message) == true && fault?.exitCode == 78, "\(fault.map(\.description) ?? "")")
  }

  @Test func chunksFollowTheMeasuredTime() throws {
    let settings = try settings("[slurm]\ntasks = 10\nchunk_seconds = 60")
    var pace = SlurmPace()
    #expect(pace.chunk(waiting: 1000, settings) == 1, "nothing measured yet")
    pace.measured(milliseconds: 1000)
    #expect(pace.chunk(waiting: 10_000, settings) == 60)
    #expect(pace.chunk(waiting: 300, settings) == 30, "all tasks get some")
    #expect(pace.chunk(waiting: 20, settings) == 15, "and none gets too little")
    for _ in 0..<400 { pace.measured(milliseconds: 600_000) }
    #expect(pace.chunk(waiting: 10_000, settings) == 1)
  }
}
