import Foundation
import Testing

@testable import Architecture

@Suite("The network section, alone and in a machine")
struct NetworkSectionTests {
  private func faults(_ text: String, overrides: [String] = []) -> [String] {
    do {
      _ = try Configuration.loadNetwork(text: text, name: "n.toml", overrides: overrides)
      return []
    } catch {
      return error.faults.map(\.description)
    }
  }

  private static let mesh = "[noc]\nwidth = 4\nheight = 3"

  @Test("Two keys are enough, and the rest is the reference router")
  func defaults() throws {
    let network = try Configuration.loadNetwork(text: Self.mesh)
    #expect(network.name == "" && network.clock.hertz == 1_000_000_000)
    #expect(network.noc == NoCSpec(width: 4, height: 3, flitBytes: 64))
    #expect(network.energy == EnergySpec(nodeNanometres: 7, millivolts: 750, overrides: [:]))
  }

  @Test("Every key reaches its field")
  func everyKey() throws {
    let text = """
      [clocks]
      noc = "2 GHz"
      [noc]
      topology = "concentrated-mesh"
      width = 4
      height = 2
      concentration = 3
      virtual_channels = 6
      buffer_depth = 5
      flit_bytes = "32 B"
      routing = "dimension-order"
      allocator = "separable-input-first"
      routing_delay = 0
      vc_allocation_delay = 2
      switch_allocation_delay = 3
      crossbar_delay = 4
      link_latency = "2.5 ns"
      terminal_latency = 6
      credit_delay = 7
      speculative = true
      wait_for_tail_credit = 1
      hold_switch = true
      injection_queue = 8
      link_length = "1.5 mm"
      """
    let network = try Configuration.loadNetwork(text: text)
    #expect(
      network.noc
        == NoCSpec(
          topology: .concentratedMesh, width: 4, height: 2, concentration: 3, virtualChannels: 6, bufferDepth: 5,
          flitBytes: 32, allocator: .separableInputFirst, routingDelay: 0, vcAllocationDelay: 2,
          switchAllocationDelay: 3, crossbarDelay: 4, linkLatency: 5, terminalLatency: 6, creditDelay: 7,
          speculative: true, waitForTailCredit: true, holdSwitch: true, injectionQueue: 8, linkMicrometres: 1500))
    #expect(network.clock.hertz == 2_000_000_000)
  }

  @Test(
    "Links are long where rows close to rings",
    arguments: [("mesh", 1), ("torus", 2), ("ring", 2), ("crossbar", 1)])
  func linkLatency(topology: String, cycles: Int) throws {
    let height = topology == "ring" || topology == "crossbar" ? 1 : 4
    let text = "[noc]\ntopology = \"\(topology)\"\nwidth = 4\nheight = \(height)"
    #expect(try Configuration.loadNetwork(text: text).noc.linkLatency == cycles)
  }

  static let faulty: [(text: String, fault: String)] = [
    ("[noc]\nheight = 3", "n.toml:1: noc.width: missing; allowed: a whole number from 1 to 4096"),
    ("[noc]\nwidth = 3", "n.toml:1: noc.height: missing; allowed: a whole number from 1 to 4096"),
    ("", "n.toml: noc.width: missing; allowed: a whole number from 1 to 4096"),
    (
      mesh + "\ntopology = \"tours\"",
      "n.toml:4: noc.topology: found \"tours\" (did you mean \"torus\"?); allowed: \"mesh\", \"torus\", \"ring\", "
        + "\"concentrated-mesh\" or \"crossbar\""
    ),
    (mesh + "\nbufer_depth = 4", "n.toml:4: noc.bufer_depth: unknown key; did you mean \"buffer_depth\"?"),
    (mesh + "\nspeculative = 2", "n.toml:4: noc.speculative: found 2; allowed: true or false (or 1 and 0)"),
    (mesh + "\nbuffer_depth = 0", "n.toml:4: noc.buffer_depth: found 0; allowed: a whole number from 1 to 4096"),
    (
      mesh + "\nvirtual_channels = 33", "n.toml:4: noc.virtual_channels: found 33; allowed: a whole number from 1 to 32"
    ),
    (
      mesh + "\nvc_allocation_delay = 0",
      "n.toml:4: noc.vc_allocation_delay: found 0; allowed: 1 to 64 cycles, or a time in ps, ns, us or ms, such as "
        + "\"20 cycles\" or \"2 ns\""
    ),
    (
      mesh + "\nlink_length = \"2 km\"",
      "n.toml:4: noc.link_length: found \"2 km\"; allowed: 1 um to 100 mm in um or mm, such as \"1 mm\""
    ),
    (mesh + "\ntopology = \"ring\"", "n.toml:3: noc.height: found 3; allowed: 1, a ring has its nodes as width"),
    (
      mesh + "\ntopology = \"crossbar\"", "n.toml:3: noc.height: found 3; allowed: 1, a crossbar has its nodes as width"
    ),
    ("[noc]\ntopology = \"ring\"\nwidth = 1", "n.toml:3: noc.width: found 1; allowed: at least 2 for a ring"),
    (
      "[noc]\ntopology = \"crossbar\"\nwidth = 65",
      "n.toml:3: noc.width: found 65; allowed: at most 64, the ports of a crossbar"
    ),
    (
      "[noc]\ntopology = \"torus\"\nwidth = 4\nheight = 1",
      "n.toml:4: noc.height: found 1; allowed: at least 2 for a torus (with one row it is a ring)"
    ),
    (
      mesh + "\ntopology = \"torus\"\nvirtual_channels = 1",
      "n.toml:5: noc.virtual_channels: found 1; allowed: at least 2 for a torus, whose packets change from one half "
        + "to the other where the ring closes"
    ),
    (
      mesh + "\nconcentration = 2",
      "n.toml:4: noc.concentration: found 2; allowed: 1, only a concentrated-mesh has more nodes at a router"
    ),
    (
      mesh + "\ntopology = \"concentrated-mesh\"",
      "n.toml:4: noc.concentration: found 1; allowed: 2 to 8 nodes at each router of a concentrated-mesh"
    ),
    ("[noc]\nwidth = 4096\nheight = 2", "n.toml:2: noc.width: found 8192 nodes; allowed: at most 4096"),
  ]

  @Test("A fault names its line, what was found and what is allowed", arguments: faulty)
  func fault(text: String, fault: String) {
    #expect(faults(text).contains(fault))
  }

  @Test("All faults at once")
  func allAtOnce() {
    let text = "[noc]\ntopology = \"ring\"\nwidth = 1\nheight = 2\nvirtual_channels = 1\nroutign = 1"
    #expect(faults(text, overrides: ["noc.credit_delay=65"]).count == 5)
  }

  @Test("A network says what it amounts to")
  func summary() throws {
    let text = "[noc]\ntopology = \"concentrated-mesh\"\nwidth = 4\nheight = 2\nconcentration = 3"
    #expect(
      try Configuration.loadNetwork(text: text).summary == """
          network      4 x 2 mesh of 3 nodes a router at 1 GHz, by itself
          nodes        24
          router       4 virtual channels of 8 flits, islip
          flit         64 B

        """)
    #expect(NoCSpec(topology: .ring, width: 16, flitBytes: 64).shape == "ring of 16")
  }

  @Test("Of a machine's file only the network is judged, and the grid gives its size")
  func machineFile() throws {
    let network = try Configuration.loadNetwork(path: Shipped.path("big"))
    #expect(network.noc.width == 8 && network.noc.height == 8 && network.name == "big")
    let halfFaulty = Faulty.legal.replacing("banks = 8", with: "banks = 3")
    #expect(try Configuration.loadNetwork(text: halfFaulty).noc.nodes == 4)
    #expect(try Configuration.loadNetwork(text: Faulty.legal, overrides: ["noc.width=16"]).noc.width == 16)
  }

  @Test(
    "In a machine a node is a tile",
    arguments: [
      ("width = 3", "t.toml:22: noc.width: found 3 x 2 nodes; allowed: as many nodes as the grid has tiles, 4"),
      (
        "virtual_channels = 9",
        "t.toml:22: noc.virtual_channels: found 9; allowed: at most 8, a machine has 4 virtual networks"
      ),
    ])
  func inMachine(line: String, fault: String) {
    #expect(Faulty.faults(adding: "[noc]\n\(line)") == [fault])
  }

  @Test("Rings and concentrated meshes fit a grid by themselves")
  func derivedShapes() throws {
    let ring = try Configuration.load(text: Faulty.legal, overrides: ["noc.topology=ring"]).noc
    #expect(ring.width == 4 && ring.height == 1)
    let shared = ["noc.topology=concentrated-mesh", "noc.concentration=2"]
    let mesh = try Configuration.load(text: Faulty.legal, overrides: shared).noc
    #expect(mesh.width == 1 && mesh.height == 2 && mesh.nodes == 4)
  }

  @Test("Every reference configuration loads and says which network it is")
  func referenceConfigurations() throws {
    let folder = Shipped.root.appendingPathComponent("configs/reference/noc").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".toml") }
    #expect(files.count == 34)
    for file in files {
      let network = try Configuration.loadNetwork(path: "\(folder)/\(file)")
      #expect("\(network.name).toml" == file)
      #expect(try Configuration.loadAny(path: "\(folder)/\(file)") == .network(network))
      let resolved = Configuration.resolvedTOML(.network(network))
      #expect(try Configuration.loadNetwork(text: resolved) == network)
      let size = Int(network.name.drop { !$0.isNumber }.prefix { $0.isNumber })
      #expect(network.noc.width == size, "\(file)")
      let topology: Character? = [.mesh: "m", .torus: "t", .ring: "r", .crossbar: "x"][network.noc.topology]
      #expect(network.name.first == topology)
      #expect(network.name.contains("_v\(network.noc.virtualChannels)b\(network.noc.bufferDepth)p"), "\(file)")
    }
  }
}
