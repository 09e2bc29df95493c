package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopSecretTest {
  private static final LoopSecret SECRET = secret("a private key");

  @Test
  void tokenHas128Bits() {
    assertThat(SECRET.token("a")).matches("[0-9a-f]{32}");
  }

  @Test
  void oneKeyGivesTheSameTokens() {
    assertThat(secret("a private key").token("a", "b")).isEqualTo(SECRET.token("a", "b"));
    assertThat(secret("another").token("a", "b")).isNotEqualTo(SECRET.token("a", "b"));
  }

  /** Namespaces, hosts and models are the users': where one name ends must not be theirs to say. */
  @Test
  void namesDoNotRunIntoEachOther() {
    assertThat(List.of(
            SECRET.token("a", "b"),
            SECRET.token("ab"),
            SECRET.token("a", "b", ""),
            SECRET.token("", "a", "b"),
            SECRET.token("a\0b"),
            SECRET.token("a/b")))
        .doesNotHaveDuplicates();
  }

  @Test
  void placesDiffer() {
    LoopTokens tokens = new LoopTokens(SECRET, "table", "host");
    assertThat(List.of(
            tokens.route("route"),
            tokens.route("other"),
            new LoopTokens(SECRET, "table", "other").route("route"),
            new LoopTokens(SECRET, "other", "host").route("route"),
            LoopTokens.mirror(SECRET, "route")))
        .doesNotHaveDuplicates();
  }

  @Test
  void keyIsNotPrinted() {
    assertThat(SECRET).hasToString("LoopSecret");
  }

  private static LoopSecret secret(String key) {
    return LoopSecret.derivedFrom(key.getBytes(StandardCharsets.UTF_8));
  }
}
