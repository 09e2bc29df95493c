package dev.pointsman.explain;

import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.SourcesUrl.NamedModel;
import dev.pointsman.xds.XdsNames;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The script that finds models in forms, queries and paths ({@code model-sources.lua}), on a route.
 *
 * @param on the sources that the route reads
 */
record SourcesScript(Set<String> on, RequestState request, AskedBody body) {
  /** The dynamic metadata of models. */
  static final String NAMESPACE = "pointsman.model";

  /** The result. */
  sealed interface SourcesResult {}

  /** The request is refused with 400. */
  record Refused(String code, String cause) implements SourcesResult {}

  /** A model. */
  record Found(String model, String where) implements SourcesResult {}

  /** No model, although something may name one. */
  record Nothing(String cause) implements SourcesResult {}

  /** Nothing is changed. */
  record Untouched() implements SourcesResult {}

  /** Whether the script waits for the body. */
  boolean waits() {
    return body.text().isPresent() && body.bytes() > 0 && url().problem().isEmpty() && needsBody();
  }

  private NamedModel url() {
    return SourcesUrl.of(on, request);
  }

  private boolean needsBody() {
    return readsForm() || url().model().isPresent() && !(changesProtocol() || isJson() || isData());
  }

  SourcesResult result() {
    NamedModel url = url();
    if (url.problem().isPresent()) {
      return new Refused(
          url.problem().get(), "the URL names several models, or one in no correct encoding");
    }
    if (url.model().isEmpty() && !readsForm()) {
      return new Untouched();
    }
    Optional<String> named = Optional.empty();
    if (changesProtocol() || isData()) {
      named = Optional.empty();
    } else if (isJson()) {
      if (request.metadata(NAMESPACE, "state").isPresent()) {
        return new Untouched();
      }
      named = request.metadata(NAMESPACE, "model");
    } else if (readsForm()) {
      MultipartModel form = MultipartModel.of(body.text().orElse(""), type());
      if (form.several()) {
        return new Refused("conflicting_models", "the form names the model twice");
      }
      if (form.unreadable()) {
        return nothing("form-unreadable", "the form cannot be read");
      }
      named = form.model();
      if (named.isEmpty() && url.model().isEmpty()) {
        return nothing("form", "the form has no model");
      }
    } else if (body.bytes() > 0) {
      return nothing(
          "unread", "the URL names a model, but the body may name another and is not read");
    }
    if (named.isPresent() && url.model().isPresent() && !named.equals(url.model())) {
      return new Refused("conflicting_models", "the body and the URL name different models");
    }
    String model = named.or(url::model).orElseThrow();
    request.setMetadata(NAMESPACE, "model", model);
    return new Found(model, named.isPresent() ? "the body names it" : "the URL names it");
  }

  private Nothing nothing(String state, String cause) {
    request.setMetadata(NAMESPACE, "state", state);
    return new Nothing(cause);
  }

  private boolean readsForm() {
    String path = request.path() + "/";
    return on.contains("form")
        && type().toLowerCase(Locale.ROOT).startsWith("multipart/form-data")
        && Stream.of("/audio/", "/images/", "/videos/").anyMatch(path::contains);
  }

  private boolean changesProtocol() {
    return request.header("upgrade").isPresent()
        || request.header(":method").orElse("").equals("CONNECT");
  }

  private boolean isJson() {
    return StringConditions.isWhole(XdsNames.JSON_TYPES, type());
  }

  private boolean isData() {
    return List.of("audio/", "image/", "video/", "application/octet-stream").stream()
        .anyMatch(type().toLowerCase(Locale.ROOT)::startsWith);
  }

  private String type() {
    return request.header("content-type").orElse("");
  }
}
