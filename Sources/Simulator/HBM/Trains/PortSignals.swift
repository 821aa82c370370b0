import Architecture
import EnergyModel

/// The time series of one memory port (pseudo channel).
struct PortSignals: BitwiseCopyable {
  let readBytes: SignalID
  let writeBytes: SignalID
  let activates: SignalID
  let refreshes: SignalID
  let refreshCycles: SignalID
  let openTicks: SignalID
  let queue: SignalID

  init(name: String, hbm: HBMSpec, energy: MemoryEnergy, recorder: inout ActivityRecorder) {
    let device = hbm.device
    let isPerBank = hbm.controller.refresh == .perBank
    func count(_ what: String, _ unit: String, _ definition: String, _ energy: Int64) -> SignalID {
      recorder.register(
        SignalInfo(
          name: "\(name).\(what)", unit: unit, definition: definition, kind: .count, domain: .hbm, attojoules: energy))
    }
    let bytes = Int64(device.organisation.accessBytes)
    readBytes = count(
      "read_bytes", "bytes", "Bytes read, in the cycles in which they are on the data bus.",
      (energy.read + energy.interface) / bytes)
    writeBytes = count(
      "write_bytes", "bytes", "Bytes written, in the cycles in which they are on the data bus.",
      (energy.write + energy.interface) / bytes)
    activates = count(
      "activates", "commands", "Rows opened, in the cycle of the command; with its precharge.", energy.activate)
    refreshes = count("refreshes", "commands", "Refreshes of all banks or one, in the cycle in which they start.", 0)
    refreshCycles = count(
      "refresh_cycles", "cycles", "Refreshes under way, of all banks or each of one, in each cycle.",
      isPerBank
        ? energy.bankRefresh / Int64(max(1, device[.nRFCSB])) : energy.refresh / Int64(max(1, device[.nRFC])))
    openTicks = count(
      "open_ticks", "ticks",
      "Scheduling ticks (\(device.ticksPerClock) a cycle) in which at least one bank has an open row.",
      max(0, energy.activeStandby - energy.prechargedStandby) / Int64(device.ticksPerClock))
    queue = recorder.register(
      SignalInfo(
        name: "\(name).queue", unit: "trains", definition: "Trains that have arrived and are not wholly served.",
        kind: .level, domain: .hbm))
  }
}
