package dev.pointsman.kube;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.ObjectRef;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A Kubernetes object as a JSON tree, with accessors for the fields that every kind has. */
public record KubeObject(JsonNode node) {
  /** The kind; empty when it is missing. */
  public String kind() {
    return node.path("kind").asString("");
  }

  /** The API group; empty for the core group. */
  public String group() {
    String apiVersion = node.path("apiVersion").asString("");
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** The name; empty when it is missing. */
  public String name() {
    return node.path("metadata").path("name").asString("");
  }

  /** The namespace; {@code default} when it is missing. */
  public String namespace() {
    return node.path("metadata").path("namespace").asString("default");
  }

  /** The creation timestamp as written (RFC 3339); empty when there is none. */
  String created() {
    return node.path("metadata").path("creationTimestamp").asString("");
  }

  /** A reference to the object for messages. */
  public ObjectRef ref() {
    String kind = kind().isEmpty() ? "object" : kind();
    return new ObjectRef(kind, namespace(), name().isEmpty() ? "(unnamed)" : name());
  }

  /** The labels; a value that is not a string (YAML's {@code true}, {@code 1}) is converted to its text. */
  Map<String, String> labels() {
    return fields(findings()).part("metadata").map("labels");
  }

  /** New findings about the object, with a problem if its name is missing. */
  Findings findings() {
    Findings findings = new Findings(Reason.InvalidObject, ref());
    if (name().isEmpty()) {
      findings.problem("metadata.name", "is missing");
    }
    return findings;
  }

  /** The object's fields. */
  Fields fields(Findings findings) {
    return Fields.of(findings, node);
  }

  /** A diagnostic about one of the object's fields. */
  public Diagnostic diagnostic(String field, String message) {
    return new Diagnostic(Reason.InvalidObject, ref(), field, message);
  }
}
