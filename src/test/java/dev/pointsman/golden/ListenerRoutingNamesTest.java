package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.explain.ExplainableGateway;
import dev.pointsman.explain.GatewayOverview;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.server.ExplainableTranslations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A release of Envoy Gateway after 1.9 names the clusters of rules by their listener too, if the listener's routing
 * differs (envoyproxy/gateway#10059). All cases lead to the same traffic with such names. The form of the names is not
 * published: the tests append two.
 */
class ListenerRoutingNamesTest {
  private static final Pattern RULE =
      Pattern.compile("httproute/[^/]+/[^/]+/rule/\\d+(/backend/\\d+)?");

  static Stream<GoldenCase> cases() {
    // A merged cluster is of no listener, and no route names its suffix.
    return GoldenCase.all().filter(golden -> !golden.name().equals("tenants-merged-backends"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aListenerInTheNamesOfClustersChangesNoTraffic(GoldenCase golden) throws IOException {
    ClusterSnapshot snapshot = golden.snapshot();
    RulesAndDiagnostics expected = RulesAndDiagnostics.of(golden.seen().answer(snapshot), "");
    for (String suffix : List.of("/listener/default-eg-http", "-0a1b2c3d")) {
      TranslationResult answer = renamed(golden.seen(), suffix).answer(snapshot);
      assertThat(RulesAndDiagnostics.of(answer, suffix)).isEqualTo(expected);
    }
  }

  /** The rules with all that they lead to, and the diagnostics, without the suffix. */
  private record RulesAndDiagnostics(List<String> rules, List<String> diagnostics) {
    static RulesAndDiagnostics of(TranslationResult result, String suffix) throws IOException {
      List<String> rules = new ArrayList<>();
      for (ExplainableGateway gateway : ExplainableTranslations.of(List.of(result))) {
        GatewayOverview overview =
            GatewayOverview.of(gateway, _ -> Optional.empty(), Integer.MAX_VALUE);
        rules.add(overview.toString().replace(suffix, ""));
      }
      return new RulesAndDiagnostics(
          rules,
          result.diagnostics().stream()
              .map(diagnostic -> diagnostic.toString().replace(suffix, ""))
              .toList());
    }
  }

  private static Seen renamed(Seen seen, String suffix) {
    PostTranslateModifyRequest request = seen.request();
    return new Seen(
        request.toBuilder()
            .clearClusters()
            .addAllClusters(renamed(Cluster.parser(), request.getClustersList(), suffix))
            .clearRoutes()
            .addAllRoutes(renamed(RouteConfiguration.parser(), request.getRoutesList(), suffix))
            .build(),
        seen.endpoints().stream().map(one -> renamed(one, suffix)).toList());
  }

  private static PostEndpointsModifyRequest renamed(
      PostEndpointsModifyRequest request, String suffix) {
    return Named.readIfPossible(ClusterLoadAssignment.parser(), request.getLoadAssignment())
        .map(assignment -> request.toBuilder()
            .setLoadAssignment(renamed(assignment, suffix).toByteString())
            .build())
        .orElse(request);
  }

  private static List<ByteString> renamed(
      Parser<? extends Message> parser, List<ByteString> resources, String suffix) {
    return resources.stream()
        .map(bytes -> Named.readIfPossible(parser, bytes)
            .map(resource -> renamed(resource, suffix).toByteString())
            .orElse(bytes))
        .toList();
  }

  private static Message renamed(Message message, String suffix) {
    Message.Builder builder = message.toBuilder();
    message.getAllFields().forEach((field, value) -> {
      if (field.isRepeated()) {
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
          builder.setRepeatedField(
              field, i, renamed(field, message.getRepeatedField(field, i), suffix));
        }
      } else {
        builder.setField(field, renamed(field, value, suffix));
      }
    });
    return builder.build();
  }

  private static Object renamed(FieldDescriptor field, Object value, String suffix) {
    return switch (field.getJavaType()) {
      case MESSAGE -> renamed((Message) value, suffix);
      case STRING -> RULE.matcher((String) value).matches() ? value + suffix : value;
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN, BYTE_STRING, ENUM -> value;
    };
  }
}
