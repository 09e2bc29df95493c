package dev.pointsman.plan;

import dev.pointsman.model.FailureMode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How a rule's pickers are asked, references resolved.
 *
 * @param failureMode instead of the pool's
 * @param idleTimeoutMillis how long a picker (and the model behind it) may be silent
 */
public record PickerSettings(
    Optional<FailureMode> failureMode, OptionalLong idleTimeoutMillis, Connection connection) {
  /** What a pool says by itself. */
  public static final PickerSettings DEFAULT =
      new PickerSettings(Optional.empty(), OptionalLong.empty(), Connection.DEFAULT);

  /** The same, but every certificate is refused. */
  PickerSettings trustingNobody() {
    return new PickerSettings(
        failureMode,
        idleTimeoutMillis,
        new Connection(connection.maxConcurrentRequests(), new Tls.TrustNobody()));
  }

  /**
   * What the picker's cluster depends on.
   *
   * @param maxConcurrentRequests streams to the picker at a time; empty: practically unlimited
   */
  public record Connection(OptionalInt maxConcurrentRequests, Tls tls) {
    /** Encrypted, not verified, unlimited. */
    public static final Connection DEFAULT =
        new Connection(OptionalInt.empty(), new Tls.SkipVerify());
  }

  /** How the connection is secured. */
  public sealed interface Tls {
    /** Encrypted, with whatever certificate the picker shows. */
    record SkipVerify() implements Tls {}

    /**
     * Encrypted and verified.
     *
     * @param caCertificates PEM; empty: the proxy's system trust store
     * @param hostname empty: the DNS name of the picker's Service
     */
    record Verify(String caCertificates, String hostname) implements Tls {}

    /** Every certificate is refused: what should be trusted does not exist. */
    record TrustNobody() implements Tls {}

    /** Not encrypted. */
    record Plaintext() implements Tls {}
  }
}
