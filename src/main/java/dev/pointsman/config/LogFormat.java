package dev.pointsman.config;

/** How log lines are written. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** For machines: a JSON object a line. */
  JSON
}
