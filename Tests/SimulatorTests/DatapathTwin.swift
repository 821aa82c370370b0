import Architecture
import InstructionTrace

@testable import Simulator

/// The slow twin of `Datapath`: one cycle at a time, one bank, one processing element, one byte at a time.
final class DatapathTwin {
  /// A unit with its own clock: what each of its local cycles needs and does is written down when an operation starts.
  final class Unit {
    var local = 0
    /// Accesses still to be made, by local cycle.
    var needs: [Int: [Access]] = [:]
    /// Cycles the current local cycle has been held up.
    var waiting = 0
    /// Things done, by signal, by local cycle.
    var plan: [String: [Int: Int64]] = [:]
    /// Local cycles in which it counts as active.
    var busy: Set<Int> = []
    var ends: [(tag: Int32, kind: DatapathCompletion.Kind, local: Int)] = []
    var active: Int64 = 0
    var lostTo: [Int64] = []
    /// Cycles lost, by the lowest bank still needed.
    var lostAt: [Int: Int64] = [:]
    /// When the last matmul (array) or operation issued, and how long that keeps the next one away.
    var issued = -1_000_000
    var distance = 0
    /// Output-stationary: local cycle before which the last step of the next matmul must not be over, as the drain registers
    /// are in use.
    var drainEnd = -1_000_000
    /// Local cycle in which the next matmul's first result may leave column 0 at the earliest: those before leave first.
    var exitFree = -1_000_000
    /// Local cycle from which on nothing is in the unit; the shadow registers are loaded; the next burst may start.
    var drained = 0
    var loaded = 0
    /// Shares of zeros in the shadow registers, if they are full, and in the block in use.
    var shadowZeros: Double?
    var blockZeros = 0.0
    var free = 0
    /// Bytes moved in cycle `free`, where bursts share cycles.
    var moved = 0
  }

  /// One access of one bank.
  struct Access {
    var bank: Int
    var isWrite: Bool
  }

  let spec: TileSpec
  let ideal: Idealisation
  var now = 0
  var units: [Unit] = []
  var completions: [DatapathCompletion] = []
  /// Values by signal and global cycle.
  var series: [String: [Int: Int64]] = [:]
  var latency: Int { ideal.contains(.sram) ? 0 : spec.sram.latency }

  init(spec: TileSpec, ideal: Idealisation) {
    self.spec = spec
    self.ideal = ideal
    units = (0..<(3 + spec.arrays.count)).map { _ in Unit() }
    for unit in units { unit.lostTo = Array(repeating: 0, count: units.count) }
  }

  /// Round robin: who is first.
  private var turn = 0

  func doCycle() {
    // Who holds a port, by bank: first to come, first to take.
    var holders: [Int: [(unit: Int, isWrite: Bool)]] = [:]
    let order = serviceOrder()
    let asking = order.filter { !(units[$0].needs[units[$0].local] ?? []).isEmpty }
    var hasConflict = false
    var ended: [Int] = []
    for index in order {
      let unit = units[index]
      var refused: [Access] = []
      var holdersBefore: [Int: [(unit: Int, isWrite: Bool)]] = holders
      for access in unit.needs[unit.local] ?? [] {
        if isFree(access, holders[access.bank] ?? []) {
          holders[access.bank, default: []].append((index, access.isWrite))
        } else {
          refused.append(access)
        }
      }
      unit.needs[unit.local] = refused
      if refused.isEmpty {
        ended.append(index)
      } else {
        hasConflict = true
        charge(unit, index, refused, order, &holdersBefore)
      }
    }
    for (index, unit) in units.enumerated() where !ended.contains(index) { unit.waiting += 1 }
    for index in ended.sorted() { endLocalCycle(index, units[index]) }
    if hasConflict, spec.sram.arbitration == .roundRobin { turn = (asking[0] + 1) % units.count }
    now += 1
  }

  /// Units that lost cycles, to whom and at which banks.
  func conflicts() -> [BankConflicts] {
    let names = ["dma_write", "dma_read", "vector"] + spec.arrays.indices.map { "mac\($0)" }
    return units.enumerated().filter { $0.element.lostTo.contains { $0 > 0 } }.map { index, unit in
      BankConflicts(
        requester: names[index],
        holders: unit.lostTo.enumerated().filter { $0.element > 0 }.map {
          .init(name: names[$0.offset], cycles: $0.element)
        },
        banks: unit.lostAt.sorted { $0.key < $1.key }.map { .init(name: "bank\($0.key)", cycles: $0.value) })
    }
  }

