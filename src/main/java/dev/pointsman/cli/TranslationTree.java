package dev.pointsman.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.xds.KnownTypes;
import dev.pointsman.xds.ResourcePrinter;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * A translation's answer as a readable tree: {@code clusters}, {@code secrets}, {@code listeners}, {@code routes}. Private
 * keys are left out.
 */
public final class TranslationTree {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final YAMLMapper YAML = YAMLMapper.builder()
      .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
      .disable(YAMLWriteFeature.SPLIT_LINES)
      .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
      .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
      .build();

  private TranslationTree() {}

  /** The answer as a tree, in its order. */
  static ObjectNode of(PostTranslateModifyResponse response, ResourcePrinter printer)
      throws InvalidProtocolBufferException {
    ObjectNode tree = JSON.createObjectNode();
    tree.set("clusters", list(response.getClustersList(), Cluster.parser(), printer));
    tree.set("secrets", list(response.getSecretsList(), Secret.parser(), printer));
    tree.set("listeners", list(response.getListenersList(), Listener.parser(), printer));
    tree.set("routes", list(response.getRoutesList(), RouteConfiguration.parser(), printer));
    return tree;
  }

  /** The answer as YAML, in the format of {@code translate}. */
  public static String yaml(PostTranslateModifyResponse response)
      throws InvalidProtocolBufferException {
    return yaml(of(response, new ResourcePrinter()));
  }

  static String yaml(JsonNode tree) {
    return YAML.writeValueAsString(tree);
  }

  static String json(JsonNode tree) {
    return JSON.writeValueAsString(tree) + "\n";
  }

  private static Message withoutKey(Message message) {
    if (!(message instanceof TlsCertificate certificate) || !certificate.hasPrivateKey()) {
      return message;
    }
    TlsCertificate.Builder without = certificate.toBuilder();
    without.getPrivateKeyBuilder().setInlineString("(hidden)");
    return without.build();
  }

  private static ArrayNode list(
      List<ByteString> resources, Parser<? extends Message> parser, ResourcePrinter printer)
      throws InvalidProtocolBufferException {
    ArrayNode list = JSON.createArrayNode();
    for (ByteString resource : resources) {
      list.add(printer.tree(
          KnownTypes.everywhere(parser.parseFrom(resource), TranslationTree::withoutKey)));
    }
    return list;
  }
}
