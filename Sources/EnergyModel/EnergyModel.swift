/// Energy per action, resolved to integers before a run.
public enum EnergyModel {}