  private func serviceOrder() -> [Int] {
    switch spec.sram.arbitration {
    case .fixed: return Array(units.indices)
    case .roundRobin: return Array(turn..<units.count) + Array(0..<turn)
    case .age: return units.indices.sorted { (-units[$0].waiting, $0) < (-units[$1].waiting, $1) }
    }
  }

  /// Ports of a bank that could serve an access, and how many of those are taken.
  private func ports(for access: Access, _ holders: [(unit: Int, isWrite: Bool)]) -> (count: Int, taken: Int) {
    switch spec.sram.ports {
    case .oneReadWrite: (1, holders.count)
    case .oneReadOneWrite: (1, holders.filter { $0.isWrite == access.isWrite }.count)
    case .twoReadWrite: (2, holders.count)
    case .unlimited: (.max, holders.count)
    }
  }

  private func isFree(_ access: Access, _ holders: [(unit: Int, isWrite: Bool)]) -> Bool {
    let (count, taken) = ports(for: access, holders)
    return taken < count
  }

  /// Charges a lost cycle to the first in the order that held a port it needed before it took anything, else to itself, and
  /// to the lowest bank.
  private func charge(
    _ unit: Unit, _ index: Int, _ refused: [Access], _ order: [Int],
    _ before: inout [Int: [(unit: Int, isWrite: Bool)]]
  ) {
    var winners: [Int] = []
    for access in refused {
      let rivals = (before[access.bank] ?? []).filter {
        spec.sram.ports != .oneReadOneWrite || $0.isWrite == access.isWrite
      }
      winners += rivals.map(\.unit)
    }
    unit.lostTo[order.first { winners.contains($0) } ?? index] += 1
    unit.lostAt[refused.map(\.bank).min()!, default: 0] += 1
  }

  private func endLocalCycle(_ index: Int, _ unit: Unit) {
    for (signal, values) in unit.plan { series[signal, default: [:]][now] = values[unit.local] ?? 0 }
    if unit.busy.contains(unit.local) { unit.active += 1 }
    unit.local += 1
    unit.waiting = 0
    for end in unit.ends where end.local == unit.local {
      completions.append(
        DatapathCompletion(tag: end.tag, kind: end.kind, requester: UInt8(index), cycle: Int64(now + 1)))
    }
  }

  // MARK: What operations need and do

  func add(_ unit: Unit, _ signal: String, _ local: Int, _ value: Int64) {
    unit.plan[signal, default: [:]][local, default: 0] += value
  }

  func finish(_ unit: Unit, _ tag: Int32, _ kind: DatapathCompletion.Kind, _ end: Int) {
    unit.ends.append((tag, kind, end))
  }

  /// One access a word of [address, address + bytes); under ECC a partly written word is read besides.
  func touch(_ unit: Unit, _ local: Int, _ address: Int64, _ bytes: Int64, isWrite: Bool = false) {
    if bytes == 0 || ideal.contains(.sram) { return }
    let width = Int64(spec.sram.bankWidth)
    for word in (address / width)...((address + bytes - 1) / width) {
      unit.needs[local, default: []].append(Access(bank: bank(ofWord: word), isWrite: isWrite))
      let isPartial = address > word * width || address + bytes < (word + 1) * width
      if isWrite && isPartial && spec.sram.ecc == .secded {
        unit.needs[local, default: []].append(Access(bank: bank(ofWord: word), isWrite: false))
      }
    }
  }

  private func bank(ofWord word: Int64) -> Int {
    let banks = Int64(spec.sram.banks)
    switch spec.sram.interleave {
    case .lowOrder: return Int(word % banks)
    case .hashed: return Int((word ^ (word / banks)) % banks)
    case .matrixRow: return Int(word * Int64(spec.sram.bankWidth) / Int64(spec.sram.rowBytes) % banks)
    }
  }

  func isScratchpad(_ view: StridedView) -> Bool { view.base < LocalAddress.accumulatorBase }

