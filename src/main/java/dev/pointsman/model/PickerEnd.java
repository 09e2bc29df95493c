package dev.pointsman.model;

/** The time from which on a picker may end its stream with status OK; an earlier end is a failure. */
public enum PickerEnd {
  /** After the whole response has come back. */
  AFTER_RESPONSE,

  /** After the whole request has come back; for pickers that do not read the responses of some APIs. */
  AFTER_REQUEST
}
