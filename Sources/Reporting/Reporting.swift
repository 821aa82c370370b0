/// Tables for the terminal.
public enum Reporting {}
