package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ObjectRef;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers and the Gateways that a translation reports beside its answer. */
class SummaryTest {
  static Stream<GoldenCase> cases() {
    return GoldenCase.all().filter(golden -> !golden.requests().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void countsTheListenersAndRouteConfigurationsThatDiffer(GoldenCase golden) {
    PostTranslateModifyRequest request = golden.seen().request();
    TranslationResult result = golden.answer();
    assertThat(result.summary().listeners())
        .isEqualTo(different(request.getListenersList(), result.response().getListenersList()));
    assertThat(result.summary().routeConfigurations())
        .isEqualTo(different(request.getRoutesList(), result.response().getRoutesList()));
  }

  @Test
  void namesTheGatewayUnderXdsNamesV2() {
    assertThat(GoldenCase.named("xds-names-v2").answer().gateways())
        .isEqualTo(Set.of(new ObjectRef("Gateway", "default", "inference-gateway")));
  }

  private static int different(List<ByteString> before, List<ByteString> after) {
    return (int) IntStream.range(0, before.size())
        .filter(i -> !before.get(i).equals(after.get(i)))
        .count();
  }
}
