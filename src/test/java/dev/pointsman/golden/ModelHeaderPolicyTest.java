package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.xds.ResourcePrinter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code model.header} of policies that others than the recorded case have. */
class ModelHeaderPolicyTest {
  private static final GoldenCase CASE = GoldenCase.named("policy-model-header");
  private static final String HEADER = "X-Model";

  /** The case with another name of the header, in its policy and in its routes. */
  private static Seen named(String header) {
    PostTranslateModifyRequest.Builder request = CASE.seen().request().toBuilder();
    for (ExtensionResource.Builder policy :
        request.getPostTranslateContextBuilder().getExtensionResourcesBuilderList()) {
      policy.setUnstructuredBytes(ByteString.copyFromUtf8(policy
          .getUnstructuredBytes()
          .toStringUtf8()
          .replace("\"" + HEADER + "\"", "\"" + header + "\"")));
    }
    List<ByteString> tables = new ArrayList<>();
    for (ByteString bytes : request.getRoutesList()) {
      RouteConfiguration.Builder table =
          Named.readIfPossible(RouteConfiguration.parser(), bytes).orElseThrow().toBuilder();
      table.getVirtualHostsBuilderList().stream()
          .flatMap(host -> host.getRoutesBuilderList().stream())
          .flatMap(route -> route.getMatchBuilder().getHeadersBuilderList().stream())
          .filter(matcher -> matcher.getName().equalsIgnoreCase(HEADER))
          .forEach(matcher -> matcher.setName(header));
      tables.add(table.build().toByteString());
    }
    return new Seen(
        request.clearRoutes().addAllRoutes(tables).build(), CASE.seen().endpoints());
  }

  /** A search for texts of fewer letters never ended. */
  @ParameterizedTest
  @ValueSource(strings = {"m", "XM", "x-m", "X-Models-Name"})
  void everyLengthOfANameIsServed(String header) throws Exception {
    TranslationResult answer = assertTimeoutPreemptively(
        Duration.ofSeconds(30), () -> named(header).answer(CASE.snapshot()));
    assertThat(managers(answer)).contains("\"" + header.toLowerCase(Locale.ROOT) + "\"");
    assertThat(answer.diagnostics())
        .noneMatch(diagnostic -> diagnostic.reason() == Reason.SharedHeader);
    assertThat(routes(answer)).doesNotContain("name: \"" + header + "\"");
  }

  /** The connection manager would remove it from the requests of both. */
  @Test
  void aHeaderOfOneListenerIsNotThatOfItsNeighbour() throws Exception {
    Seen alone = CASE.seen();
    PostTranslateModifyRequest.Builder request = alone.request().toBuilder();
    for (int i = 0; i < request.getRoutesCount(); i++) {
      RouteConfiguration table = Named.readIfPossible(
              RouteConfiguration.parser(), request.getRoutes(i))
          .orElseThrow();
      VirtualHost.Builder other = table.getVirtualHosts(0).toBuilder();
      other
          .setName("another/gateway/llm/other.example.com")
          .clearDomains()
          .addDomains("other.example.com")
          .clearMetadata();
      request.setRoutes(i, table.toBuilder().addVirtualHosts(other).build().toByteString());
    }
    TranslationResult answer = new Seen(request.build(), alone.endpoints()).answer(CASE.snapshot());
    assertThat(answer.diagnostics()).anySatisfy(diagnostic -> {
      assertThat(diagnostic.reason()).isEqualTo(Reason.SharedHeader);
      assertThat(diagnostic.field()).isEqualTo("spec.model.header");
    });
    assertThat(managers(answer)).doesNotContain("\"x-model\"");
    assertThat(routes(answer)).contains("name: \"" + HEADER + "\"");
  }

  private static String managers(TranslationResult answer) throws Exception {
    StringBuilder managers = new StringBuilder();
    for (ByteString bytes : answer.response().getListenersList()) {
      managers.append(new ResourcePrinter().tree(Listener.parseFrom(bytes)));
    }
    return managers.toString();
  }

  private static String routes(TranslationResult answer) throws Exception {
    StringBuilder routes = new StringBuilder();
    for (ByteString bytes : answer.response().getRoutesList()) {
      routes.append(RouteConfiguration.parseFrom(bytes));
    }
    return routes.toString();
  }
}
