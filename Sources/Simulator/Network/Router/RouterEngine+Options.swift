// Speculation, held switches, waiting for the tail's credit: what the plain engine leaves out.

/// Which of the options are on.
struct RouterOptions: BitwiseCopyable {
  let isSpeculative: Bool
  let holdsSwitch: Bool
  let waitsForTailCredit: Bool

  var isPlain: Bool { !isSpeculative && !holdsSwitch && !waitsForTailCredit }
}

/// A switch grant that has been decided and not yet carried out.
struct SwitchGrant: BitwiseCopyable {
  var router: Int32
  var input: UInt8
  var output: UInt8
  var channel: UInt8
  /// By a held connection: no arbiter took part.
  var isHeld = false
}

/// The connections a router holds.
struct HeldSwitch: BitwiseCopyable {
  var inputs: UInt64 = 0
  var outputs: UInt64 = 0
}

/// The requests of one router with speculation and without held ports, by output.
struct OptionRequests: SwitchRequests {
  let scratch: EngineScratch

  @inline(__always)
  func inputs(for output: Int) -> UInt64 { scratch.requests[output] }

  @inline(__always)
  func certainInputs(for output: Int) -> UInt64 { scratch.certainRequests[output] }
}

extension RouterEngine {
  /// Decides all switches from the state before any of this cycle's allocations.
  @inline(never)
  static func decideSwitches(_ fabric: RouterFabric) {
    fabric.scratch.grantCount.pointee = 0
    let candidates = collectCandidates(fabric)
    candidates.removeAll { router in
      let outputs = collectRequests(fabric, router)
      decideHeld(fabric, router)
      if outputs != 0 { decideSwitch(fabric, router, outputs: outputs) }
    }
  }

  /// Routers with requests, with held connections, with heads that may get a channel and so may speculate.
  private static func collectCandidates(_ fabric: RouterFabric) -> WorkMap {
    let candidates = fabric.scratch.candidates
    fabric.switchWork.visit { candidates.insert($0) }
    fabric.heldWork.visit { candidates.insert($0) }
    if fabric.options.isSpeculative {
      fabric.channelWork.visit { candidates.insert($0 &>> fabric.shape.portShift) }
    }
    return candidates
  }

  /// A held connection sends its next flit when it has a credit, else it ends (its channel asks again from the next cycle on).
  private static func decideHeld(_ fabric: RouterFabric, _ router: Int) {
    var inputs = fabric.held[router].inputs
    while inputs != 0 {
      let input = inputs.trailingZeroBitCount
      inputs &= inputs &- 1
      let port = router &<< fabric.shape.portShift | input
      fabric.decide(
        SwitchGrant(
          router: Int32(router), input: UInt8(input), output: fabric.heldOutputs[port],
          channel: fabric.heldChannels[port], isHeld: true))
    }
  }

  /// By output: inputs that ask for it, those with a head that speculates included; returns the outputs asked for.
  private static func collectRequests(_ fabric: RouterFabric, _ router: Int) -> UInt64 {
    let ports = fabric.ports + router &<< fabric.shape.portShift
    let held = fabric.held[router]
    var outputs: UInt64 = 0
    for output in 0..<fabric.shape.ports where held.outputs & portBit(output) == 0 {
      let certain = ports[output].requests & ~held.inputs
      var inputs = certain
      if fabric.options.isSpeculative {
        fabric.visitSpeculating(router, output: output) { input, _ in inputs |= portBit(input) & ~held.inputs }
      }
      fabric.scratch.requests[output] = inputs
      fabric.scratch.certainRequests[output] = certain
      outputs |= inputs != 0 ? portBit(output) : 0
    }
    return outputs
  }

  private static func decideSwitch(_ fabric: RouterFabric, _ router: Int, outputs: UInt64) {
    let ports = fabric.ports + router &<< fabric.shape.portShift
    let grants = fabric.scratch.portGrants
    var inputs = Allocation.offerSwitch(
      OptionRequests(scratch: fabric.scratch), ports: ports, outputs: outputs, scratch: fabric.scratch)
    while inputs != 0 {
      let input = inputs.trailingZeroBitCount
      inputs &= inputs &- 1
      let output = roundRobin(grants[input], from: ports[input].acceptPointer)
      grants[input] = 0
      let certain = fabric.eligible(router, input: input, output: output)
      let channels = certain != 0 ? certain : fabric.speculating(router, input: input, output: output)
      let channel = roundRobin(channels, from: ports[input].channelPointer)
      fabric.turn(ports, input: input, output: output, channel: channel)
      fabric.decide(
        SwitchGrant(router: Int32(router), input: UInt8(input), output: UInt8(output), channel: UInt8(channel)))
    }
  }

