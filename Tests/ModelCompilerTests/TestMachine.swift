import Architecture

@testable import ModelCompiler

/// Small machines, by the few figures that tests vary.
struct TestMachine {
  var columns = 1
  var rows = 1
  var sram = 16384
  var accumulator = 4096
  var arrayRows = 4
  var arrayColumns = 8
  var vectorWidth = 1
  var arrays = 1
  var dataflow = Dataflow.weightStationary

  func spec() throws -> MachineSpec {
    let array = """
      [[tile.array]]
      rows = \(arrayRows)
      columns = \(arrayColumns)
      vector_width = \(vectorWidth)
      dataflow = "\(dataflow.rawValue)"
      overlap = "pipelined"
      formats = ["INT8"]
      minimum_issue = "1 cycle"

      """
    let text = """
      [system]
      name = "test"
      sources = ["made for tests"]
      [clocks]
      tile = "1 GHz"
      noc = "1 GHz"
      hbm = "1 GHz"
      [grid]
      columns = \(columns)
      rows = \(rows)
      [tile.dispatch]
      width = 1
      window = 16
      queue_depth = 4
      sync_latency = "5 cycles"
      [tile.dma]
      load_engines = 2
      store_engines = 1
      max_outstanding = 8
      request_bytes = "256 B"
      sram_bandwidth = "16 B/cycle"
      [tile.vector]
      lanes = 4
      latency = "3 cycles"
      [tile.sram]
      bytes = "\(sram) B"
      banks = 8
      bank_width = "8 B"
      latency = "2 cycles"
      [tile.accumulator]
      bytes = "\(accumulator) B"
      element_bytes = 4
      \(String(repeating: array, count: arrays))
      [noc]
      flit_bytes = "16 B"
      [hbm]
      preset = "hbm2-2000"
      channels = 1
      rows = 512
      interleave_bytes = "256 B"
      attachment = [0, 0]
      [energy]
      node = "7 nm"
      voltage = "0.75 V"
      """
    return try Configuration.load(text: text, name: "test")
  }
}
