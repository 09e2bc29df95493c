package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Subset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name says all of a subset, and only such names are read. */
class SubsetResourceTest {
  private static final Subset SUBSET =
      new Subset(new TreeMap<>(Map.of("example.com/zone", "a", "empty", "")));
  private static final PoolRef QWEN = new PoolRef(PoolRef.V1, "default", "qwen");
  private static final PoolRef NEXT = new PoolRef(PoolRef.V1ALPHA2, "other", "next.2");

  @Test
  void theNameIsReadBack() {
    SubsetResource pods = new SubsetResource("", List.of(QWEN), SUBSET);
    assertThat(SubsetResource.endpoints(QWEN, Optional.of(SUBSET)))
        .isEqualTo(pods.name())
        .isEqualTo("subset;;inference.networking.k8s.io/default/qwen;empty=,example.com/zone=a");
    assertThat(SubsetResource.parse(pods.name())).contains(pods);
    SubsetResource hint =
        new SubsetResource("", List.of(QWEN, NEXT), SUBSET).hintIn("default/inference/llm");
    assertThat(SubsetResource.parse(hint.name())).contains(hint);
    assertThat(hint.socket())
        .isEqualTo(XdsNames.socket(XdsNames.largeBodies("default/inference/llm")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "subset",
        "inferencepool/inference.networking.k8s.io/default/qwen",
        "subset;;g/n/p;",
        "subset;;g/n/p;a",
        "subset;;g/n/p;=a",
        "subset;;g/n;a=b",
        "subset;../../etc;g/n/p;a=b",
        "subset;0123456789ABCDEF0123456789ABCDEF;g/n/p;a=b",
        "subset;;g/n/p;a=b;c"
      })
  void otherNamesAreNone(String name) {
    assertThat(SubsetResource.parse(name)).isEmpty();
  }
}
