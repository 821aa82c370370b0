/// An arbiter's choice: the first of `candidates` at or after `start`, going around. Precondition: there is a candidate.
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
  /// Fills `scratch.portGrants` (by input: the outputs it was offered, one of which it takes) and returns the inputs that
  /// have any.
  static func offerSwitch(_ ports: UnsafeMutablePointer<Port>, outputs: UInt64, scratch: EngineScratch) -> UInt64

  /// Gives free virtual channels of an output to heads that wait for one; returns whether any head got one.
  static func matchChannels(_ fabric: RouterFabric, _ heads: WaitingHeads) -> Bool
}

/// iSLIP, one iteration: every output offers itself to the next input in turn; every input takes the next output in turn.
enum ISLIPAllocation: AllocationPolicy {
  @inline(__always)
  static func offerSwitch(_ ports: UnsafeMutablePointer<Port>, outputs: UInt64, scratch: EngineScratch) -> UInt64 {
    var offered: UInt64 = 0
    var remaining = outputs
    while remaining != 0 {
      let output = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      let input = roundRobin(ports[output].requests, from: ports[output].grantPointer)
      scratch.portGrants[input] |= 1 &<< UInt64(output)
      offered |= 1 &<< UInt64(input)
    }
    return offered
  }
}

/// Separable, input first: every input picks the next output in turn; every output takes the next of the inputs that picked it.
enum SeparableInputFirstAllocation: AllocationPolicy {
  @inline(__always)
  static func offerSwitch(_ ports: UnsafeMutablePointer<Port>, outputs: UInt64, scratch: EngineScratch) -> UInt64 {
    let picked = pickOutputs(ports, collectInputs(ports, outputs: outputs, scratch: scratch), scratch: scratch)
    var offered: UInt64 = 0
    var remaining = picked
    while remaining != 0 {
      let output = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      let input = roundRobin(scratch.portPicks[output], from: ports[output].grantPointer)
      scratch.portPicks[output] = 0
      scratch.portGrants[input] = 1 &<< UInt64(output)
      offered |= 1 &<< UInt64(input)
    }
    return offered
  }

  /// Collects the requests by input in `portGrants`; returns the inputs.
  @inline(__always)
  private static func collectInputs(
    _ ports: UnsafeMutablePointer<Port>, outputs: UInt64, scratch: EngineScratch
  ) -> UInt64 {
    var inputs: UInt64 = 0
    var remaining = outputs
    while remaining != 0 {
      let output = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      var requests = ports[output].requests
      inputs |= requests
      while requests != 0 {
        scratch.portGrants[requests.trailingZeroBitCount] |= 1 &<< UInt64(output)
        requests &= requests &- 1
      }
    }
    return inputs
  }

  /// Each input picks; returns the outputs picked by anyone.
  @inline(__always)
  private static func pickOutputs(
    _ ports: UnsafeMutablePointer<Port>, _ inputs: UInt64, scratch: EngineScratch
  ) -> UInt64 {
    var picked: UInt64 = 0
    var remaining = inputs
    while remaining != 0 {
      let input = remaining.trailingZeroBitCount
      remaining &= remaining &- 1
      let output = roundRobin(scratch.portGrants[input], from: ports[input].acceptPointer)
      scratch.portGrants[input] = 0
      scratch.portPicks[output] |= 1 &<< UInt64(input)
      picked |= 1 &<< UInt64(output)
    }
    return picked
  }
}
