package dev.pointsman.model;

import java.util.Comparator;

/**
 * A finding about a user's object, with advice; reported once.
 *
 * @param field the path in the object ({@code spec.targetPorts[0].number}); empty for the whole object
 */
public record Diagnostic(Reason reason, ObjectRef about, String field, String message)
    implements Comparable<Diagnostic> {
  /** Spelled like the condition reasons of the APIs, if they have one. */
  public enum Reason {
    /** The pool's selector selects no pod: its requests are answered with 503. */
    NoPods,
    /** None of the pods that the pool's selector selects is ready: its requests are answered with 503. */
    NoReadyPods,
    /** The endpoint picker's Service has no ready endpoint: the failure mode applies. */
    PickerUnavailable,
    /** None of the pods declares the port that they are called on; a container may listen on it all the same. */
    UndeclaredPort,
    /** A backendRef's object does not exist. */
    BackendNotFound,
    /** The pool is not valid; its rules answer 5xx. */
    InvalidInferencePool,
    /** The picker reference is not valid; its rules answer 5xx. */
    InvalidExtensionRef,
    /** The policy is not valid and has no effect. */
    InvalidPolicy,
    /** Envoy Gateway has refused the rule and answers its requests itself. */
    RuleRefused,
    /** A reference into another namespace that no ReferenceGrant allows. */
    RefNotPermitted,
    /** Another policy on the same target is older, and has effect instead. */
    Conflicted,
    /** The weights of a rule's pools are not known: all pools get equal weights. */
    UnknownWeights,
    /** The endpoints of a rule's backends beside its pools, which may be host names, are not known. */
    UnknownEndpoints,
    /** A resource of Envoy Gateway could not be read and was passed through. */
    Unreadable,
    /** An object could not be read from its file. */
    InvalidObject,
    /** Two objects of one kind, namespace and name; the first is used. */
    DuplicateObject,
    /** A filter of a model route cannot be carried across the model's routing. */
    UnsupportedFilter,
    /**
     * A rule requests session persistence that it cannot have; requests are routed to any pod and clients receive no
     * session.
     */
    UnsupportedSession,
    /** A processor receives each body as one message, and refuses it if it is large. */
    WholeBodies,
    /** A claim of a token is configured to become a header that only the gateway sets; it does not. */
    ReservedHeader,
    /** A host's models are not open to the same clients; its list of models is empty. */
    ModelsHidden,
    /** The list of a host's models is too long for an answer by Envoy; the last models are omitted. */
    ModelListTooLong,
    /** A string is not valid as the name of a model. */
    InvalidModelName,
    /** A limit is exceeded. The excess has no effect, or the whole object if it has no parts. */
    TooLarge,
    /** A route without a model condition has the longer path, and takes the requests of a model's rule. */
    Outranked,
    /** A changed resource breaks a rule of Envoy's API. */
    BrokenRule
  }

  /** The limit for a message with users' strings, in characters; longer than any message without them. */
  private static final int MAX_CHARACTERS = 1_000;

  private static final Comparator<Diagnostic> ORDER = Comparator.comparing(
          (Diagnostic diagnostic) -> diagnostic.about().toString())
      .thenComparing(Diagnostic::field)
      .thenComparing(Diagnostic::reason)
      .thenComparing(Diagnostic::message);

  /** Escapes control characters in users' strings, which could forge log lines, and truncates them. */
  public Diagnostic {
    field = legible(field);
    message = legible(message);
  }

  private static String legible(String text) {
    String end = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "..." : text;
    return UserStrings.legible(end);
  }

  @Override
  public int compareTo(Diagnostic other) {
    return ORDER.compare(this, other);
  }

  /** The diagnostic as one line of text. */
  @Override
  public String toString() {
    return legible(about.toString()) + (field.isEmpty() ? "" : " " + field) + ": " + message + " ("
        + reason + ")";
  }
}
