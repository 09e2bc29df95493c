package dev.pointsman.page;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.model.SecretHeaders;
import dev.pointsman.xds.KnownTypes;
import dev.pointsman.xds.ResourcePrinter;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * xDS as JSON without anything that may be a secret: texts of data sources (keys, certificates, scripts, bodies), values
 * of headers and query parameters, free-form structures, and the configurations of extensions that are not listed here.
 */
public final class RedactedXds {
  private static final String HIDDEN = "(hidden)";
  private static final String SCRIPT = "envoy.extensions.filters.http.lua.v3.Lua.inline_code";

  /** Metadata of Envoy Gateway's and Pointsman's: names of objects. */
  private static final Set<String> FACTS = Set.of("envoy-gateway", XdsNames.METADATA);

  private RedactedXds() {}

  /** The resource as JSON. */
  public static JsonNode json(Message resource) {
    return new ResourcePrinter().tree(KnownTypes.everywhere(resource, RedactedXds::redacted));
  }

  private static Message redacted(Message message) {
    return switch (message) {
      case DataSource source -> redacted(source);
      case HeaderValue header ->
        SecretHeaders.isHarmless(header.getKey())
            ? header
            : header.toBuilder().setValue(HIDDEN).clearRawValue().build();
      case HeaderMatcher header ->
        SecretHeaders.isHarmless(header.getName()) || header.hasPresentMatch()
            ? header
            : HeaderMatcher.newBuilder()
                .setName(header.getName())
                .setStringMatch(StringMatcher.newBuilder().setExact(HIDDEN))
                .build();
      case QueryParameterMatcher parameter ->
        QueryParameterMatcher.newBuilder().setName(parameter.getName()).build();
      case Metadata metadata -> facts(metadata);
      case Any any ->
        ShownTypes.isShown(any) ? any : any.toBuilder().clearValue().build();
      case Struct struct -> struct; // hidden with the message that it is in
      case Value value -> value;
      default -> withoutStructs(message);
    };
  }

  private static Message redacted(DataSource source) {
    return switch (source.getSpecifierCase()) {
      case INLINE_STRING, INLINE_BYTES ->
        DataSource.newBuilder().setInlineString(HIDDEN).build();
      default -> source;
    };
  }

  private static Message facts(Metadata metadata) {
    Metadata.Builder facts = Metadata.newBuilder();
    metadata.getFilterMetadataMap().forEach((filter, values) -> {
      if (FACTS.contains(filter)) {
        facts.putFilterMetadata(filter, values);
      }
    });
    return facts.build();
  }

  /** Free-form structures are contexts of scripts, formats and configurations of other extensions. */
  private static Message withoutStructs(Message message) {
    if (message.getDescriptorForType().getOptions().getMapEntry()) {
      return message; // metadata's, which is looked at as a whole
    }
    Message.Builder without = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      FieldDescriptor key = field.getKey();
      if (key.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          && key.getMessageType().equals(Struct.getDescriptor())) {
        without.clearField(key);
      }
      if (key.getFullName().equals(SCRIPT)) { // the older field of a script
        without.setField(key, HIDDEN);
      }
    }
    return without.build();
  }
}