  /// Addresses of all runs of a view, count1 fastest.
  func runs(_ view: StridedView) -> [Int64] {
    var addresses: [Int64] = []
    for i3 in 0..<Int64(view.count3) {
      for i2 in 0..<Int64(view.count2) {
        for i1 in 0..<Int64(view.count1) {
          addresses.append(view.base + i1 * view.stride1 + i2 * view.stride2 + i3 * view.stride3)
        }
      }
    }
    return addresses
  }

  /// Reads `runsAStep` runs of the view in each of `steps` local cycles.
  private func readOperand(_ unit: Unit, _ name: String, _ view: StridedView, runsAStep: Int, steps: Int) {
    if view.run == 0 { return }
    let signal = isScratchpad(view) ? "\(name).sram_read_bytes" : "\(name).accumulator_bytes"
    for (index, address) in runs(view).enumerated() where index / runsAStep < steps {
      let local = unit.local + (ideal.contains(.mac) ? 0 : index / runsAStep)
      add(unit, signal, local, Int64(view.run))
      if isScratchpad(view) && !ideal.contains(.mac) { touch(unit, local, address, Int64(view.run)) }
    }
  }
}

// MARK: - MAC arrays

extension DatapathTwin {
  func tryStart(array index: Int, _ operation: ArrayOperation, tag: Int32) -> Bool {
    let unit = units[3 + index]
    let array = spec.arrays[index]
    switch (array.overlap, operation.kind) {
    case (.serial, _): if unit.local < unit.drained { return false }
    case (.pipelined, .preload): if unit.local < unit.loaded { return false }
    case (.pipelined, .matmul):
      if unit.local < unit.loaded || unit.local < unit.issued + unit.distance { return false }
      let steps = (Int(operation.k) + array.vectorWidth - 1) / array.vectorWidth
      if array.dataflow == .outputStationary {
        let drained = unit.local + steps + rowsInUse(array, operation)
        if unit.local + steps < unit.drainEnd || drained < unit.exitFree { return false }
      }
    }
    if operation.kind == .preload {
      startPreload(unit, index, array, operation, tag)
    } else {
      startMatmul(unit, index, array, operation, tag)
    }
    return true
  }

  private func startPreload(
    _ unit: Unit, _ index: Int, _ array: MACArraySpec, _ operation: ArrayOperation, _ tag: Int32
  ) {
    let rows = (0..<operation.k).filter { isKept($0, array) }.count
    var cycles = array.edgeTiles == .trimmed ? rows : array.rows * array.vectorWidth
    if array.overlap == .pipelined && unit.local >= unit.drained { cycles = 2 * cycles - 1 }
    if ideal.contains(.mac) { cycles = 1 }
    unit.shadowZeros = Double(operation.zeros) / 65_535
    let end = unit.local + cycles + (ideal.contains(.mac) ? 0 : latency)
    let view = operation.source
    let isApart = view.count1 > 1 && Int(view.count2) * Int(view.count3) == rows
    readOperand(unit, "t.mac\(index)", view, runsAStep: isApart ? Int(view.count1) : 1, steps: rows)
    if array.overlap == .serial {
      unit.busy.formUnion(unit.local..<end)
      unit.drained = end
    } else {
      unit.loaded = unit.local + cycles
    }
    finish(unit, tag, .preload, end)
  }

  private func startMatmul(
    _ unit: Unit, _ index: Int, _ array: MACArraySpec, _ operation: ArrayOperation, _ tag: Int32
  ) {
    let name = "t.mac\(index)"
    let groups = (Int(operation.k) + array.vectorWidth - 1) / array.vectorWidth
    let steps = [
      Dataflow.weightStationary: Int(operation.m), .inputStationary: Int(operation.n), .outputStationary: groups,
    ][array.dataflow]!
    var streaming = steps
    unit.distance = steps
    if array.overlap == .pipelined {
      streaming = max(steps, array.minimumIssue)
      unit.distance = streaming
    }
    let delay = laneDelay(array, operation)
    let rows = rowsPassed(unit, array, operation, steps)
    let inUse = Int(array.dataflow == .inputStationary ? operation.m : operation.n)
    let columns = array.edgeTiles == .padded ? array.columns : inUse
    var end = unit.local + latency + rows + columns - 2 + streaming + delay
    if ideal.contains(.mac) {
      unit.distance = 1
      end = unit.local + 1
    }
    if array.overlap == .pipelined { end = max(end, unit.drained) }
    for view in [operation.source, operation.source2] {
      readOperand(unit, name, view, runsAStep: Int(view.count1), steps: steps)
    }
    multiply(unit, name, array, operation, steps, groups, rows)
    unit.issued = unit.local
    unit.busy.formUnion(unit.local..<end)
    unit.drained = end
    finish(unit, tag, .matmul, end)
  }