  /// Carries the grants out. A speculative one is wasted when its head got no virtual channel in this cycle, or one without
  /// credit.
  @inline(never)
  static func passDecided(_ fabric: RouterFabric, at cycle: Int) {
    for entry in 0..<fabric.scratch.grantCount.pointee {
      let grant = fabric.scratch.grants[entry]
      let (router, input, output) = (Int(grant.router), Int(grant.input), Int(grant.output))
      let index = fabric.shape.channel(router: router, slot: input, channel: Int(grant.channel))
      let target = Int(fabric.channels[index].target)
      let canGo = target >= 0 && fabric.channels[target].credits > 0
      if grant.isHeld { fabric.endHold(router, input: input, output: output) }
      if !canGo { continue }
      let ports = fabric.ports + router &<< fabric.shape.portShift
      forward(fabric, router, ports, input: input, output: output, channel: Int(grant.channel), at: cycle)
      if fabric.options.holdsSwitch && fabric.channels[index].target >= 0 && fabric.channels[index].stored > 0 {
        fabric.hold(router, input: input, output: output, channel: Int(grant.channel))
      }
    }
    fabric.switchWork.settle()
    fabric.heldWork.settle()
  }

  /// A channel whose tail has been sent is free when all its credits are back.
  @inline(__always)
  static func freeWhenComplete(_ fabric: RouterFabric, _ index: Int) {
    let channel = fabric.channels + index
    if channel.pointee.owner != Channel.awaitingCredits || Int(channel.pointee.credits) < fabric.shape.bufferDepth {
      return
    }
    channel.pointee.owner = -1
    fabric.free(port: fabric.sender(of: index), channel: fabric.shape.virtualChannel(of: index))
  }
}

extension RouterFabric {
  /// Calls `body` with (input, virtual channel) of each head that waits at an output and asks for the switch at the same time:
  /// it may take a channel that is free and has a credit.
  @inline(__always)
  func visitSpeculating(_ router: Int, output: Int, _ body: (Int, Int) -> Void) {
    let waitingHeads = WaitingHeads(self, output: router &<< shape.portShift | output)
    let usable = channels(waitingHeads.port.pointee.free, of: waitingHeads.port, withCredits: 1)
    for position in 0..<waitingHeads.count {
      let index = waitingHeads[position]
      if heads[index].allowed & usable == 0 { continue }
      body(shape.slot(ofChannel: index), shape.virtualChannel(of: index))
    }
  }

  /// Virtual channels of an input whose heads speculate on an output.
  func speculating(_ router: Int, input: Int, output: Int) -> UInt32 {
    var result: UInt32 = 0
    visitSpeculating(router, output: output) { from, channel in
      result |= from == input ? channelBit(channel) : 0
    }
    return result
  }

  func decide(_ grant: SwitchGrant) {
    scratch.grants[scratch.grantCount.pointee] = grant
    scratch.grantCount.pointee += 1
  }

  /// A packet keeps its way through the switch: it does not ask for it meanwhile.
  func hold(_ router: Int, input: Int, output: Int, channel: Int) {
    held[router].inputs |= portBit(input)
    held[router].outputs |= portBit(output)
    heldWork.insert(router)
    heldOutputs[router &<< shape.portShift | input] = UInt8(output)
    heldChannels[router &<< shape.portShift | input] = UInt8(channel)
    withdraw(router, ports + router &<< shape.portShift, input: input, output: output, channel: channel)
  }

  func endHold(_ router: Int, input: Int, output: Int) {
    held[router].inputs &= ~portBit(input)
    held[router].outputs &= ~portBit(output)
    heldWork.remove(router, ifEmpty: held[router].inputs)
  }

  func isHeld(_ index: Int) -> Bool {
    let (router, input) = (shape.router(ofChannel: index), shape.slot(ofChannel: index))
    return held[router].inputs & portBit(input) != 0
      && Int(heldChannels[router &<< shape.portShift | input]) == shape.virtualChannel(of: index)
  }
}
