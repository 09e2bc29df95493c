package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Subset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name says all of a subset, and only such names are read. */
class SubsetResourceTest {
  private static final Subset SUBSET =
      new Subset("default", new TreeMap<>(Map.of("example.com/zone", "a", "empty", "")));
  private static final PoolRef QWEN = new PoolRef(PoolRef.V1, "default", "qwen");
  private static final PoolRef NEXT = new PoolRef(PoolRef.V1ALPHA2, "other", "next.2");

  @Test
  void theNameIsReadBack() {
    SubsetResource pods = new SubsetResource("", List.of(QWEN), SUBSET);
    assertThat(SubsetResource.endpoints(QWEN, Optional.of(SUBSET)))
        .isEqualTo(pods.name())
        .isEqualTo(
            "subset;default;;inference.networking.k8s.io/default/qwen;empty=,example.com/zone=a");
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
        "subset;d;;POOL;",
        "subset;d;;POOL;a",
        "subset;d;;POOL;=a",
        "subset;;;POOL;a=b",
        "subset;d;;g/n/p;a=b",
        "subset;d;;POOL/n;a=b",
        "subset;d;;POOL,POOL;a=b",
        "subset;d;;POOL,;a=b",
        "subset;d;../../etc;POOL;a=b",
        "subset;d;0123456789ABCDEF0123456789ABCDEF;POOL;a=b",
        "subset;d;;POOL;a=b;c"
      })
  void otherNamesAreNone(String name) {
    String pool = PoolRef.V1 + "/default/qwen";
    assertThat(SubsetResource.parse("subset;d;;" + pool + ";a=b")).isPresent();
    assertThat(SubsetResource.parse(name.replace("POOL", pool))).isEmpty();
  }

  /** Each part is as long as Kubernetes and the policy allow, and one more of a part is none of ours. */
  @Test
  void theLongestNameIsReadBack() {
    SubsetResource longest = resource(16, 8);
    assertThat(SubsetResource.parse(longest.name())).contains(longest);
    assertThat(longest.name().length()).isLessThan(9_000);
    assertThat(SubsetResource.parse(resource(17, 8).name())).isEmpty();
    assertThat(SubsetResource.parse(resource(16, 9).name())).isEmpty();
  }

  private static SubsetResource resource(int pools, int labels) {
    TreeMap<String, String> values = new TreeMap<>();
    for (int i = 0; i < labels; i++) {
      values.put(i + "x".repeat(252) + "/" + "x".repeat(63), "x".repeat(63));
    }
    return new SubsetResource(
        "0123456789abcdef0123456789abcdef",
        IntStream.range(10, 10 + pools)
            .mapToObj(i -> new PoolRef(PoolRef.V1ALPHA2, "n".repeat(63), i + "x".repeat(251)))
            .toList(),
        new Subset("n".repeat(63), values));
  }
}