  /// Rows that hold operands or make results; all of them where edge tiles are padded.
  private func rowsInUse(_ array: MACArraySpec, _ operation: ArrayOperation) -> Int {
    if array.edgeTiles == .padded { return array.rows }
    if array.dataflow == .outputStationary { return Int(operation.m) }
    let kept = (0..<operation.k).filter { isKept($0, array) }.count
    return (kept + array.vectorWidth - 1) / array.vectorWidth
  }

  /// Rows that the operation's sums pass, if they wait for those before to leave the columns; notes when they have left.
  private func rowsPassed(_ unit: Unit, _ array: MACArraySpec, _ operation: ArrayOperation, _ steps: Int) -> Int {
    let rows = rowsInUse(array, operation)
    if ideal.contains(.mac) { return rows }
    if array.dataflow == .outputStationary {
      unit.drainEnd = unit.local + steps + rows
      unit.exitFree = unit.local + steps + 2 * rows
      return rows
    }
    let exit = max(unit.local + rows, unit.exitFree)
    unit.exitFree = exit + steps
    return exit - unit.local
  }

  /// Of each M consecutive elements along the reduction the first N stand for those that are kept.
  private func isKept(_ z: Int64, _ array: MACArraySpec) -> Bool {
    z % Int64(array.sparsity.ratio.of) < Int64(array.sparsity.ratio.kept)
  }

  private func laneDelay(_ array: MACArraySpec, _ operation: ArrayOperation) -> Int {
    guard array.laneTiming == .byFormat else { return 0 }
    return ["pal8": 6 - 1 + 6, "int8": 2 - 1][array.formats[Int(operation.format)]]!
  }

  /// Of 256 products, those without a zero operand.
  private func activeParts(_ unit: Unit, _ array: MACArraySpec, _ operation: ArrayOperation) -> Int64 {
    var other = Double(operation.zeros2) / 65_535
    if array.dataflow != .outputStationary {
      unit.blockZeros = unit.shadowZeros ?? unit.blockZeros
      unit.shadowZeros = nil
      other = unit.blockZeros
    }
    return Int64((256 * (1 - Double(operation.zeros) / 65_535) * (1 - other)).rounded())
  }

  /// Every product, in the processing element and cycle that makes it.
  private func multiply(
    _ unit: Unit, _ name: String, _ array: MACArraySpec, _ operation: ArrayOperation, _ steps: Int, _ groups: Int,
    _ rows: Int
  ) {
    let macs = "\(name).\(array.formats[Int(operation.format)]).macs"
    let active = activeParts(unit, array, operation)
    let bytes = Int64(spec.accumulator.elementBytes) * (operation.accumulate ? 2 : 1)
    for x in 0..<Int(operation.m) {
      for y in 0..<Int(operation.n) {
        for (place, _) in (0..<operation.k).filter({ isKept($0, array) }).enumerated() {
          let group = place / array.vectorWidth
          let place =
            switch array.dataflow {
            case .weightStationary: (step: x, row: group, column: y)
            case .inputStationary: (step: y, row: group, column: x)
            case .outputStationary: (step: group, row: x, column: y)
            }
          let local = unit.local + latency + place.step + place.row + place.column
          add(unit, macs, ideal.contains(.mac) ? unit.local : local, 1)
          guard array.zeroGating == .on else { continue }
          let parts = "\(name).\(array.formats[Int(operation.format)]).active_mac_parts"
          add(unit, parts, ideal.contains(.mac) ? unit.local : local, active)
        }
        let local =
          switch array.dataflow {
          case .weightStationary, .inputStationary: unit.local + latency + x + y + rows - 1
          case .outputStationary: unit.local + latency + groups - 1 + x + y
          }
        let written = local + laneDelay(array, operation)
        add(unit, "\(name).accumulator_bytes", ideal.contains(.mac) ? unit.local : written, bytes)
      }
    }
  }
}
