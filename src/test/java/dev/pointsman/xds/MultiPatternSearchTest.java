package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.pointsman.wire.MultiPatternSearch;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Finding out that a message says nothing of models and pools, without decoding it. */
class MultiPatternSearchTest {
  private static final MultiPatternSearch MODEL = new MultiPatternSearch("x-gateway-model-name");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-gateway-model-name",
        "X-Gateway-Model-Name",
        "X-GATEWAY-MODEL-NAME",
        "before x-gateway-model-name",
        "x-gateway-model-name after",
        "x-gateway-x-gateway-model-name",
        "x-gateway-model-nam x-gateway-model-name"
      })
  void findsTheTextInAnyCaseAnywhere(String text) {
    assertThat(MODEL.in(ByteString.copyFromUtf8(text))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "x-gateway-model-nam",
        "-gateway-model-name",
        "x_gateway_model_name",
        "x-gateway-model-namf",
        "x-gateway-model name",
        "äöü€"
      })
  void doesNotFindWhatIsNotThere(String text) {
    assertThat(MODEL.in(ByteString.copyFromUtf8(text))).isFalse();
  }

  @Test
  void findsAHeaderInARoute() {
    Route.Builder route = Route.newBuilder();
    assertThat(MODEL.in(route.build().toByteString())).isFalse();
    route.getMatchBuilder().addHeadersBuilder().setName("X-Gateway-Model-Name");
    assertThat(MODEL.in(route.build().toByteString())).isTrue();
  }

  @Test
  void findsTheTextAcrossTheSeamOfBytesInPieces() {
    ByteString one = ByteString.copyFromUtf8("a".repeat(500) + "x-gateway-mo");
    ByteString other = ByteString.copyFromUtf8("del-name" + "b".repeat(500));
    assertThat(MODEL.in(one.concat(other))).isTrue();
    assertThat(MODEL.in(other.concat(one))).isFalse();
  }

  @Test
  void readsBytesOutsideTheHeapAndPartsOfBytes() {
    ByteString text = ByteString.copyFromUtf8("-- x-gateway-model-name --");
    ByteBuffer direct =
        ByteBuffer.allocateDirect(text.size()).put(text.toByteArray()).flip();
    assertThat(MODEL.in(UnsafeByteOperations.unsafeWrap(direct))).isTrue();
    assertThat(MODEL.in(text.substring(3, 23))).isTrue();
    assertThat(MODEL.in(text.substring(4))).isFalse();
    assertThat(MODEL.in(text.substring(0, 22))).isFalse();
  }

  @Test
  void agreesWithAPlainSearchOnRandomBytes() {
    MultiPatternSearch mention = new MultiPatternSearch("aBa-b");
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(40)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) "abAB-\u0000\u00ff".charAt(random.nextInt(7));
      }
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      assertThat(mention.in(ByteString.copyFrom(bytes)))
          .as("seed %d", seed)
          .isEqualTo(text.toLowerCase(Locale.ROOT).contains("aba-b"));
    }
  }
}
