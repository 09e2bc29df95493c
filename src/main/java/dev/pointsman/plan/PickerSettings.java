package dev.pointsman.plan;

import dev.pointsman.model.FailureMode;
import dev.pointsman.model.PickerEnd;
import dev.pointsman.model.PickerHealth;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The settings for a rule's pickers, with references resolved.
 *
 * @param failureMode replaces the pool's
 * @param idleTimeoutMillis the time that a picker (and the model server after it) may be silent
 */
public record PickerSettings(
    Optional<FailureMode> failureMode,
    OptionalLong idleTimeoutMillis,
    ConnectionSettings connection) {
  /** The settings of a pool without a policy. */
  public static final PickerSettings DEFAULT =
      new PickerSettings(Optional.empty(), OptionalLong.empty(), ConnectionSettings.DEFAULT);

  /** The same settings, with every certificate refused. */
  PickerSettings trustingNobody() {
    return new PickerSettings(
        failureMode,
        idleTimeoutMillis,
        new ConnectionSettings(
            connection.maxConcurrentRequests(),
            new ResolvedTls.TrustNobody(),
            connection.health(),
            connection.mayEnd()));
  }

  /**
   * The settings of the picker's cluster.
   *
   * @param maxConcurrentRequests streams to the picker at a time; empty: practically unlimited
   * @param health the health service of the picker's replicas; empty: every replica that answers is asked
   * @param mayEnd the time from which on it may end its stream
   */
  public record ConnectionSettings(
      OptionalInt maxConcurrentRequests,
      ResolvedTls tls,
      Optional<PickerHealth> health,
      PickerEnd mayEnd) {
    /** Encrypted, not verified, unlimited. */
    public static final ConnectionSettings DEFAULT = new ConnectionSettings(
        OptionalInt.empty(),
        new ResolvedTls.Unverified(),
        Optional.empty(),
        PickerEnd.AFTER_RESPONSE);
  }
}
