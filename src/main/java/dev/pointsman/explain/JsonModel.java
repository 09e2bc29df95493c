package dev.pointsman.explain;

import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.Explanation.ModelReading;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.KeyValuePair;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.MatchRules;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.Rule;
import io.envoyproxy.envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata.Selector;
import java.math.BigInteger;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The filter that copies fields of a JSON body to metadata. */
final class JsonModel {
  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .build();

  /** Envoy stores no longer value. */
  private static final int LONGEST = 8 << 10;

  private static final BigInteger TOO_LARGE = BigInteger.ONE.shiftLeft(63);
  private static final BigInteger DOUBLE = BigInteger.ONE.shiftLeft(64);

  private JsonModel() {}

  /** Whether the filter waits for the body. */
  static boolean waits(JsonToMetadata filter, AskedBody body, RequestState request) {
    return body.text().isPresent() && body.bytes() > 0 && reads(filter, request);
  }

  private static boolean reads(JsonToMetadata filter, RequestState request) {
    MatchRules rules = filter.getRequestRules();
    String type = request.header("content-type").orElse("");
    return type.isEmpty()
        ? rules.getAllowEmptyContentType()
        : rules.hasAllowContentTypesRegex()
            ? StringConditions.isWhole(rules.getAllowContentTypesRegex().getRegex(), type)
            : rules.getAllowContentTypesList().contains(type);
  }

  static ModelReading apply(JsonToMetadata filter, AskedBody body, RequestState request) {
    if (!reads(filter, request)) {
      return none(request
          .header("content-type")
          .map(type -> "the content type " + StringConditions.quoted(type) + " is not JSON")
          .orElse("the request has no content type"));
    }
    if (body.text().isEmpty() || body.bytes() == 0) {
      return none("the request has no body");
    }
    JsonNode root;
    try {
      root = JSON.readTree(body.text().get());
    } catch (JacksonException _) {
      return unreadable(filter, request);
    }
    if (root.isMissingNode() || isUnreadable(root)) {
      return unreadable(filter, request);
    }
    Optional<String> model = Optional.empty();
    for (Rule rule : filter.getRequestRules().getRulesList()) {
      Optional<String> value = value(root, rule);
      value.ifPresent(text -> store(rule.getOnPresent(), text, request));
      model = model.or(() -> value);
    }
    return model.isPresent()
        ? new ModelReading(model, "the body names it")
        : none("the body has no text, number or boolean of this name");
  }

  private static ModelReading none(String because) {
    return new ModelReading(Optional.empty(), because);
  }

  private static ModelReading unreadable(JsonToMetadata filter, RequestState request) {
    for (Rule rule : filter.getRequestRules().getRulesList()) {
      if (rule.hasOnError()) {
        store(rule.getOnError(), rule.getOnError().getValue().getStringValue(), request);
      }
    }
    request.setUnreadable();
    return none("Envoy cannot read the body as JSON");
  }

  private static void store(KeyValuePair pair, String value, RequestState request) {
    request.setMetadata(pair.getMetadataNamespace(), pair.getKey(), value);
  }

  private static Optional<String> value(JsonNode root, Rule rule) {
    JsonNode node = root;
    for (Selector selector : rule.getSelectorsList()) {
      node = node.path(selector.getKey());
    }
    String text = node.isString()
        ? node.stringValue()
        : node.isBoolean() || node.isIntegralNumber()
            ? node.asString()
            : node.isNumber() ? number(node.doubleValue()) : "";
    return Optional.of(text).filter(value -> !value.isEmpty() && value.length() <= LONGEST);
  }

  /** Six significant digits, as Envoy prints a number. */
  private static String number(double number) {
    String text = "%.6g".formatted(number);
    return text.contains("e") || !text.contains(".")
        ? text
        : text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }

  /** Whether Envoy's parser refuses a part of it, which Jackson takes. */
  private static boolean isUnreadable(JsonNode node) {
    if (node.isContainer()) {
      return node.valueStream().anyMatch(JsonModel::isUnreadable)
          || node.propertyNames().stream().anyMatch(JsonModel::hasLoneSurrogate);
    }
    if (node.isIntegralNumber()) {
      BigInteger number = node.bigIntegerValue();
      return number.compareTo(TOO_LARGE) >= 0 && number.compareTo(DOUBLE) < 0;
    }
    return node.isString() && hasLoneSurrogate(node.stringValue());
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints()
        .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }
}
