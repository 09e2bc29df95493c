package dev.pointsman.analyze;

import dev.pointsman.model.Diagnostic.Reason;

/** Effects and remedies of the diagnostics that the server makes, too; the other checks know theirs. */
final class Advice {
  private Advice() {}

  /** The effect on traffic. */
  static String effect(Reason reason) {
    return switch (reason) {
      case NoPods, NoReadyPods -> "Requests to the pool are answered with 503";
      case PickerUnavailable ->
        "With failureMode FailClose requests are answered with 503; with FailOpen the gateway chooses among the pool's"
            + " pods by itself";
      case UndeclaredPort -> "Requests fail unless a container listens on the port all the same";
      case InvalidInferencePool, NoServingPort ->
        "The pool's share of requests is answered with 500";
      case UnknownPortRole -> "The port is no endpoint; the pool's Serving ports are";
      case InvalidExtensionRef ->
        "The pool's share of requests is answered with 500; without a CA no picker is trusted";
      case NoPicker -> "The gateway sends each request to the pod with the fewest running requests";
      case InvalidPolicy ->
        "A policy that is not valid has no effect; an unknown field has none either";
      case Conflicted -> "This policy has no effect on the target";
      case BackendNotFound, RefNotPermitted ->
        "A mirror or a stage of a fallback is left out; a model's share is answered with 500";
      case RepeatedStage -> "The stage is left out; the others are asked";
      case RepeatedMirror ->
        "The pool or Service gets these requests twice, and its pods have the load of both";
      case InvalidObject -> "The object is passed over, or a part of it";
      case TooLarge -> "The excess has no effect, or the whole object if it has no parts";
      default -> reason.title();
    };
  }

  /** The change that repairs it. */
  static String remedy(Reason reason) {
    return switch (reason) {
      case NoPods -> "Give the pods the labels of spec.selector, or correct the selector";
      case NoReadyPods -> "See why the pods are not ready: kubectl describe pods";
      case PickerUnavailable ->
        "Check the picker's pods, and the Service's selector and targetPort";
      case UndeclaredPort ->
        "Name the port that the container listens on, in the pool or in the pod";
      case InvalidInferencePool, InvalidExtensionRef, InvalidPolicy, InvalidObject ->
        "Correct the field as the message says";
      case NoServingPort -> "Give the port of the model server the role Serving, or no role";
      case UnknownPortRole -> "Use Serving, Metrics or Health, in this spelling";
      case NoPicker -> "Name the Service of an endpoint picker, or suppress this code";
      case Conflicted -> "Merge the policies, or target different rules (sectionName)";
      case BackendNotFound -> "Create the object, or name one that exists";
      case RefNotPermitted ->
        "Create a ReferenceGrant from pointsman.dev InferencePolicy in that namespace";
      case RepeatedStage -> "Remove the stage, or name another pool";
      case RepeatedMirror ->
        "Remove the mirror: a canary that has become the rule's pool needs none";
      case TooLarge -> "Split the object";
      default -> "Read the code's section of the documentation";
    };
  }
}
