package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.pointsman.explain.ExplainableGateway;
import dev.pointsman.explain.GatewayOverview;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.server.ExplainableTranslations;
import dev.pointsman.xds.KnownTypes;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Envoy Gateway's names of listeners and route configurations begin with the Gateway's namespace: ours, too. */
class GatewayInOurNamespaceTest {
  private static final String USUAL = "default/inference-gateway/llm-gw";

  @ParameterizedTest
  @CsvSource({"pointsman/gateway/llm-gw", "pointsman/large/llm-gw", "pointsman/mirror/llm-gw"})
  void itsRoutesLeadToPools(String name) throws IOException {
    GoldenCase golden = GoldenCase.named("model-routes-two-pools");
    TranslationResult answer = renamed(golden.seen(), name).answer(golden.snapshot());
    assertThat(rules(answer).replace(name, USUAL)).isEqualTo(rules(golden.answer()));
    assertThat(rules(answer)).contains("default/qwen-pool", "default/deepseek-pool");
  }

  private static String rules(TranslationResult result) throws IOException {
    StringBuilder rules = new StringBuilder();
    for (ExplainableGateway gateway : ExplainableTranslations.of(List.of(result))) {
      rules.append(
          GatewayOverview.of(gateway, _ -> Optional.empty(), Integer.MAX_VALUE).listeners());
    }
    return rules.append(result.diagnostics()).toString();
  }

  private static Seen renamed(Seen seen, String name) {
    PostTranslateModifyRequest request = seen.request();
    return new Seen(
        request.toBuilder()
            .clearListeners()
            .addAllListeners(renamed(Listener.parser(), request.getListenersList(), name))
            .clearRoutes()
            .addAllRoutes(renamed(RouteConfiguration.parser(), request.getRoutesList(), name))
            .build(),
        seen.endpoints());
  }

  private static List<ByteString> renamed(
      Parser<? extends Message> parser, List<ByteString> resources, String name) {
    List<ByteString> renamed = new ArrayList<>();
    for (ByteString bytes : resources) {
      Message resource = Named.readIfPossible(parser, bytes).orElseThrow();
      renamed.add(
          KnownTypes.everywhere(resource, message -> withName(message, name)).toByteString());
    }
    return renamed;
  }

  private static Message withName(Message message, String name) {
    Message.Builder builder = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getValue() instanceof String text && text.startsWith(USUAL)) {
        builder.setField(field.getKey(), text.replace(USUAL, name));
      }
    }
    return builder.build();
  }
}
