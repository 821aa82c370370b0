import Architecture

/// What a network of one router knows beforehand. Its nodes take every flit as it arrives, so a flit's ways into the router and out of
/// it, and those of its credits, take times that never change: none of them needs an event of its own.
struct CrossbarTimes: BitwiseCopyable {
  /// Cycles from a node's interface into the router's buffer, and from a grant of the switch to the node.
  let entry: Int
  let exit: Int
  /// Cycles from the grant of the switch until a flit's credit is back: at the interface, and at the router for the node's buffer.
  let inputCredit: Int
  let outputCredit: Int
  /// From a packet's cycle at its interface to the grant of a virtual channel when nobody is in its way.
  let passage: Int
  /// Flits for which an idle input always has credits.
  let longestAlone: Int
  /// By place of a buffered flit: the cycle of its arrival there.
  let arrivals: UnsafeMutablePointer<Int>
  /// By channel: the cycles in which the switch took a flit out of it (an input's) or sent one there (an ejection buffer's).
  let uses: UnsafeMutablePointer<RecentCycles>
  /// By node.
  let inside: UnsafeMutablePointer<PacketsInside>

  init(_ timing: RouterTiming, bufferDepth: Int, nodes: Int, places: Int, channels: Int, arena: inout Arena) {
    entry = 1 + timing.terminal
    exit = timing.arrival(over: timing.terminal)
    inputCredit = 1 + timing.terminal
    outputCredit = exit + timing.credit(over: timing.terminal)
    passage = entry + timing.routing
    longestAlone = bufferDepth - inputCredit
    arrivals = arena.allocate(places, of: 0)
    uses = arena.allocate(channels, of: RecentCycles())
    inside = arena.allocate(nodes, of: PacketsInside())
  }
}

/// The cycles of the last 64 in which something happened, at most once in each.
struct RecentCycles: BitwiseCopyable {
  private var last = 0
  /// Bit k: in cycle `last` - k.
  private var cycles: UInt64 = 0

  /// It happens in `cycle`, which is later than any before.
  @inline(__always)
  mutating func note(_ cycle: Int) {
    let distance = cycle &- last
    cycles = (distance < 64 ? cycles &<< UInt64(truncatingIfNeeded: distance) : 0) | 1
    last = cycle
  }

  /// It happens in `count` cycles, 1...63, from `first` on, which is later than any before.
  @inline(__always)
  mutating func note(_ first: Int, count: Int) {
    let distance = first &+ count &- 1 &- last
    let added: UInt64 = 1 &<< UInt64(truncatingIfNeeded: count) &- 1
    cycles = (distance < 64 ? cycles &<< UInt64(truncatingIfNeeded: distance) : 0) | added
    last = first &+ count &- 1
  }

  /// How often it happened in the `length` cycles that end with `cycle`, 1...63, which is not before the last.
  @inline(__always)
  func count(in length: Int, through cycle: Int) -> Int {
    let remaining = length &- (cycle &- last)
    return remaining <= 0 ? 0 : (cycles & ((1 &<< UInt64(truncatingIfNeeded: remaining)) &- 1)).nonzeroBitCount
  }
}

extension RouterFabric {
  /// Whether the closed form holds for a network: one router, unicast and multicast, all sinks open at all times, and buffers at the
  /// nodes that cover the way of their credits, so that no output ever lacks one.
  static func isCrossbar(_ spec: NoCSpec, networks: [TrafficKind], closesSinks: Bool) -> Bool {
    let timing = RouterTiming(spec)
    let way = timing.arrival(over: timing.terminal) + timing.credit(over: timing.terminal)
    return spec.topology == .crossbar && !closesSinks && !networks.contains(.reduction)
      && !(spec.speculative || spec.holdSwitch || spec.waitForTailCredit) && way <= min(spec.bufferDepth, 63)
  }

  /// Whether a channel, seen by its sender in `cycle`, has at least so many credits. `way`: cycles a credit takes. As one credit at most
  /// starts in a cycle, most channels need no look at those on their way.
  @inline(__always)
  func hasCredits(_ needed: Int, _ index: Int, at cycle: Int, way: Int) -> Bool {
    let given = Int(channels[index].credits)
    return given &- way >= needed || given >= needed && given &- creditsComing(index, at: cycle, way: way) >= needed
  }

  /// Credits of a channel that are on their way in `cycle`.
  @inline(never)
  func creditsComing(_ index: Int, at cycle: Int, way: Int) -> Int {
    crossbar.uses[index].count(in: way, through: cycle)
  }

  /// Counts as they are before `cycle`: with the flits in buffers, and without those that nodes have yet to take.
  func settle(_ counts: inout NoCCounts, before cycle: Int) {
    for index in 0..<shape.channelCount {
      counts.flitsEjected -=
        shape.slot(ofChannel: index) < shape.ports
        ? 0 : Int64(crossbar.uses[index].count(in: crossbar.exit, through: cycle - 1))
      for offset in 0..<UInt16(shape.bufferDepth) - channels[index].credits {
        let arrival = crossbar.arrivals[shape.place(index, (channels[index].read &+ offset) & shape.bufferMask)]
        if arrival >= cycle { continue }
        counts.bufferWrites += 1
        counts.bufferedFlitCycles += Int64(cycle - arrival)
      }
    }
  }
}
