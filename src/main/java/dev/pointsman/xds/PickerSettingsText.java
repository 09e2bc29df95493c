package dev.pointsman.xds;

import dev.pointsman.model.FailureMode;
import dev.pointsman.model.PickerEnd;
import dev.pointsman.plan.PickerSettings;
import dev.pointsman.plan.PickerSettings.ConnectionSettings;
import dev.pointsman.plan.ResolvedTls;

/**
 * The text of picker settings for the digests in names. Proxies know resources by these names, so the text of present
 * settings must not change. Java types may be renamed; a new field is left out while it has its default.
 */
final class PickerSettingsText {
  private PickerSettingsText() {}

  static String of(PickerSettings settings) {
    return "PickerSettings[failureMode="
        + settings
            .failureMode()
            .map(mode -> "Optional[" + text(mode) + "]")
            .orElse("Optional.empty")
        + ", idleTimeoutMillis="
        + (settings.idleTimeoutMillis().isPresent()
            ? "OptionalLong[" + settings.idleTimeoutMillis().getAsLong() + "]"
            : "OptionalLong.empty")
        + ", connection=" + of(settings.connection()) + "]";
  }

  static String of(ConnectionSettings connection) {
    return "Connection[maxConcurrentRequests="
        + (connection.maxConcurrentRequests().isPresent()
            ? "OptionalInt[" + connection.maxConcurrentRequests().getAsInt() + "]"
            : "OptionalInt.empty")
        + connection
            .health()
            .map(health -> ", health=" + health.port() + "/" + health.service())
            .orElse("")
        + (connection.mayEnd() == PickerEnd.AFTER_REQUEST ? ", mayEnd=AfterRequest" : "")
        + ", tls=" + text(connection.tls()) + "]";
  }

  private static String text(FailureMode mode) {
    return switch (mode) {
      case FAIL_CLOSE -> "FAIL_CLOSE";
      case FAIL_OPEN -> "FAIL_OPEN";
    };
  }

  /** The host name is last and has no bracket, so no certificate can imitate other settings. */
  private static String text(ResolvedTls tls) {
    return switch (tls) {
      case ResolvedTls.Unverified() -> "SkipVerify[]";
      case ResolvedTls.Verified(String ca, String hostname) ->
        "Verify[caCertificates=" + ca + ", hostname=" + hostname + "]";
      case ResolvedTls.TrustNobody() -> "TrustNobody[]";
      case ResolvedTls.Unencrypted() -> "Plaintext[]";
    };
  }
}
