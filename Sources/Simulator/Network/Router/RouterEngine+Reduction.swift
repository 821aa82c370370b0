// Combining in routers (`docs/models/noc-collectives.md`).

extension RouterEngine {
  /// An operand's buffer stores a flit: the leader's head needs a route; with the last operand the leader may send.
  @inline(__always)
  static func storeOperand(_ fabric: RouterFabric, _ index: Int, at cycle: Int) {
    if fabric.channels[index].stored != 1 { return }
    let router = fabric.shape.router(ofChannel: index)
    let input = fabric.shape.slot(ofChannel: index)
    let channel = fabric.shape.virtualChannel(of: index)
    let node = fabric.reduction(router, channel)
    node.pointee.present |= portBit(input)
    let leader = fabric.shape.channel(router: router, slot: node.pointee.leader, channel: channel)
    let target = Int(fabric.channels[leader].target)
    if target < 0 {
      if leader != index { return }
      fabric.calendar.append(index, kind: FabricEvent.routed, at: cycle &+ fabric.timing.routing)
    } else if node.pointee.isComplete && fabric.channels[target].credits > 0 {
      fabric.request(leader)
    }
  }

  /// The leader's flit passes the switch; every other operand's front flit goes into it.
  static func combine(
    _ fabric: RouterFabric, _ router: Int, input: Int, output: Int, channel: Int, at cycle: Int
  ) {
    let ports = fabric.ports + router &<< fabric.shape.portShift
    let index = fabric.shape.channel(router: router, slot: input, channel: channel)
    let node = fabric.reduction(router, channel)
    let target = Int(fabric.channels[index].target)
    let flit = fabric.frontFlit(index)
    absorbOperands(fabric, node, router: router, channel: channel, at: cycle)
    fabric.send(flit, to: target, through: ports + output, at: cycle)
    if fabric.watch.pointee.isOn { fabric.noteFlit(router: router, output: output, at: cycle) }
    if !flit.isTail && node.pointee.isComplete && fabric.channels[target].credits > 0 { return }
    fabric.withdraw(router, ports, input: input, output: output, channel: channel)
    if flit.isTail {
      release(fabric, index, target: target, port: router &<< fabric.shape.portShift | output, at: cycle)
    }
  }

  /// Drops the front flits of all operands; packets other than the leader's end with their tails.
  private static func absorbOperands(
    _ fabric: RouterFabric, _ node: UnsafeMutablePointer<ReductionNode>, router: Int, channel: Int, at cycle: Int
  ) {
    var operands = node.pointee.operands
    while operands != 0 {
      let input = operands.trailingZeroBitCount
      operands &= operands &- 1
      let index = fabric.shape.channel(router: router, slot: input, channel: channel)
      let flit = fabric.frontFlit(index)
      fabric.drop(index, from: fabric.ports + (router &<< fabric.shape.portShift | input), at: cycle)
      fabric.tally.pointee.buffered &-= 1
      node.pointee.present &= ~(fabric.channels[index].stored == 0 ? portBit(input) : 0)
      if input == node.pointee.leader { continue }
      fabric.tally.pointee.flitsCombined &+= 1
      if flit.isTail { fabric.discard(flit.slot) }
    }
  }
}
