package dev.pointsman.model;

import java.util.Comparator;
import java.util.stream.Collectors;

/**
 * Something that a user should know about their objects, said once, with what to do about it.
 *
 * @param field where in the object, as a path ({@code spec.targetPorts[0].number}); empty when it is the whole object
 */
public record Diagnostic(Reason reason, ObjectRef about, String field, String message)
    implements Comparable<Diagnostic> {
  /** Spelled as the APIs spell their condition reasons where they have one. */
  public enum Reason {
    /** A backendRef's object does not exist. */
    BackendNotFound,
    /** The pool cannot be used as it is written; its rules answer 5xx. */
    InvalidInferencePool,
    /** The picker reference cannot be used; its rules answer 5xx. */
    InvalidExtensionRef,
    /** The policy cannot be used as it is written; nothing of it is. */
    InvalidPolicy,
    /** Envoy Gateway has refused the rule and answers it by itself. */
    RuleRefused,
    /** A reference into another namespace that no ReferenceGrant allows. */
    RefNotPermitted,
    /** Another policy on the same target is older, and has effect instead. */
    Conflicted,
    /** Nothing tells the weights of a rule's pools: split evenly. */
    UnknownWeights,
    /** Nothing tells the endpoints of a rule's backends beside its pools, which may be host names. */
    UnknownEndpoints,
    /** Something of Envoy Gateway's could not be read and was passed through as it came. */
    Unreadable,
    /** An object could not be read from its file. */
    InvalidObject,
    /** Two objects of one kind, namespace and name; the first is used. */
    DuplicateObject,
    /** A filter of a model route cannot be carried across the model's routing. */
    UnsupportedFilter,
    /** A rule asks for session persistence that it cannot have; requests go anywhere and clients get no session. */
    UnsupportedSession,
    /** A processor gets bodies as one message, which it refuses when they are large. */
    WholeBodies,
    /** A claim of a token was to become a header that only the gateway sets; it does not. */
    ReservedHeader,
    /** A host's models are not open to the same clients, so that its list of models names none. */
    ModelsHidden,
    /** The list of a host's models is too long for an answer of Envoy's; the last are left out. */
    ModelListTooLong,
    /** A string that no model can be called. */
    InvalidModelName,
    /** A bound is exceeded; the excess has no effect, or nothing of the object where it has no parts to leave out. */
    TooLarge,
    /** A route without a model has the longer path, and takes the requests of a model's rule. */
    Outranked,
    /** A resource with our change breaks a rule of Envoy's API. */
    BrokenRule
  }

  /** Characters of a message, above all that an own one has. */
  private static final int LONGEST = 1_000;

  private static final Comparator<Diagnostic> ORDER = Comparator.comparing(
          (Diagnostic diagnostic) -> diagnostic.about().toString())
      .thenComparing(Diagnostic::field)
      .thenComparing(Diagnostic::reason)
      .thenComparing(Diagnostic::message);

  /** Users' strings are in it: what would be a line of its own in a log is written as an escape, and it has an end. */
  public Diagnostic {
    field = legible(field);
    message = legible(message);
  }

  private static String legible(String text) {
    String end = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return end.codePoints().noneMatch(Character::isISOControl)
        ? end
        : end.codePoints()
            .mapToObj(point -> Character.isISOControl(point)
                ? "\\u%04x".formatted(point)
                : Character.toString(point))
            .collect(Collectors.joining());
  }

  @Override
  public int compareTo(Diagnostic other) {
    return ORDER.compare(this, other);
  }

  /** One line for people. */
  @Override
  public String toString() {
    return legible(about.toString()) + (field.isEmpty() ? "" : " " + field) + ": " + message + " ("
        + reason + ")";
  }
}
