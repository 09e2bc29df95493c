package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;

/** The reasons why a Service's port has no endpoints. */
public enum ServiceRefusal {
  NO_SERVICE(Reason.PickerNotFound, "which does not exist"),
  NO_PORT(Reason.PickerPortNotFound, "which has no such port"),
  EXTERNAL(
      Reason.ExternalPicker,
      "which is of type ExternalName and so has no endpoints in the cluster");

  private final Reason ofPicker;
  private final String clause;

  ServiceRefusal(Reason ofPicker, String clause) {
    this.ofPicker = ofPicker;
    this.clause = clause;
  }

  /** The reason of the diagnostic if it is the Service of an endpoint picker. */
  public Reason ofPicker() {
    return ofPicker;
  }

  /** A relative clause about the Service. */
  public String clause() {
    return clause;
  }
}
