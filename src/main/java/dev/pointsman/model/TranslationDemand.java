package dev.pointsman.model;

import java.util.Set;

/**
 * The wish for a new translation, which Envoy Gateway does not make by itself.
 *
 * @param about the objects that it is for: equal wishes follow one another more and more slowly, and no other waits for them
 */
public record TranslationDemand(Cause cause, Set<ObjectRef> about) {
  public TranslationDemand {
    about = Set.copyOf(about);
  }

  /** The cause of a request. */
  public enum Cause {
    /** A call of another replica may be lost. */
    STARTED(
        "ReplicaStarted",
        "%s has started at %s and requests a new translation from Envoy Gateway: a call of another replica may be"
            + " lost"),
    /** The replica that Envoy Gateway calls ends; another one may have other settings. */
    STOPPING(
        "ReplicaStopped",
        "%s has stopped at %s and requests a new translation from Envoy Gateway: the replica that makes it may have"
            + " other settings"),
    /** The Endpoints hook was called on another connection than the Translation hook. */
    INCOMPLETE(
        "ConnectionLost",
        "%s had no state of the Endpoints hook at %s and requests a new translation from Envoy Gateway: the"
            + " connection was lost between two hooks"),
    /** Objects that Envoy Gateway does not watch have changed. */
    OUTDATED(
        "ObjectsChanged",
        "%s saw at %s that objects have changed which Envoy Gateway does not watch for policies (ReferenceGrants,"
            + " certificates, adapters, pools or Services), and requests a new translation from Envoy Gateway"),
    /** Pickers that no rule uses are others than those that proxies know. */
    ANNOUNCED(
        "PoolsChanged",
        "%s saw at %s that there are other pools which a rule may change to, and requests a new translation from Envoy"
            + " Gateway: proxies know their pickers before"),
    /** Proxies need the new authority of endpoint discovery. */
    AUTHORITY_RENEWED(
        "AuthorityRenewed",
        "%s has a new certificate authority of endpoint discovery since %s and requests a new translation from Envoy"
            + " Gateway: proxies need it");

    private final String reason;
    private final String message;

    Cause(String reason, String message) {
      this.reason = reason;
      this.message = message;
    }

    /** The reason of a status condition. */
    public String reason() {
      return reason;
    }

    /** The message as a format string with the replica's name and the time. */
    public String message() {
      return message;
    }
  }
}
