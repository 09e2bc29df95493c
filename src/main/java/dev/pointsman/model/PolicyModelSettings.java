package dev.pointsman.model;

import dev.pointsman.model.ModelSettings.OnUnknown;
import dev.pointsman.model.ModelSettings.Source;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads the part of a policy about models of Gateways and listeners. */
final class PolicyModelSettings {
  /** Envoy counts its buffers in 32 bits. */
  private static final long LARGEST_BODY = 2L << 30;

  private static final String MODEL_HEADER = "X-Gateway-Model-Name";

  /** Headers that would change what a request means, or that the gateway uses for something else. */
  private static final Set<String> TAKEN = Set.of(
      "authorization",
      "connection",
      "content-encoding",
      "content-length",
      "content-type",
      "cookie",
      "host",
      "origin",
      "te",
      "traceparent",
      "transfer-encoding",
      "upgrade",
      "x-forwarded-for",
      "x-forwarded-host",
      "x-forwarded-proto",
      "x-request-id",
      ModelHeader.BASE_NAME,
      "x-gateway-destination-endpoint");

  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");

  private static final List<String> SOURCES = List.of("Body", "Form", "Query", "Path");

  private PolicyModelSettings() {}

  static Optional<ModelSettings> of(Fields spec) {
    return spec.object("model").map(PolicyModelSettings::settings);
  }

  private static ModelSettings settings(Fields model) {
    Optional<String> header = model.string("header");
    if (header.isPresent() && !HEADER_NAME.matcher(header.get()).matches()) {
      model.problem("header", "is \"" + header.get() + "\": not the name of a header");
    } else if (header.isPresent() && TAKEN.contains(header.get().toLowerCase(Locale.ROOT))) {
      model.problem("header", "is \"" + header.get() + "\", which has a meaning of its own");
    }
    Optional<Boolean> extraction =
        model.choice("extraction", "Enabled", "Disabled").map("Enabled"::equals);
    if (header.isPresent() && !extraction.orElse(true)) {
      model.remark(
          "header",
          "has no effect with extraction: Disabled; a client or filter that sets the model's name sets "
              + MODEL_HEADER);
    }
    if (model.has("sources") && !extraction.orElse(true)) {
      model.remark("sources", "has no effect with extraction: Disabled");
    }
    return new ModelSettings(
        header
            .map(name -> name.toLowerCase(Locale.ROOT))
            .filter(name -> !name.equalsIgnoreCase(MODEL_HEADER)),
        extraction,
        bodyLimit(model),
        model.choice("onUnknown", "NotFound", "PassThrough").orElse("NotFound").equals("NotFound")
            ? OnUnknown.NOT_FOUND
            : OnUnknown.PASS_THROUGH,
        model.choice("list", "Enabled", "Disabled").map("Enabled"::equals),
        sources(model));
  }

  private static OptionalLong bodyLimit(Fields model) {
    Optional<JsonNode> limit = model.node("bodyLimit");
    if (limit.isEmpty()) {
      return OptionalLong.empty();
    }
    String text = limit.get().isString() ? limit.get().asString() : limit.get().toString();
    Optional<ByteSize> size = ByteSize.read(text);
    if (size.filter(read -> read.bytes() <= LARGEST_BODY).isPresent()) {
      return OptionalLong.of(size.get().bytes());
    }
    String most = new ByteSize(LARGEST_BODY).toString();
    model.problem("bodyLimit", "is " + text + ": use a size up to " + most + ", such as 20Mi");
    return OptionalLong.empty();
  }

  /** Bodies are always read: a server that reads them must not find another model than the gateway in the URL. */
  private static Optional<Set<Source>> sources(Fields model) {
    if (!model.has("sources")) {
      return Optional.empty();
    }
    Set<Source> sources = EnumSet.noneOf(Source.class);
    List<String> words = model.strings("sources", SOURCES.size());
    for (int i = 0; i < words.size(); i++) {
      int known = SOURCES.indexOf(words.get(i));
      if (known < 0) {
        model.problem(
            "sources[" + i + "]",
            "is \"" + words.get(i) + "\": use " + String.join(" or ", SOURCES));
      } else if (!sources.add(Source.values()[known])) {
        model.problem("sources[" + i + "]", "is there twice");
      }
    }
    boolean wasRead = model
        .node("sources")
        .filter(list -> list.isArray() && list.size() == words.size())
        .isPresent();
    if (wasRead && !words.contains("Body")) {
      model.problem(
          "sources",
          "lacks Body: model servers read the model of a JSON body, so that the gateway must read it too");
    }
    return Optional.of(sources);
  }
}
