/// The mask of one port.
@inline(__always)
func portBit(_ port: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: port) }

/// The mask of one virtual channel.
@inline(__always)
func channelBit(_ channel: Int) -> UInt32 { 1 &<< UInt32(truncatingIfNeeded: channel) }

/// All ones when a mask is empty, else zero: arithmetic where a branch could not be foreseen.
@inline(__always)
func onesIfEmpty(_ mask: UInt64) -> UInt64 { (mask | (0 &- mask)) &>> 63 &- 1 }

/// An arbiter's choice: the first of `candidates` at or after `start`, going around. A start one past the last candidate there
/// can be is as good as 0. Precondition: there is a candidate.
@inline(__always)
func roundRobin(_ candidates: UInt64, from start: UInt8) -> Int {
  let later = candidates & (.max &<< UInt64(start))
  return (later != 0 ? later : candidates).trailingZeroBitCount
}

@inline(__always)
func roundRobin(_ candidates: UInt32, from start: UInt8) -> Int {
  let later = candidates & (.max &<< UInt32(start))
  return (later != 0 ? later : candidates).trailingZeroBitCount
}

/// Matches the inputs of a switch with its outputs, and heads with the virtual channels of an output.
protocol AllocationPolicy {
  /// Fills `scratch.portGrants` (by input: the outputs it was offered, of which a unicast flit takes one) and returns the
  /// inputs that have any.
  static func offerSwitch<Requests: SwitchRequests>(
    _ requests: Requests, ports: UnsafeMutablePointer<Port>, outputs: UInt64, scratch: EngineScratch
  ) -> UInt64

  /// Gives free virtual channels of an output to heads that wait for one; returns whether any head got one.
  static func matchChannels<Features: FeaturePolicy>(
    _ fabric: RouterFabric, _ heads: WaitingHeads, features: Features.Type
  ) -> Bool
}

/// The requests for a switch.
protocol SwitchRequests: BitwiseCopyable {
  /// Inputs that ask for an output.
  func inputs(for output: Int) -> UInt64
  /// Of these, the ones that are no speculation.
  func certainInputs(for output: Int) -> UInt64
  /// `output`, and of `outputs`, all requested by an input, those that would get the same flit at the same time.
  func companions(input: Int, output: Int, among outputs: UInt64) -> UInt64
}

extension SwitchRequests {
  @inline(__always)
  func companions(input: Int, output: Int, among outputs: UInt64) -> UInt64 { portBit(output) }
}

/// The requests as the ports keep them.
struct PortRequests: SwitchRequests {
  let ports: UnsafeMutablePointer<Port>

  @inline(__always)
  func inputs(for output: Int) -> UInt64 { ports[output].requests }

  @inline(__always)
  func certainInputs(for output: Int) -> UInt64 { ports[output].requests }
}

/// iSLIP, one iteration: every output offers itself to the next input in turn; every input takes the next output in turn.
enum ISLIPAllocation: AllocationPolicy {
  @inline(__always)
  static func offerSwitch<Requests: SwitchRequests>(
    _ requests: Requests, ports: UnsafeMutablePointer<Port>, outputs: UInt64, scratch: EngineScratch
  ) -> UInt64 {
    var offered: UInt64 = 0
    var remaining = outputs
    while remaining != 0 {
      let output = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      let input = roundRobin(requests.inputs(for: output), from: ports[output].grantPointer)
      scratch.portGrants[input] |= portBit(output)
      offered |= portBit(input)
    }
    return offered
  }
}

/// Separable, input first: every input picks the next output in turn (a multicast flit all it asks for); every output takes the next of the inputs that picked it.
/// What is certain goes before speculation in both.
enum SeparableInputFirstAllocation: AllocationPolicy {
  @inline(__always)
  static func offerSwitch<Requests: SwitchRequests>(
    _ requests: Requests, ports: UnsafeMutablePointer<Port>, outputs: UInt64, scratch: EngineScratch
  ) -> UInt64 {
    let inputs = collectInputs(requests, outputs: outputs, scratch: scratch)
    let picked = pickOutputs(requests, inputs: inputs, ports: ports, scratch: scratch)
    var offered: UInt64 = 0
    var remaining = picked
    while remaining != 0 {
      let output = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      let picks = scratch.portPicks[output]
      let certain = picks & requests.certainInputs(for: output)
      let input = roundRobin(certain != 0 ? certain : picks, from: ports[output].grantPointer)
      scratch.portPicks[output] = 0
      scratch.portGrants[input] |= portBit(output)
      offered |= portBit(input)
    }
    return offered
  }

  /// Collects the requests by input in `portGrants`, the certain ones in `certainGrants`; returns the inputs.
  @inline(__always)
  private static func collectInputs<Requests: SwitchRequests>(
    _ requests: Requests, outputs: UInt64, scratch: EngineScratch
  ) -> UInt64 {
    var inputs: UInt64 = 0
    var remaining = outputs
    while remaining != 0 {
      let output = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      var asking = requests.inputs(for: output)
      let certain = requests.certainInputs(for: output)
      inputs |= asking
      while asking != 0 {
        let input = asking.trailingZeroBitCount
        asking &= asking &- 1
        scratch.portGrants[input] |= portBit(output)
        scratch.certainGrants[input] |= certain & portBit(input) != 0 ? portBit(output) : 0
      }
    }
    return inputs
  }

  /// Each input picks; returns the outputs picked by anyone.
  @inline(__always)
  private static func pickOutputs<Requests: SwitchRequests>(
    _ requests: Requests, inputs: UInt64, ports: UnsafeMutablePointer<Port>, scratch: EngineScratch
  ) -> UInt64 {
    var picked: UInt64 = 0
    var remaining = inputs
    while remaining != 0 {
      let input = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      let certain = scratch.certainGrants[input]
      let output = roundRobin(certain != 0 ? certain : scratch.portGrants[input], from: ports[input].acceptPointer)
      var picks = requests.companions(input: input, output: output, among: scratch.portGrants[input])
      picked |= picks
      scratch.portGrants[input] = 0
      scratch.certainGrants[input] = 0
      while picks != 0 {
        scratch.portPicks[picks.trailingZeroBitCount] |= portBit(input)
        picks &= picks &- 1
      }
    }
    return picked
  }
}
